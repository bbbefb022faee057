// A match as one page knows it: the server's document, what was said, what is the reader's own. Pure.
//
// The document is sent anew with each change and the one with the highest `rev` counts, so the order in which things
// arrive does not matter. Progress comes beside it, more often, and may be lost: the next document has it again.
import type { Duel, DuelLine, DuelOpened, DuelPlayer, DuelProgress, DuelVerdict } from '../shapes.ts';
import { applyVerdict, fromSubmissions, losePending, type Job } from './jobs.ts';

export interface Match {
  readonly duel: Duel;
  readonly lines: readonly DuelLine[];
  /** What the reader has tried and submitted in this round, the oldest first. */
  readonly jobs: readonly Job[];
}

/** As the server keeps them. */
const MOST_LINES = 50;

/** The answer of `duel_open`, which knows better than everything before it. */
export function opened(before: Match | null, answer: DuelOpened): Match {
  const known = before?.duel.id === answer.duel.id ? before : null;
  const duel = known && known.duel.rev > answer.duel.rev ? known.duel : answer.duel;
  const kept = known && known.duel.round?.number === duel.round?.number ? losePending(known.jobs) : [];
  return { duel, lines: answer.lines, jobs: fromSubmissions(kept, answer.mine?.submissions ?? []) };
}

export function withDuel(match: Match, duel: Duel): Match {
  if (duel.id !== match.duel.id || duel.rev <= match.duel.rev) return match;
  const sameRound = duel.round?.number === match.duel.round?.number;
  return { ...match, duel, jobs: sameRound ? match.jobs : [] };
}

export function withProgress(match: Match, progress: DuelProgress): Match {
  const { duel } = match;
  if (progress.duel !== duel.id || progress.round !== duel.round?.number) return match;
  const at = duel.players.findIndex((player) => player.account.id === progress.player);
  if (at < 0) return match;
  return { ...match, duel: { ...duel, players: duel.players.with(at, { ...duel.players[at]!, progress }) } };
}

/** What a player has pressed, until the next document says what came of it. */
export function withFlag(match: Match, account: number | null, flag: 'ready' | 'records' | 'rematch' | 'abort', on: boolean): Match {
  const { duel } = match;
  const at = duel.players.findIndex((player) => player.account.id === account);
  return at < 0 ? match : { ...match, duel: { ...duel, players: duel.players.with(at, { ...duel.players[at]!, [flag]: on }) } };
}

/** A line may be in the answer of `duel_open` and come as an event, too. */
export function withLine(match: Match, line: DuelLine): Match {
  const known = match.lines.some((other) => other.at === line.at && other.by.id === line.by.id && other.text === line.text);
  if (line.duel !== match.duel.id || known) return match;
  return { ...match, lines: [...match.lines, line].slice(-MOST_LINES) };
}

export function withVerdict(match: Match, told: DuelVerdict): Match {
  if (told.duel !== match.duel.id || told.round !== match.duel.round?.number) return match;
  return { ...match, jobs: applyVerdict(match.jobs, told) };
}

export function playerOf(duel: Duel, account: number | null): DuelPlayer | null {
  return duel.players.find((player) => player.account.id === account) ?? null;
}

/** Everybody else who plays, in the order of the document. */
export function opponentsOf(duel: Duel, account: number | null): readonly DuelPlayer[] {
  return duel.players.filter((player) => player.account.id !== account);
}

export function nameIn(duel: Duel, account: number | null): string {
  return playerOf(duel, account)?.account.name ?? 'Somebody';
}

/** Null where nobody has won. */
export function winnerIn(duel: Duel, winner: number | null): string | null {
  return winner === null ? null : nameIn(duel, winner);
}

/** How many rounds win the match. */
export function neededToWin(duel: Duel): number {
  return Math.floor(duel.rounds / 2) + 1;
}

/** Whether what is in the editor can be tried and submitted now. */
export function mayWrite(duel: Duel, account: number | null): boolean {
  const player = playerOf(duel, account);
  return player !== null && player.presence !== 'forfeited' && duel.phase === 'running';
}

/** Whether leaving the page would cost something: a clock runs. */
export function isUnderWay(duel: Duel): boolean {
  return duel.phase === 'countdown' || duel.phase === 'running' || duel.phase === 'judging' || duel.phase === 'pause';
}

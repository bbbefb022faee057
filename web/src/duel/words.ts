// The words of duels. Pure.
import type {
  Duel, DuelActivity, DuelEnding, DuelMode, DuelPlayer, DuelRoundEnding, DuelSignature, DuelUnranked, Language, Rank, Verdict,
} from '../shapes.ts';
import { firstFailing, type Job } from './jobs.ts';

export const MODES: Record<DuelMode, { readonly name: string; readonly about: string }> = {
  fastest: { name: 'Fastest', about: 'The first right program wins the round.' },
  shortest: { name: 'Shortest', about: 'The right program with the fewest characters wins the round.' },
  reverse: { name: 'Reverse', about: 'No task is told: find out from the examples what the function does. The first right program wins.' },
};

export const LANGUAGES: Record<Language, string> = { javascript: 'JavaScript', python: 'Python' };

export const RANKS: Record<Rank, string> = { bronze: 'Bronze', silver: 'Silver', gold: 'Gold', platinum: 'Platinum' };

/** A verdict as a heading. */
export const VERDICTS: Record<Verdict, string> = {
  AC: 'Accepted',
  WA: 'Wrong answer',
  TLE: 'Too slow',
  MLE: 'Too much memory',
  OLE: 'Too much output',
  RE: 'It crashed',
  CE: 'It does not compile',
  ILE: 'It waits for something that never comes',
  IE: 'Our fault',
  SKIPPED: 'Replaced by a newer one',
  SHOWN: 'Done',
};

/** "Best of 3 · 10 min each · Python". */
export function termsInWords({ rounds, minutes, language }: { rounds: number; minutes: number; language: Language | null }): string {
  const length = rounds === 1 ? `One round of ${minutes} min` : `Best of ${rounds} · ${minutes} min each`;
  return `${length} · ${language ? LANGUAGES[language] : 'any language'}`;
}

/** `longest_run(xs: int[], k: int) → int`, in the notation of the problems. */
export function signatureInWords({ name, arguments: args, returns }: DuelSignature): string {
  return `${name}(${args.map((arg) => `${arg.name}: ${arg.type}`).join(', ')}) → ${returns}`;
}

export function activityInWords(activity: DuelActivity): string {
  return { idle: 'thinks', typing: 'is typing', running: 'tries something', judged: 'is being judged', solved: 'has solved it' }[activity];
}

/** What others may know of somebody's round, as one sentence for the ear. */
export function progressInWords({ account, presence, progress }: DuelPlayer): string {
  if (presence === 'forfeited') return `${account.name} has given up.`;
  const { activity, passed, total, verdict, submits } = progress;
  const tests = submits > 0 && total > 0 ? `, ${passed} of ${total} tests` : '';
  const judged = verdict && activity !== 'judged' && activity !== 'solved' ? `, last: ${VERDICTS[verdict].toLocaleLowerCase()}` : '';
  return `${account.name} ${presence === 'away' ? 'is away' : activityInWords(activity)}${tests}${judged}.`;
}

/** What others have done that is worth an interruption: a verdict, going, coming back. */
export function spokenOfOthers(before: Duel, after: Duel, me: number | null): string | null {
  const changed = after.players.filter((player) => {
    const was = before.players.find(({ account }) => account.id === player.account.id);
    if (!was || player.account.id === me) return false;
    const isJudged = player.progress.verdict !== null && player.progress.round === was.progress.round && (was.progress.verdict === null || was.progress.submits !== player.progress.submits);
    return isJudged || was.presence !== player.presence;
  });
  return changed.map((player) => (player.presence === 'here' ? progressInWords(player) : `${player.account.name} ${player.presence === 'away' ? 'is away' : 'has given up'}.`)).join(' ') || null;
}

/** What became of a program, as a heading. */
export function jobTitle(job: Job): string {
  const what = job.kind === 'run' ? 'Run' : 'Submission';
  switch (job.phase) {
    case 'queued':
      return job.position > 0 ? `${what}: ${job.position} ${job.position === 1 ? 'waits' : 'wait'} before it` : `${what}: waiting for the judge`;
    case 'started':
      return job.tests.length === 0 ? `${what}: starting` : `${what}: test ${job.tests.length}`;
    case 'lost':
      return 'The connection was gone while it ran. Run it again.';
    case 'done':
      if (job.verdict === 'SHOWN') return 'Run: done';
      return `${what}: ${VERDICTS[job.verdict!].toLocaleLowerCase()}`;
  }
}

/** And in one or two sentences: what it means and what to look at. */
export function jobDetail(job: Job): string {
  if (job.phase !== 'done' || job.verdict === null) return '';
  const tests = job.total > 0 ? `${job.passed} of ${job.total} ${job.kind === 'run' ? 'examples' : 'tests'} passed.` : '';
  const failing = firstFailing(job);
  const where = failing && job.verdict !== 'CE' ? `The first that did not: ${job.kind === 'run' ? 'example' : 'test'} ${failing.number}.` : '';
  const line = job.error?.line ? `Look at line ${job.error.line}.` : '';
  switch (job.verdict) {
    case 'AC':
      return tests;
    case 'IE':
      return 'The judge failed, not your program. It counts for nobody, and the time is given back.';
    case 'SKIPPED':
      return 'A newer one of yours took its place.';
    case 'CE':
      return line;
    case 'TLE':
      return join(tests, where, 'All tests together took more CPU time than is allowed.');
    case 'OLE':
      return join(tests, where, 'It printed more than is kept.');
    default:
      return join(tests, where, line);
  }
}

/** For a screen reader, once it is judged. */
export function jobSpoken(job: Job): string {
  return join(`${jobTitle(job)}.`, jobDetail(job));
}

export function roundEnding(reason: DuelRoundEnding, winner: string | null, mode: DuelMode): string {
  if (reason === 'void') return 'The round does not count: something went wrong on our side. Another one is played.';
  if (winner === null) return reason === 'time_up' ? 'Time is up, and nobody was ahead: a draw.' : 'A draw.';
  switch (reason) {
    case 'solved':
      return mode === 'shortest' ? `${winner} has the shortest program.` : `${winner} was the first to solve it.`;
    case 'time_up':
      return `Time is up. ${winner} passed the most tests, or the same with fewer tries.`;
    case 'forfeit':
      return `${winner} was the only one left.`;
  }
}

export function ending(reason: DuelEnding, winner: string | null): string {
  switch (reason) {
    case 'won':
      return `${winner ?? 'Somebody'} has won the duel`;
    case 'draw':
      return 'A draw';
    case 'forfeit':
      return winner ? `${winner} has won: the others gave up` : 'Everybody gave up';
    case 'aborted':
      return 'All agreed to end it';
    case 'deserted':
      return 'Nobody came back';
    case 'cancelled':
      return 'It never began';
    case 'fault':
      return 'The duel was broken off by a fault of ours';
  }
}

/** The same in a list, where it says more than who has won. */
export function endingNote(reason: DuelEnding): string | null {
  switch (reason) {
    case 'won':
    case 'draw':
      return null;
    case 'forfeit':
      return 'by giving up';
    case 'aborted':
      return 'ended by all';
    case 'deserted':
      return 'nobody came back';
    case 'cancelled':
      return 'never began';
    case 'fault':
      return 'a fault of ours';
  }
}

export function unrankedInWords(why: DuelUnranked): string {
  switch (why) {
    case 'void':
      return 'It counts for nobody: no points were moved.';
    case 'guest':
      return 'No points were moved: a guest played.';
    case 'too_often':
      return 'No points were moved: this winner has won against the same player too often today.';
  }
}

/** "+12" and "−3"; a true minus sign, and a number even for nothing. */
export function signed(change: number): string {
  const size = Math.round(Math.abs(change));
  return size === 0 ? '±0' : `${change > 0 ? '+' : '−'}${size}`;
}

function join(...sentences: readonly string[]): string {
  return sentences.filter(Boolean).join(' ');
}

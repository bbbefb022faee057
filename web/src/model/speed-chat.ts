// A speed chat as people follow it: which round, until when, what comes next. Pure; `now` is the server's.
import type { SpeedChat } from '../shapes.ts';

export type SpeedChatView =
  | { readonly phase: 'none' }
  | { readonly phase: 'soon'; readonly rounds: number; readonly minutes: number; readonly beginsAt: number }
  | { readonly phase: 'round'; readonly round: number; readonly rounds: number; readonly minutes: number; readonly endsAt: number };

/** The last seconds of a round are shown so that nobody misses them. */
export const LAST_MS = 10_000;

export function viewSpeedChat(chat: SpeedChat | null | undefined): SpeedChatView {
  if (!chat || chat.ending !== null || chat.next_at === null) return { phase: 'none' };
  const { round, rounds, minutes } = chat;
  const nextAt = Date.parse(chat.next_at);
  return round === 0 ? { phase: 'soon', rounds, minutes, beginsAt: nextAt } : { phase: 'round', round, rounds, minutes, endsAt: nextAt };
}

export function comesNext(view: SpeedChatView): string {
  switch (view.phase) {
    case 'none':
      return '';
    case 'soon':
      return `${roundsInWords(view.rounds)} of ${view.minutes === 1 ? 'one minute' : `${view.minutes} minutes`}, each with somebody else.`;
    case 'round':
      return view.round < view.rounds ? `Then round ${view.round + 1}, with somebody else.` : 'This is the last round.';
  }
}

export function roundsInWords(rounds: number): string {
  return rounds === 1 ? 'One round' : `${rounds} rounds`;
}

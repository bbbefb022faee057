// Where the reader is in a lobby, and what is known of the lobbies that were looked at. `sync/lobby.ts` alone writes it.
// It holds no rule, so that the first screen need not load them.
import { create } from 'zustand';
import type { LobbyState } from '../model/lobby.ts';
import type { Crowd } from '../shapes.ts';

interface LobbyStore {
  readonly state: LobbyState;
  /** The call that is on its way. */
  readonly busy: 'enter' | 'leave' | 'next' | 'keep' | null;
  /** How many wait and which speed chat runs, for each group. */
  readonly crowds: Readonly<Record<number, Crowd>>;
  /** Lines that came while nobody looked. */
  readonly unseen: number;
  /** A notification was asked for. */
  readonly notify: boolean;
}

const NOWHERE: LobbyStore = { state: { at: 'outside', group: null, parting: null }, busy: null, crowds: {}, unseen: 0, notify: false };

export const useLobby = create<LobbyStore>()(() => NOWHERE);

export function resetLobby(): void {
  useLobby.setState(NOWHERE);
}

/** It has been told; the lobby opens with its one button the next time. */
export function forgetParting(): void {
  useLobby.setState(({ state }) => (state.at === 'outside' ? { state: { ...state, parting: null } } : {}));
}

export function setCrowd(crowd: Crowd): void {
  useLobby.setState(({ crowds }) => ({ crowds: { ...crowds, [crowd.group]: crowd } }));
}

/** What a tab remembers over a reload; what was said is not in it. */
export interface LobbyMark {
  readonly group: number;
  /** The room that was confirmed. */
  readonly started: number | null;
}

const MARK = 'parlor.lobby.here';
/** A place is kept for 20 seconds; a page that is opened anew much later must not put anybody back into a lobby. */
const MARK_LASTS_MS = 60_000;

export function leaveLobbyMark(): void {
  const { state } = useLobby.getState();
  if (state.at === 'outside') return;
  const started = state.at === 'room' && state.room.phase === 'talking' ? state.room.id : null;
  try {
    sessionStorage.setItem(MARK, JSON.stringify({ group: state.group, started, at: Date.now() }));
  } catch {
    // Without it a reload leaves the lobby.
  }
}

export function takeLobbyMark(): LobbyMark | null {
  try {
    const mark = JSON.parse(sessionStorage.getItem(MARK) ?? 'null') as (LobbyMark & { at: number }) | null;
    sessionStorage.removeItem(MARK);
    return mark && Date.now() - mark.at < MARK_LASTS_MS ? mark : null;
  } catch {
    return null;
  }
}

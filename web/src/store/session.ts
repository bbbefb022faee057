// Who is signed in, and what is known of the server. Screens read it; `sync/session.ts` alone writes it.
import { create } from 'zustand';
import type { Account, Server } from '../shapes.ts';

export type SessionStatus =
  /** Asked, not answered. */
  | 'unknown'
  | 'signed_out'
  | 'signed_in'
  /** It ended while the page was open: the page stays, a sheet asks to sign in again. */
  | 'expired'
  /** The first question could not be asked at all. */
  | 'unreachable';

interface SessionState {
  readonly status: SessionStatus;
  readonly account: Account | null;
  readonly admin: boolean;
  readonly server: Server | null;
}

export const useSession = create<SessionState>()(() => ({ status: 'unknown', account: null, admin: false, server: null }));

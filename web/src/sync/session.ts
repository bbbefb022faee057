// Signing in, staying signed in, signing out, and noticing that it ended.
import { api, onSignedOut } from '../api.ts';
import { Failure } from '../failure.ts';
import type { Account, SignedIn } from '../shapes.ts';
import { forgetDrafts, loadDrafts } from '../store/drafts.ts';
import { takeLobbyMark } from '../store/lobby.ts';
import { useSession } from '../store/session.ts';
import { forgetUploads } from '../uploads/store.ts';
import { enterGroup, flushDeletes, pauseChat, retryNow, setOwnAccount, startChat, stopChat } from './chat.ts';

/** Once, when the page is loaded. */
export async function boot(): Promise<void> {
  onSignedOut(expired);
  window.addEventListener('online', retryNow);
  window.addEventListener('pagehide', flushDeletes);
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && retryNow());
  void loadServer();
  await resume();
}

export async function loadServer(): Promise<void> {
  try {
    useSession.setState({ server: await api.server() });
  } catch {
    // The welcome screen does without the name; every form still says what is wrong.
  }
}

/** Asks who we are and carries on from there. */
export async function resume(): Promise<void> {
  try {
    const me = await api.me();
    const { account: before } = useSession.getState();
    if (before && before.id !== me.account.id) {
      // Somebody else: nothing of the one before may stay in memory.
      location.assign('/');
      return;
    }
    loadDrafts(me.account.id);
    setOwnAccount(me.account);
    startChat(me, () => void checkSession());
    useSession.setState({ status: 'signed_in', account: me.account, admin: me.admin });
    const mark = takeLobbyMark();
    if (mark) void import('./lobby.ts').then((lobby) => lobby.comeBack(mark));
  } catch (error) {
    const ended = error instanceof Failure && error.code === 'unauthorized';
    if (ended) useSession.setState(({ account }) => ({ status: account ? 'expired' : 'signed_out' }));
    else if (useSession.getState().status === 'unknown') useSession.setState({ status: 'unreachable' });
  }
}

export async function entered(answer: SignedIn): Promise<void> {
  await resume();
  if (useSession.getState().status !== 'signed_in') throw new Failure('unavailable', '');
  // A guest's group may be younger than the list that came with `/me`.
  if (answer.group) enterGroup(answer.group, 'guest');
}

/** The socket was refused or closed: has the session ended, or only the connection? */
async function checkSession(): Promise<void> {
  if (useSession.getState().status !== 'signed_in') return;
  try {
    const me = await api.me();
    startChat(me, () => void checkSession());
  } catch (error) {
    if (error instanceof Failure && error.code === 'unauthorized') expired();
  }
}

function expired(): void {
  if (useSession.getState().status !== 'signed_in') return;
  pauseChat();
  useSession.setState({ status: 'expired' });
}

export async function signOut(everywhere: boolean): Promise<void> {
  if (everywhere) await api.signOutEverywhere();
  else await api.signOut().catch((error: unknown) => {
    // Already ended on the server: then it is done.
    if (!(error instanceof Failure) || error.code !== 'unauthorized') throw error;
  });
  leave();
}

/** After a session ended that cannot be taken up again: start from the door. */
export function leave(): void {
  stopChat(true);
  forgetDrafts();
  forgetUploads();
  useSession.setState({ status: 'signed_out', account: null, admin: false });
}

export async function rename(displayName: string): Promise<void> {
  const { account } = await api.rename(displayName);
  keepAccount(account);
}

function keepAccount(account: Account): void {
  setOwnAccount(account);
  useSession.setState({ account });
}

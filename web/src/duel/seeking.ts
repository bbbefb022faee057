// The conductor of the search for an opponent. Seeking ends with the socket, so a new one seeks again by itself.
import { inWords } from '../failure.ts';
import type { DuelChallenge, DuelSeek } from '../shapes.ts';
import { noteFound, useDuels } from '../store/duels.ts';
import { toast } from '../store/toasts.ts';
import { connection, hearDuels } from '../sync/chat.ts';

hearDuels({
  told: () => {},
  opened: () => {
    const { seek } = useDuels.getState();
    if (seek) void seekOpponent(seek.wish);
  },
  lost: () => {},
});

/** A second time changes what is sought. */
export async function seekOpponent(wish: DuelSeek): Promise<void> {
  try {
    const { since, duel } = await connection().call('duel_seek', wish);
    if (duel !== null) noteFound({ duel, by: 'seek' });
    else if (since !== null) useDuels.setState({ seek: { wish, since: Date.parse(since) } });
  } catch (error) {
    useDuels.setState({ seek: null });
    toast(`You seek nobody. ${inWords(error)}`, { tone: 'error' });
  }
}

export async function stopSeeking(): Promise<void> {
  useDuels.setState({ seek: null });
  // If this does not reach the server, the socket is gone, and with it the search.
  await connection().call('duel_seek_cancel', {}).catch(() => {});
}

/** Answers with its id. Refusals are the form's to tell. */
export async function challenge(terms: DuelChallenge): Promise<number> {
  const { duel } = await connection().call('duel_challenge', terms);
  return duel.id;
}

// What a group watches, kept from its log: the mirror of `Watch::apply` in `crates/core/src/watch.rs`. Pure; the server
// has decided already, so nothing is checked here but the order.
import type { Event, PlayerChange, PlayState, Watch } from '../shapes.ts';

export type PlayerEvent = Event & { readonly type: 'player' };

/** The state after an event of its group; one that is in it already changes nothing. */
export function applyEvent(watch: Watch, event: Event): Watch {
  if (event.group !== watch.group || event.epoch !== watch.epoch || event.seq <= watch.head) return watch;
  const next = { ...watch, head: event.seq };
  return event.type === 'player' ? applyChange(next, event.data) : next;
}

export function applyChange(watch: Watch, data: PlayerChange): Watch {
  switch (data.change) {
    case 'loaded':
      return { ...putOn(watch, data.play), item: data.item };
    case 'advanced': {
      const entry = watch.queue.find(({ item }) => item.id === data.play.item);
      return { ...putOn(watch, data.play), item: entry?.item ?? null, queue: watch.queue.filter((other) => other !== entry) };
    }
    case 'played': {
      const leaves = data.reason === 'skip' || data.reason === 'end' || data.reason === 'next';
      return { ...watch, play: data.play, skip_votes: leaves ? [] : watch.skip_votes };
    }
    case 'waited':
      return { ...watch, play: data.play };
    case 'added':
      return { ...watch, queue: [...watch.queue, { item: data.item, votes: [] }] };
    case 'removed':
      return { ...watch, queue: watch.queue.filter(({ item }) => item.id !== data.item) };
    case 'moved':
      return { ...watch, queue: moved(watch.queue, data.item, data.before) };
    case 'voted': {
      const vote = ({ item, votes }: Watch['queue'][number]) => ({ item, votes: item.id === data.item ? withVote(votes, data.by, data.on) : votes });
      return { ...watch, queue: watch.queue.map(vote) };
    }
    case 'skip_voted':
      return { ...watch, skip_votes: withVote(watch.skip_votes, data.by, data.on) };
    case 'measured':
      return { ...watch, item: watch.item && { ...watch.item, length_ms: data.length_ms } };
    case 'handed_over':
      return { ...watch, host: data.to };
    case 'control_set':
      return { ...watch, control: data.control, host: data.host };
  }
}

/** What a change says of the player, if it moves it. */
export function playOf(data: PlayerChange): PlayState | null {
  return 'play' in data ? data.play : null;
}

function putOn(watch: Watch, play: PlayState): Watch {
  return { ...watch, play, item_since: play.rev, skip_votes: [] };
}

function moved(queue: Watch['queue'], id: number, before: number | null): Watch['queue'] {
  const entry = queue.find(({ item }) => item.id === id);
  if (!entry || before === id) return queue;
  const others = queue.filter((other) => other !== entry);
  const at = before === null ? others.length : others.findIndex(({ item }) => item.id === before);
  return at < 0 ? queue : others.toSpliced(at, 0, entry);
}

function withVote(votes: readonly number[], by: number, on: boolean): number[] {
  const others = votes.filter((id) => id !== by);
  return on ? [...others, by].sort((a, b) => a - b) : others;
}

/** The queue in the order in which it will be watched: by votes where votes decide, else as listed. */
export function inOrder(watch: Watch): Watch['queue'] {
  if (watch.control.queue !== 'vote') return watch.queue;
  return watch.queue.toSorted((a, b) => b.votes.length - a.votes.length);
}

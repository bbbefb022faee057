// At which second of what was something said? The player's changes lie in the same log as the messages, so the answer is
// the last change before a message, carried on to the moment of the message. Pure.
//
// The time of a message is the server's time of day, that of the player its media clock, which began as that and is never
// set: they differ only where the server's clock was corrected while it ran.
import type { Event, PlayState, Watch, WatchItem } from '../shapes.ts';
import { indexOfSeq } from '../model/log.ts';
import { playOf } from './apply.ts';
import { positionAt } from './sync/state.ts';

/** From a place in the log on: what played, and how. */
export interface Mark {
  readonly seq: number;
  readonly item: WatchItem | null;
  readonly play: PlayState;
}

/** In the order of the log; the first one may be where knowledge begins. */
export type Course = readonly Mark[];

export interface Stamp {
  readonly item: WatchItem;
  readonly positionMs: number;
}

/** The course from the events of a log. `queue` names what may have been added before they begin. */
export function courseOf(events: readonly Event[], known: readonly WatchItem[] = []): Course {
  const items = new Map(known.map((item) => [item.id, item]));
  const course: Mark[] = [];
  for (const event of events) {
    if (event.type !== 'player') continue;
    const { data } = event;
    if (data.change === 'loaded' || data.change === 'added') items.set(data.item.id, data.item);
    const play = playOf(data);
    if (play) course.push({ seq: event.seq, play, item: play.item === null ? null : (items.get(play.item) ?? null) });
  }
  return course;
}

/** The course with what a state says from its position on; what is older is kept, what is not newer is not doubled. */
export function withState(course: Course, watch: Watch): Course {
  const last = course.at(-1);
  if (last && (last.seq >= watch.head || (last.play.epoch === watch.play.epoch && last.play.rev === watch.play.rev))) return course;
  return [...course, { seq: watch.head, item: watch.item, play: watch.play }];
}

/** Puts an older stretch before what is known. */
export function before(older: Course, course: Course): Course {
  const first = course[0]?.seq ?? Infinity;
  return [...older.filter(({ seq }) => seq < first), ...course];
}

/** The second at which something was said; nothing while nothing was on, or before knowledge begins. */
export function stampOf(course: Course, seq: number, at: number): Stamp | null {
  // The mark before the position; one at the position itself is a change, not a message.
  const mark = course[indexOfSeq(course, seq) - 1];
  if (!mark?.item || mark.play.phase === 'idle' || mark.play.phase === 'ended') return null;
  return { item: mark.item, positionMs: positionAt(mark.play, at, mark.item.length_ms) };
}

// What was said during a film, at the seconds of the film: from the events of the log between its beginning and the next
// one's. Pure.
import type { Author, Event, WatchItem } from '../shapes.ts';
import { courseOf, stampOf } from './course.ts';

export interface Line {
  readonly seq: number;
  readonly by: Author;
  readonly text: string;
  /** Within the item. */
  readonly positionMs: number;
}

/** In the order of the film: who went back and said something there says it there. Deleted messages are not among them. */
export function linesOf(events: readonly Event[], item: WatchItem): readonly Line[] {
  const course = courseOf(events, [item]);
  const lines = new Map<number, Line>();
  for (const event of events) {
    if (event.type === 'message' && !event.data.deleted) {
      const stamp = stampOf(course, event.seq, Date.parse(event.at));
      if (stamp?.item.id === item.id) lines.set(event.seq, { seq: event.seq, by: event.by, text: event.data.text, positionMs: stamp.positionMs });
    } else if (event.type === 'edit') {
      const line = lines.get(event.data.seq);
      if (line) lines.set(line.seq, { ...line, text: event.data.text });
    } else if (event.type === 'delete') {
      lines.delete(event.data.seq);
    }
  }
  return [...lines.values()].sort((a, b) => a.positionMs - b.positionMs || a.seq - b.seq);
}

/** How many of them have been said when the film is at a place. */
export function saidBy(lines: readonly Line[], positionMs: number): number {
  let low = 0;
  let high = lines.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (lines[middle]!.positionMs <= positionMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

// What was watched, and what was said while it was: read from the group's log.
import { api } from '../api.ts';
import type { Event, Watched } from '../shapes.ts';
import { useWatch } from './store.ts';
import { putOlderCourse } from './watching.ts';

const PAGE = 200;
/** Ten thousand events are more than anybody says and does during a film. */
const MOST_PAGES = 50;
/** For the seconds beside messages that are on the screen already, a few pages will do. */
const OLDER_PAGES = 5;

/** Everything from a position of the log on and before another; `null` is its head. Cut where it is too much. */
export async function eventsBetween(group: number, epoch: number, from: number, until: number | null, mostPages = MOST_PAGES): Promise<readonly Event[]> {
  const events: Event[] = [];
  for (let page = 0, after = from - 1; page < mostPages; page++) {
    const answer = await api.events(group, { epoch, seq: after }, PAGE);
    const wanted = answer.events.filter(({ seq }) => until === null || seq < until);
    events.push(...wanted);
    after = wanted.at(-1)?.seq ?? after;
    if (wanted.length < PAGE || after >= answer.head) break;
  }
  return events;
}

/** The course of what is on, from where it was put on. Without it older messages have no second, which is no harm. */
export async function loadOlderCourse(group: number): Promise<void> {
  try {
    const { watched } = await api.watched(group, null);
    const { watch } = useWatch.getState();
    const from = watched[0]?.from;
    if (from === undefined || !watch || watch.group !== group) return;
    putOlderCourse(group, await eventsBetween(group, watch.epoch, from, watch.head + 1, OLDER_PAGES));
  } catch {
    // As said above.
  }
}

/** What was put on there; asked page by page until it is found. */
export async function findWatched(group: number, from: number): Promise<Watched | null> {
  let cursor: string | null = null;
  for (let page = 0; page < MOST_PAGES; page++) {
    const { watched, next } = await api.watched(group, cursor);
    const found = watched.find((one) => one.from === from);
    if (found || next === null) return found ?? null;
    cursor = next;
  }
  return null;
}

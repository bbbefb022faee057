import { expect, test } from 'vitest';
import type { Event, PlayerChange, PlayState, WatchItem } from '../shapes.ts';
import { before, courseOf, stampOf } from './course.ts';
import { linesOf, saidBy } from './lines.ts';

const START = Date.parse('2026-11-20T10:00:00.000Z');
const film: WatchItem = { id: 3, source: 'https://a.example/film.webm', title: 'The film', kind: 'video', length_ms: 60_000, added_by: 1 };
const other: WatchItem = { ...film, id: 4, title: 'Another' };

/** A log in which one thing happens each second. */
class Log {
  readonly events: Event[] = [];
  #rev = 0;

  get #next() {
    const seq = this.events.length + 1;
    return { group: 7, epoch: 1, seq, at: new Date(START + seq * 1_000).toISOString(), by: { id: 1, name: 'Ada' } };
  }

  says(text: string): number {
    const next = this.#next;
    this.events.push({ ...next, type: 'message', data: { text, client_id: text, reply_to: null } });
    return next.seq;
  }

  does(type: 'edit' | 'delete', seq: number): void {
    this.events.push({ ...this.#next, type, data: type === 'edit' ? { seq, text: 'changed' } : { seq } } as Event);
  }

  plays(phase: PlayState['phase'], posMs: number, item: WatchItem, change: 'loaded' | 'played' = 'played'): void {
    const next = this.#next;
    const play: PlayState = { epoch: 1, rev: ++this.#rev, item: item.id, phase, pos_ms: posMs, at_ms: Date.parse(next.at), rate: 1 };
    const data: PlayerChange = change === 'loaded' ? { change, item, play } : { change, play, reason: 'play' };
    this.events.push({ ...next, type: 'player', data });
  }
}

const at = (seq: number) => START + seq * 1_000;

test('a message is at the second at which the player was', () => {
  const log = new Log();
  const early = log.says('before anything is on');
  log.plays('preparing', 0, film, 'loaded');
  const waiting = log.says('while all get ready');
  log.plays('playing', 0, film);
  const first = log.says('one second in');
  log.says('two');
  log.plays('paused', 30_000, film);
  const paused = log.says('while it stands');
  log.plays('playing', 59_000, film);
  log.says('at the end');
  log.says('just at the end');
  const late = log.says('past it');
  log.plays('ended', 60_000, film);
  const over = log.says('afterwards');
  const course = courseOf(log.events);
  const found = [early, waiting, first, paused, late, over].map((seq) => stampOf(course, seq, at(seq))?.positionMs ?? null);
  expect(found).toEqual([null, 0, 1_000, 30_000, 60_000, null]);
});

test('an older stretch comes before what is known, without doubling it', () => {
  const log = new Log();
  log.plays('playing', 0, film, 'loaded');
  log.plays('paused', 5_000, film);
  log.plays('playing', 5_000, film);
  const course = courseOf(log.events.slice(1), [film]);
  expect(before(courseOf(log.events), course)).toEqual(courseOf(log.events));
  expect(before(courseOf([]), course)).toEqual(course);
});

test('what was said is in the order of the film, as it was changed, without what was deleted or belongs to another', () => {
  const log = new Log();
  log.plays('playing', 20_000, film, 'loaded');
  log.says('late in the film');
  log.plays('playing', 0, film);
  const changed = log.says('early in the film');
  const gone = log.says('deleted');
  log.does('edit', changed);
  log.does('delete', gone);
  log.plays('playing', 0, other, 'loaded');
  log.says('of another film');
  const lines = linesOf(log.events, film);
  expect(lines.map(({ text, positionMs }) => [text, positionMs])).toEqual([['changed', 1_000], ['late in the film', 21_000]]);
  expect([0, 999, 1_000, 20_999, 21_000, 1e9].map((ms) => saidBy(lines, ms))).toEqual([0, 0, 1, 1, 2, 2]);
});

test('an item from the queue is known by its entry, which may lie before the first event', () => {
  const log = new Log();
  log.plays('playing', 0, film);
  log.says('there');
  expect(linesOf(log.events, film).map(({ text }) => text)).toEqual(['there']);
});

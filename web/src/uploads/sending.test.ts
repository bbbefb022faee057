import { describe, expect, test } from 'vitest';
import { Failure, type FailureCode } from '../failure.ts';
import type { Upload } from '../shapes.ts';
import { FIRST_PORTION, nextPortion, send, type Ports, type Step } from './sending.ts';

const upload = (id: number): Upload => ({
  id, group: 7, by: { id: 1, username: 'mia', display_name: 'Mia', guest: false }, name: 'a.webm', size: 0, received: 0, ready: true, kind: 'video',
  media_type: 'video/webm', width: null, height: null, thumbnail: false, created_at: '', expires_at: null,
});

/** A server that keeps what comes; `trouble` happens before the calls, by turns. */
class Shelf implements Ports {
  here = 0;
  readonly asked: string[] = [];
  readonly waits: number[] = [];
  trouble: (FailureCode | null)[] = [];
  /** How much of a part that fails comes through nevertheless. */
  kept = 0;
  time = 0;
  readonly #stop: AbortController;

  constructor(stop = new AbortController()) {
    this.#stop = stop;
  }

  announce = () => this.#call('announce', upload(5));
  offset = () => this.#call('offset', this.here);
  show = async (id: number) => upload(id);
  now = () => (this.time += 100);
  wait = async (ms: number) => void this.waits.push(ms);
  append = async (_id: number, from: number, to: number, onSent: (bytes: number) => void) => {
    expect(from).toBe(this.here);
    onSent(Math.floor((to - from) / 2));
    const before = this.here;
    try {
      await this.#call(`append ${from}`, null);
    } catch (error) {
      this.here = before + this.kept;
      throw error;
    }
    return (this.here = to);
  };

  async #call<T>(what: string, answer: T): Promise<T> {
    this.asked.push(what);
    const failure = this.trouble.shift() ?? null;
    if (failure === null) return answer;
    this.#stop.signal.throwIfAborted();
    throw new Failure(failure, '');
  }
}

const MIB = 1024 * 1024;

async function sends(shelf: Shelf, size: number, known: number | null = null, signal = new AbortController().signal) {
  const steps: Step[] = [];
  const found = await send(size, known, shelf, (step) => steps.push(step), signal);
  return { found, steps };
}

describe('a file on its way', () => {
  test('goes in portions that grow while the line is quick', async () => {
    const shelf = new Shelf();
    const { found, steps } = await sends(shelf, 8 * MIB);
    expect(found.id).toBe(5);
    expect(shelf.asked).toEqual(['announce', 'append 0', `append ${MIB}`, `append ${3 * MIB}`, `append ${7 * MIB}`]);
    expect(steps[0]).toEqual({ state: 'announced', upload: 5 });
    expect(steps.at(-1)).toEqual({ state: 'sending', sent: 7.5 * MIB });
  });

  test('asks where it is after a loss, and goes on there', async () => {
    const shelf = new Shelf();
    shelf.trouble = [null, 'offline', 'offline', null];
    shelf.kept = 1_000;
    const { steps } = await sends(shelf, MIB);
    expect(shelf.asked).toEqual(['announce', 'append 0', 'offset', 'offset', 'append 1000']);
    expect(shelf.waits).toEqual([500, 1_000]);
    expect(steps.filter(({ state }) => state === 'away')).toHaveLength(2);
  });

  test('one that was begun before is not announced again', async () => {
    const shelf = new Shelf();
    shelf.here = 400;
    await sends(shelf, 1_000, 9);
    expect(shelf.asked).toEqual(['offset', 'append 400']);
  });

  test('one that is complete only has to be shown', async () => {
    const shelf = new Shelf();
    shelf.here = 1_000;
    expect((await sends(shelf, 1_000, 9)).found.id).toBe(9);
    expect(shelf.asked).toEqual(['offset']);
  });

  test.each(['invalid', 'too_large', 'not_found', 'forbidden', 'unauthorized', 'internal'] as const)('%s is the end', async (code) => {
    const shelf = new Shelf();
    shelf.trouble = [null, code];
    await expect(sends(shelf, 1_000)).rejects.toMatchObject({ code });
    expect(shelf.waits).toEqual([]);
  });

  test('nothing is announced twice: a lost answer may have been a yes', async () => {
    const shelf = new Shelf();
    shelf.trouble = ['no_answer'];
    await expect(sends(shelf, 1_000)).rejects.toMatchObject({ code: 'no_answer' });
    expect(shelf.asked).toEqual(['announce']);
  });

  test('two that fight for one file come to an end', async () => {
    const shelf = new Shelf();
    shelf.trouble = [null, ...Array.from({ length: 40 }, (_, turn) => (turn % 2 === 0 ? ('conflict' as const) : null))];
    await expect(sends(shelf, 1_000)).rejects.toMatchObject({ code: 'conflict' });
  });

  test('a pause ends it at once, without another try', async () => {
    const stop = new AbortController();
    const shelf = new Shelf(stop);
    shelf.trouble = [null, 'offline'];
    stop.abort();
    await expect(sends(shelf, 1_000, null, stop.signal)).rejects.toMatchObject({ name: 'AbortError' });
    expect(shelf.waits).toEqual([]);
  });
});

test('portions follow the line, within bounds', () => {
  expect(nextPortion(MIB, 100)).toBe(2 * MIB);
  expect(nextPortion(16 * MIB, 100)).toBe(16 * MIB);
  expect(nextPortion(4 * MIB, 4_000)).toBe(4 * MIB);
  expect(nextPortion(4 * MIB, 9_000)).toBe(2 * MIB);
  expect(nextPortion(FIRST_PORTION, 90_000)).toBe(FIRST_PORTION);
});

import { describe, expect, test } from 'vitest';
import { AServer, EPOCH } from '../testing/a-server.ts';
import { dice } from '../testing/dice.ts';
import type { Event, OpenGroup, OpenedGroup, Position } from '../shapes.ts';
import { Follower } from './follow.ts';

const ada = { id: 2, name: 'Ada' };

/** A server with a socket that can be cut, that loses events, and that answers `open` as the design says. */
class World {
  readonly server = new AServer();
  readonly applied: Event[] = [];
  readonly restarts: Position[] = [];
  readonly gone: number[] = [];
  opens = 0;
  mostBehind = 1000;
  pageSize = 200;
  subscribed = false;
  refuse: string | null = null;
  connected = false;
  /** What is on its way: delivered in order, one `step` each. */
  readonly wire: (() => void)[] = [];

  readonly follower: Follower = new Follower({
    open: (groups) => this.#answer(() => ({ groups: groups.map((group) => this.#open(group)) })),
    page: (_group, after) =>
      Promise.resolve(
        after.epoch !== this.server.epoch || after.seq > this.server.head
          ? { epoch: this.server.epoch, head: this.server.head, reload: true, events: [] }
          : { epoch: this.server.epoch, head: this.server.head, events: this.server.after(after.seq, this.pageSize) },
      ),
    apply: (event) => this.applied.push(event),
    restart: (_group, position) => {
      this.restarts.push(position);
      this.applied.length = 0;
    },
    gone: (group) => this.gone.push(group),
    later: (_ms, then) => this.wire.push(then),
  });

  #answer<T>(make: () => T): Promise<T> {
    this.opens++;
    return new Promise((resolve, reject) => {
      const wasConnected = this.connected;
      this.wire.push(() => {
        if (!this.connected || !wasConnected) reject(new Error('lost'));
        else resolve(make());
      });
    });
  }

  #open({ id, after }: OpenGroup): OpenedGroup {
    const { epoch, head } = this.server;
    if (this.refuse) return { id, error: { code: this.refuse as never, message: '' } };
    if (after && (after.epoch !== epoch || after.seq > head)) return { id, epoch, head, reload: true };
    if (after && head - after.seq > this.mostBehind) return { id, epoch, head, behind: true };
    this.subscribed = true;
    return { id, epoch, head, events: after ? this.server.after(after.seq, Infinity) : [] };
  }

  connect(): void {
    this.connected = true;
    this.follower.connected();
  }

  cut(): void {
    this.connected = false;
    this.subscribed = false;
    this.wire.length = 0;
    this.follower.lost();
  }

  say(text: string, lost = false): void {
    const { event } = this.server.send(ada, `c${this.server.head}`, text);
    if (this.subscribed && !lost) this.wire.push(() => this.connected && this.follower.event(event));
  }

  async step(): Promise<void> {
    this.wire.shift()?.();
    // Until every promise that this set off has run.
    await new Promise((done) => setImmediate(done));
  }

  async settle(): Promise<void> {
    for (let steps = 0; steps < 10_000 && this.wire.length > 0; steps++) await this.step();
  }

  get seqs(): number[] {
    return this.applied.map((event) => event.seq);
  }
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

describe('following', () => {
  test('opens from the position and goes on live', async () => {
    const world = new World();
    world.say('1');
    world.say('2');
    world.follower.add(7, { epoch: EPOCH, seq: 1 });
    world.connect();
    await world.settle();
    world.say('3');
    await world.settle();
    expect(world.seqs).toEqual([2, 3]);
    expect(world.follower.isLive(7)).toBe(true);
  });

  test('a gap opens the group again', async () => {
    const world = new World();
    world.follower.add(7, { epoch: EPOCH, seq: 0 });
    world.connect();
    await world.settle();
    world.say('1');
    world.say('2', true);
    world.say('3');
    await world.settle();
    expect(world.seqs).toEqual([1, 2, 3]);
    expect(world.opens).toBe(2);
  });

  test('what comes while the answer is on its way is kept, not doubled', async () => {
    const world = new World();
    world.follower.add(7, { epoch: EPOCH, seq: 0 });
    world.connect();
    world.subscribed = true;
    world.say('1');
    world.wire.reverse();
    await world.settle();
    expect(world.seqs).toEqual([1]);
  });

  test('far behind: pages, then open again', async () => {
    const world = new World();
    world.mostBehind = 50;
    world.pageSize = 20;
    for (let n = 1; n <= 95; n++) world.say(`${n}`);
    world.follower.add(7, { epoch: EPOCH, seq: 3 });
    world.connect();
    await world.settle();
    expect(world.seqs).toEqual(range(4, 95));
    expect(world.follower.isLive(7)).toBe(true);
  });

  test('another log: everything is forgotten and followed anew', async () => {
    const world = new World();
    for (let n = 1; n <= 5; n++) world.say(`${n}`);
    world.follower.add(7, { epoch: EPOCH, seq: 5 });
    world.server.epoch = 2;
    world.connect();
    await world.settle();
    expect(world.restarts).toEqual([{ epoch: 2, seq: 5 }]);
    world.say('6');
    await world.settle();
    expect(world.seqs).toEqual([6]);
  });

  test('`resume` opens again', async () => {
    const world = new World();
    world.follower.add(7, { epoch: EPOCH, seq: 0 });
    world.connect();
    await world.settle();
    world.subscribed = false;
    world.say('1');
    world.follower.resume(7);
    await world.settle();
    expect(world.seqs).toEqual([1]);
  });

  test('no longer a member: told once, never asked again', async () => {
    const world = new World();
    world.refuse = 'not_found';
    world.follower.add(7, { epoch: EPOCH, seq: 0 });
    world.connect();
    await world.settle();
    expect(world.gone).toEqual([7]);
    world.cut();
    world.connect();
    await world.settle();
    expect(world.gone).toEqual([7]);
  });

  test('a refusal that passes is tried again', async () => {
    const world = new World();
    world.refuse = 'unavailable';
    world.follower.add(7, { epoch: EPOCH, seq: 0 });
    world.connect();
    await world.step();
    world.refuse = null;
    await world.settle();
    expect(world.follower.isLive(7)).toBe(true);
  });
});

test('through cuts, losses and floods every event is applied once, in order', async () => {
  for (let seed = 1; seed <= 150; seed++) {
    const d = dice(seed);
    const world = new World();
    world.mostBehind = 5 + d.below(20);
    world.pageSize = 1 + d.below(10);
    world.follower.add(7, { epoch: EPOCH, seq: 0 });
    world.connect();
    for (let n = 0; n < 150; n++) {
      const roll = d.below(20);
      if (roll < 9) world.say(`${n}`, d.chance(0.1));
      else if (roll === 9 && world.connected) world.cut();
      else if (roll === 10 && !world.connected) world.connect();
      else if (roll === 11 && world.connected && world.follower.isLive(7)) {
        world.subscribed = false;
        world.follower.resume(7);
      } else await world.step();
    }
    if (!world.connected) world.connect();
    await world.settle();
    // Only a lost last event is not noticed; the next one shows it.
    world.say('last');
    await world.settle();
    expect(world.seqs, `seed ${seed}`).toEqual(range(1, world.server.head));
  }
});

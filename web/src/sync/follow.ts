// Follows the logs of many groups through one socket that comes and goes, so that every event is applied once, in order.
//
// For each group there is a position. An event that is the next one is applied, an older one is a repeat, a later one is
// a gap: then the group is opened again from the position. `open` may answer that too much lies between (page over REST,
// open again) or that the log is another one (discard, start anew). Pure of React and of stores; see `follow.test.ts`.
import type { Failure } from '../failure.ts';
import { asFailure } from '../failure.ts';
import type { Event, Events, OpenGroup, OpenedGroup, OpenedGroups, Position } from '../shapes.ts';

export interface FollowPorts {
  open(groups: OpenGroup[]): Promise<OpenedGroups>;
  page(group: number, after: Position): Promise<Events>;
  apply(event: Event): void;
  /** Forget what is known of this group; it is followed from here on. */
  restart(group: number, position: Position): void;
  gone(group: number, failure: Failure): void;
  later(ms: number, then: () => void): void;
}

interface Followed {
  position: Position | null;
  phase: 'closed' | 'opening' | 'live';
  /** What came while the answer of `open` was on its way. */
  early: Event[];
  failures: number;
}

const GROUPS_AT_ONCE = 100;
const MOST_EARLY = 5_000;

export class Follower {
  readonly #ports: FollowPorts;
  readonly #groups = new Map<number, Followed>();
  #connected = false;
  /** Answers that belong to an older connection are not for us. */
  #connection = 0;

  constructor(ports: FollowPorts) {
    this.#ports = ports;
  }

  positionOf(group: number): Position | null {
    return this.#groups.get(group)?.position ?? null;
  }

  isLive(group: number): boolean {
    return this.#groups.get(group)?.phase === 'live';
  }

  /** Follows a group; without a position from wherever it is now. A group already followed keeps its place. */
  add(group: number, position: Position | null): void {
    if (this.#groups.has(group)) return;
    this.#groups.set(group, { position, phase: 'closed', early: [], failures: 0 });
    if (this.#connected) void this.#open([group]);
  }

  remove(group: number): void {
    this.#groups.delete(group);
  }

  clear(): void {
    this.#groups.clear();
    this.lost();
  }

  connected(): void {
    this.#connected = true;
    this.#connection++;
    for (const followed of this.#groups.values()) followed.phase = 'closed';
    const ids = [...this.#groups.keys()];
    for (let from = 0; from < ids.length; from += GROUPS_AT_ONCE) void this.#open(ids.slice(from, from + GROUPS_AT_ONCE));
  }

  lost(): void {
    this.#connected = false;
    this.#connection++;
    for (const followed of this.#groups.values()) {
      followed.phase = 'closed';
      followed.early = [];
    }
  }

  /** The server stopped telling us about this group. */
  resume(group: number): void {
    const followed = this.#groups.get(group);
    if (!followed || followed.phase === 'opening') return;
    void this.#open([group]);
  }

  event(event: Event): void {
    const followed = this.#groups.get(event.group);
    if (!followed || followed.phase === 'closed') return;
    if (followed.phase === 'opening') {
      // Bounded: past this the next gap brings the rest.
      if (followed.early.length < MOST_EARLY) followed.early.push(event);
    } else if (this.#take(followed, event) === 'gap') {
      void this.#open([event.group]);
    }
  }

  #take(followed: Followed, event: Event): 'applied' | 'repeat' | 'gap' {
    const position = followed.position;
    if (!position || event.epoch !== position.epoch) return 'gap';
    if (event.seq <= position.seq) return 'repeat';
    if (event.seq > position.seq + 1) return 'gap';
    followed.position = { epoch: event.epoch, seq: event.seq };
    this.#ports.apply(event);
    return 'applied';
  }

  async #open(ids: readonly number[]): Promise<void> {
    const connection = this.#connection;
    const asked: OpenGroup[] = [];
    for (const id of ids) {
      const followed = this.#groups.get(id);
      if (!followed) continue;
      followed.phase = 'opening';
      followed.early = [];
      asked.push(followed.position ? { id, after: followed.position } : { id });
    }
    if (asked.length === 0) return;
    let answer: OpenedGroups;
    try {
      answer = await this.#ports.open(asked);
    } catch {
      if (connection === this.#connection) for (const { id } of asked) this.#again(id);
      return;
    }
    if (connection !== this.#connection) return;
    for (const item of answer.groups) await this.#settle(item, connection);
  }

  async #settle(item: OpenedGroup, connection: number): Promise<void> {
    const followed = this.#groups.get(item.id);
    if (!followed) return;
    if ('error' in item) {
      const code = item.error.code;
      if (code === 'not_found' || code === 'forbidden') {
        this.#groups.delete(item.id);
        this.#ports.gone(item.id, asFailure(item.error));
      } else {
        this.#again(item.id);
      }
    } else if ('reload' in item) {
      this.#restart(item.id, followed, { epoch: item.epoch, seq: item.head });
      await this.#open([item.id]);
    } else if ('behind' in item) {
      await this.#catchUp(item.id, followed, connection);
    } else {
      followed.position ??= { epoch: item.epoch, seq: item.head };
      for (const event of item.events) this.#take(followed, event);
      followed.phase = 'live';
      followed.failures = 0;
      const early = followed.early;
      followed.early = [];
      // Through the front door: one of them may show a gap and open the group again.
      for (const event of early) this.event(event);
    }
  }

  async #catchUp(id: number, followed: Followed, connection: number): Promise<void> {
    for (;;) {
      const position = followed.position;
      if (!position) break;
      let page: Events;
      try {
        page = await this.#ports.page(id, position);
      } catch {
        if (connection === this.#connection) this.#again(id);
        return;
      }
      if (connection !== this.#connection || this.#groups.get(id) !== followed) return;
      if (page.reload || page.epoch !== position.epoch) {
        this.#restart(id, followed, { epoch: page.epoch, seq: page.head });
        break;
      }
      for (const event of page.events) this.#take(followed, event);
      // No step forward means that the page is not what we asked for: `open` decides.
      if (followed.position === position || followed.position!.seq >= page.head) break;
    }
    await this.#open([id]);
  }

  #restart(id: number, followed: Followed, position: Position): void {
    followed.position = position;
    this.#ports.restart(id, position);
  }

  #again(id: number): void {
    const followed = this.#groups.get(id);
    if (!followed) return;
    followed.phase = 'closed';
    followed.failures++;
    const connection = this.#connection;
    this.#ports.later(Math.min(30_000, 500 * 2 ** followed.failures), () => {
      if (connection === this.#connection && this.#connected && followed.phase === 'closed') void this.#open([id]);
    });
  }
}

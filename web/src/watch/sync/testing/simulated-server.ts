// The server of a simulated group: one state for all, in one of three manners of starting. How ours decides is tested
// where it is written, in `crates/core/src/watch`; here are only the times that viewers feel.
import type { PlayState } from '../state.ts';
import type { VirtualTime } from './virtual-time.ts';

/**
 * `together`: all prepare, say that they are ready, and begin at one moment ahead (ours). `whenReady`: the same with
 * Jellyfin's moment, `max(2 × the highest ping, 500 ms)` ahead. `atOnce`: the state is only passed on (OpenTogetherTube).
 */
export type Manner = 'together' | 'whenReady' | 'atOnce';

export interface ServedViewer {
  delayMs(): number;
  /** The state arrives after the delay of this viewer's link. */
  send(state: PlayState): void;
}

const DEADLINE_MS = 1_500;
const QUORUM_GRACE_MS = 800;

export class SimulatedServer {
  /** Its clock is nobody else's. */
  static readonly OFFSET_MS = 1_700_000_000_000;
  readonly #time: VirtualTime;
  readonly #manner: Manner;
  readonly #viewers = new Set<ServedViewer>();
  #ready = new Set<ServedViewer>();
  #awaited = new Set<ServedViewer>();
  state: PlayState = { epoch: 1, rev: 1, item: 1, phase: 'paused', pos_ms: 0, at_ms: 0, rate: 1 };
  /** When each seek was accepted, in virtual time. */
  readonly seeks: number[] = [];

  constructor(time: VirtualTime, manner: Manner) {
    this.#time = time;
    this.#manner = manner;
  }

  get now(): number {
    return this.#time.now + SimulatedServer.OFFSET_MS;
  }

  get position(): number {
    const { phase, pos_ms, at_ms, rate } = this.state;
    return phase === 'playing' ? pos_ms + Math.max(0, this.now - at_ms) * rate : pos_ms;
  }

  join(viewer: ServedViewer): void {
    this.#viewers.add(viewer);
    viewer.send(this.state);
  }

  play(): void {
    this.#moveTo(this.position);
  }

  seek(pos_ms: number): void {
    this.seeks.push(this.#time.now);
    this.#moveTo(pos_ms);
  }

  pause(): void {
    this.#set({ phase: 'paused', pos_ms: this.position, at_ms: this.now });
  }

  setRate(rate: number): void {
    this.#set({ pos_ms: this.position, at_ms: Math.max(this.now, this.state.at_ms), rate });
  }

  ready(viewer: ServedViewer, rev: number): void {
    if (rev !== this.state.rev || this.state.phase !== 'preparing' || !this.#awaited.has(viewer)) return;
    if (this.#ready.size === 0) this.#time.after(QUORUM_GRACE_MS, () => this.#quorum(rev));
    this.#ready.add(viewer);
    if (this.#ready.size === this.#awaited.size) this.#start(rev);
  }

  #moveTo(pos_ms: number): void {
    if (this.#manner === 'atOnce') {
      this.#set({ phase: 'playing', pos_ms, at_ms: this.now });
      return;
    }
    this.#ready = new Set();
    this.#awaited = new Set(this.#viewers);
    this.#set({ phase: 'preparing', pos_ms, at_ms: this.now });
    const { rev } = this.state;
    // Jellyfin's group waits for as long as it takes.
    if (this.#manner === 'together') this.#time.after(DEADLINE_MS, () => this.#start(rev));
  }

  #quorum(rev: number): void {
    if (this.#manner === 'together' && this.#ready.size >= 0.8 * this.#awaited.size) this.#start(rev);
  }

  #start(rev: number): void {
    if (rev !== this.state.rev || this.state.phase !== 'preparing') return;
    const delays = [...this.#viewers].map((viewer) => viewer.delayMs()).sort((a, b) => a - b);
    const high = delays[Math.ceil(delays.length * 0.95) - 1] ?? 0;
    const lead = this.#manner === 'whenReady' ? Math.max(2 * (delays.at(-1) ?? 0), 500) : Math.min(600, Math.max(150, high + 100));
    this.#set({ phase: 'playing', at_ms: this.now + lead });
  }

  #set(change: Partial<PlayState>): void {
    this.state = { ...this.state, ...change, rev: this.state.rev + 1 };
    for (const viewer of this.#viewers) viewer.send(this.state);
  }
}

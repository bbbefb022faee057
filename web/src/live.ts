// The socket: connect, wait, connect again; calls with a deadline. It knows no group and no message.
//
// Every attempt gets a socket of its own. A second `connect()` on one whose handshake is in flight sends a second
// CONNECT, for which servers close the connection; with a fresh one that cannot happen, and our own timer (not the
// library's) knows to the second when the next attempt comes, which the banner counts down.
import { io, type Socket } from 'socket.io-client';
import { Failure } from './failure.ts';
import type { Ack, Calls, DuelTold, Event, LobbyTold, Resume, Signal, Told, Viewers } from './shapes.ts';

export type LiveState =
  | { readonly phase: 'off' }
  | { readonly phase: 'connecting'; readonly lostAt: number }
  | { readonly phase: 'open' }
  | { readonly phase: 'waiting'; readonly lostAt: number; readonly retryAt: number };

export interface LiveListener {
  state(state: LiveState): void;
  opened(): void;
  lost(): void;
  event(event: Event): void;
  signal(signal: Signal): void;
  lobby(told: LobbyTold): void;
  viewers(told: Viewers): void;
  duel(told: DuelTold): void;
  resume(group: number): void;
  /** The server does not know our session any more. */
  refused(): void;
}

type Body<E extends keyof Calls> = Parameters<Calls[E]>[0];
type Answer<E extends keyof Calls> = Parameters<Parameters<Calls[E]>[1]>[0] extends Ack<infer A> ? A : never;

const FIRST_WAIT_MS = 400;
const LONGEST_WAIT_MS = 15_000;
export const CALL_DEADLINE_MS = 10_000;

export class Live {
  readonly #listener: LiveListener;
  #socket: Socket<Told, Calls> | null = null;
  #state: LiveState = { phase: 'off' };
  #attempts = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #comeBackIn: number | null = null;

  constructor(listener: LiveListener) {
    this.#listener = listener;
  }

  get isOpen(): boolean {
    return this.#state.phase === 'open';
  }

  start(): void {
    if (this.#state.phase === 'off') this.#attempt(Date.now());
  }

  stop(): void {
    this.#drop();
    this.#set({ phase: 'off' });
  }

  /** Somebody pressed "Retry now", or the network came back. */
  retryNow(): void {
    if (this.#state.phase !== 'waiting') return;
    this.#attempts = 0;
    this.#attempt(this.#state.lostAt);
  }

  async call<E extends keyof Calls>(name: E, body: Body<E>): Promise<Answer<E>> {
    const socket = this.#socket;
    if (!socket || this.#state.phase !== 'open') throw new Failure('offline', '');
    let ack: Ack<Answer<E>>;
    try {
      // The library's types cannot express "the answer that belongs to this name"; the map above does.
      ack = (await (socket.timeout(CALL_DEADLINE_MS) as unknown as Socket).emitWithAck(name, body)) as Ack<Answer<E>>;
    } catch {
      throw new Failure(socket.connected ? 'no_answer' : 'offline', '');
    }
    if (ack.ok) return ack as Answer<E>;
    const failure = Failure.fromAck(ack.error);
    if (failure.code === 'unauthorized') this.#listener.refused();
    throw failure;
  }

  #attempt(lostAt: number): void {
    this.#drop();
    this.#set({ phase: 'connecting', lostAt });
    const socket: Socket<Told, Calls> = io('/v1', {
      transports: ['websocket', 'polling'],
      tryAllTransports: true,
      withCredentials: true,
      forceNew: true,
      reconnection: false,
      autoConnect: false,
    });
    this.#socket = socket;
    socket.on('connect', () => {
      this.#attempts = 0;
      this.#set({ phase: 'open' });
      this.#listener.opened();
    });
    socket.on('connect_error', (error: Error & { data?: { code?: string; retry_after?: number } }) => {
      if (error.data?.code === 'unauthorized') {
        this.stop();
        this.#listener.refused();
      } else {
        this.#wait(lostAt, error.data?.retry_after ? error.data.retry_after * 1000 : null);
      }
    });
    socket.on('disconnect', (reason) => {
      const comeBackIn = this.#comeBackIn;
      this.#comeBackIn = null;
      this.#listener.lost();
      this.#wait(Date.now(), comeBackIn);
      // The server closed it, maybe since the session ended: ask before trying for ever.
      if (reason === 'io server disconnect' && comeBackIn === null) this.#listener.refused();
    });
    socket.on('event', (event) => this.#listener.event(event));
    socket.on('signal', (signal) => this.#listener.signal(signal));
    socket.on('room', (body) => this.#listener.lobby({ type: 'room', body }));
    socket.on('room_message', (body) => this.#listener.lobby({ type: 'room_message', body }));
    socket.on('room_signal', (body) => this.#listener.lobby({ type: 'room_signal', body }));
    socket.on('room_left', (body) => this.#listener.lobby({ type: 'room_left', body }));
    socket.on('room_ended', (body) => this.#listener.lobby({ type: 'room_ended', body }));
    socket.on('lobby_state', (body) => this.#listener.lobby({ type: 'lobby_state', body }));
    socket.on('lobby_left', (body) => this.#listener.lobby({ type: 'lobby_left', body }));
    socket.on('viewers', (told) => this.#listener.viewers(told));
    socket.on('duel', (body) => this.#listener.duel({ type: 'duel', body }));
    socket.on('duel_verdict', (body) => this.#listener.duel({ type: 'duel_verdict', body }));
    socket.on('duel_progress', (body) => this.#listener.duel({ type: 'duel_progress', body }));
    socket.on('duel_said', (body) => this.#listener.duel({ type: 'duel_said', body }));
    socket.on('duel_reacted', (body) => this.#listener.duel({ type: 'duel_reacted', body }));
    socket.on('duel_found', (body) => this.#listener.duel({ type: 'duel_found', body }));
    socket.on('duel_over', (body) => this.#listener.duel({ type: 'duel_over', body }));
    socket.on('resume', (resume: Resume) => {
      if ('group' in resume) {
        this.#listener.resume(resume.group);
      } else {
        // The node goes down: leave now, return when it asked us to.
        this.#comeBackIn = resume.in_ms;
        socket.disconnect();
      }
    });
    if (!socket.active) socket.connect();
  }

  #wait(lostAt: number, exactly: number | null): void {
    this.#drop();
    const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.#attempts);
    this.#attempts++;
    // Half of it is chance: a thousand clients must not return in the same instant.
    const wait = exactly ?? longest / 2 + (Math.random() * longest) / 2;
    this.#set({ phase: 'waiting', lostAt, retryAt: Date.now() + wait });
    this.#timer = setTimeout(() => this.#attempt(lostAt), wait);
  }

  #drop(): void {
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    socket.removeAllListeners();
    socket.disconnect();
  }

  #set(state: LiveState): void {
    this.#state = state;
    this.#listener.state(state);
  }
}

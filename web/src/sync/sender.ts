// Brings written messages to the server: one at a time for each group, so that they arrive in the order in which they
// were written; again after a lost connection, which their `client_id` makes harmless.
import { asFailure, inWords, type Failure } from '../failure.ts';
import type { Letter, Outbox } from '../model/outbox.ts';
import type { Action } from '../model/log.ts';
import type { Sent } from '../shapes.ts';

export interface SenderPorts {
  isOpen(): boolean;
  send(letter: Letter): Promise<Sent>;
  dispatch(group: number, action: Action): void;
  later(ms: number, then: () => void): void;
}

/** A wait this short is not worth a red line. */
const QUIET_WAIT_S = 5;

export class Sender {
  readonly #ports: SenderPorts;
  readonly #outbox: Outbox;
  readonly #queues = new Map<number, Letter[]>();
  readonly #busy = new Set<number>();
  readonly #failed = new Map<string, Letter>();

  constructor(ports: SenderPorts, outbox: Outbox) {
    this.#ports = ports;
    this.#outbox = outbox;
    for (const letter of outbox.all()) this.#queueOf(letter.group).push(letter);
  }

  /** What waits for this group, for a log that is shown for the first time. */
  waiting(group: number): readonly Letter[] {
    return [...this.#queueOf(group), ...[...this.#failed.values()].filter((letter) => letter.group === group)];
  }

  submit(letter: Letter): void {
    this.#outbox.put(letter);
    this.#queueOf(letter.group).push(letter);
    this.#ports.dispatch(letter.group, {
      type: 'queued',
      outgoing: { clientId: letter.clientId, text: letter.text, replyTo: letter.replyTo, files: letter.files, at: letter.at, state: 'queued' },
    });
    void this.#work(letter.group);
  }

  retry(clientId: string): void {
    const letter = this.#failed.get(clientId);
    if (!letter) return;
    this.#failed.delete(clientId);
    this.#queueOf(letter.group).push(letter);
    this.#ports.dispatch(letter.group, { type: 'requeued', clientId });
    void this.#work(letter.group);
  }

  discard(group: number, clientId: string): void {
    this.#settle(group, clientId);
    this.#ports.dispatch(group, { type: 'discarded', clientId });
  }

  /** The log shows it: it has arrived, whether or not we were told. */
  arrived(group: number, clientId: string): void {
    this.#settle(group, clientId);
  }

  connected(): void {
    for (const group of this.#queues.keys()) void this.#work(group);
  }

  async #work(group: number): Promise<void> {
    if (this.#busy.has(group)) return;
    this.#busy.add(group);
    try {
      const queue = this.#queueOf(group);
      while (queue[0] && this.#ports.isOpen()) {
        const letter = queue[0];
        this.#ports.dispatch(group, { type: 'sending', clientId: letter.clientId });
        try {
          const sent = await this.#ports.send(letter);
          this.#settle(group, letter.clientId);
          this.#ports.dispatch(group, { type: 'acknowledged', event: sent.event });
        } catch (error) {
          if (this.#giveUp(letter, asFailure(error)) === 'wait') return;
        }
      }
    } finally {
      this.#busy.delete(group);
    }
  }

  #giveUp(letter: Letter, failure: Failure): 'wait' | 'next' {
    const queue = this.#queueOf(letter.group);
    // Its event may have come while the answer was lost.
    if (!queue.some((waiting) => waiting.clientId === letter.clientId)) return 'next';
    if (failure.code === 'offline' || failure.code === 'unauthorized') {
      this.#ports.dispatch(letter.group, { type: 'requeued', clientId: letter.clientId });
      return 'wait';
    }
    if (failure.retryAfter !== undefined && failure.retryAfter <= QUIET_WAIT_S) {
      this.#ports.later(failure.retryAfter * 1000, () => void this.#work(letter.group));
      return 'wait';
    }
    queue.splice(queue.findIndex((waiting) => waiting.clientId === letter.clientId), 1);
    this.#failed.set(letter.clientId, letter);
    // The group is gone, or we are: after a reload there would be no log to show it in.
    if (failure.code === 'not_found') this.#outbox.remove(letter.clientId);
    this.#ports.dispatch(letter.group, { type: 'failed', clientId: letter.clientId, problem: inWords(failure) });
    return 'next';
  }

  #settle(group: number, clientId: string): void {
    const queue = this.#queueOf(group);
    const index = queue.findIndex((letter) => letter.clientId === clientId);
    if (index >= 0) queue.splice(index, 1);
    this.#failed.delete(clientId);
    this.#outbox.remove(clientId);
  }

  #queueOf(group: number): Letter[] {
    let queue = this.#queues.get(group);
    if (!queue) this.#queues.set(group, (queue = []));
    return queue;
  }
}

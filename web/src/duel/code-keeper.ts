// Brings what stands in the editor into safety: into this browser each second, to the server when the writer pauses.
//
// The server takes five in two seconds. One is sent a second after the last key, and every three seconds while the keys
// do not rest, so that a spectator sees that somebody writes; one is on its way at most.
export const SAVE_EVERY_MS = 1_000;
export const SEND_AFTER_MS = 1_000;
export const SEND_EVERY_MS = 3_000;
const AGAIN_MS = 3_000;

export interface CodePorts {
  now(): number;
  /** Answers with what cancels it. */
  later(ms: number, run: () => void): () => void;
  save(kept: boolean): void;
  /** Rejects when it was not kept. */
  send(): Promise<void>;
}

export class CodeKeeper {
  readonly #ports: CodePorts;
  #saving: (() => void) | null = null;
  #sending: (() => void) | null = null;
  #onTheWay = false;
  /** Since when something is not with the server; null where everything is. */
  #unsentSince: number | null = null;
  #version = 0;
  #stopped = false;

  constructor(ports: CodePorts) {
    this.#ports = ports;
  }

  changed(): void {
    this.#version++;
    this.#unsentSince ??= this.#ports.now();
    this.#saving ??= this.#ports.later(SAVE_EVERY_MS, () => this.#save());
    const waited = this.#ports.now() - this.#unsentSince;
    this.#sendIn(Math.min(SEND_AFTER_MS, Math.max(0, SEND_EVERY_MS - waited)));
  }

  /** The page goes away, or a program is handed in: into this browser at once. */
  flush(): void {
    if (this.#saving) this.#save();
  }

  /** The connection is back. */
  connected(): void {
    if (this.#unsentSince !== null) this.#sendIn(0);
  }

  stop(): void {
    this.flush();
    this.#stopped = true;
    this.#sending?.();
    this.#sending = null;
  }

  #save(): void {
    this.#saving?.();
    this.#saving = null;
    this.#ports.save(this.#unsentSince === null);
  }

  #sendIn(ms: number): void {
    this.#sending?.();
    this.#sending = this.#ports.later(ms, () => void this.#send());
  }

  async #send(): Promise<void> {
    this.#sending = null;
    if (this.#onTheWay || this.#stopped) return;
    this.#onTheWay = true;
    const version = this.#version;
    try {
      await this.#ports.send();
      if (version === this.#version) {
        this.#unsentSince = null;
        if (!this.#stopped) this.#save();
      } else {
        this.#unsentSince = this.#ports.now();
        if (!this.#sending && !this.#stopped) this.#sendIn(SEND_AFTER_MS);
      }
    } catch {
      // What is refused for good is refused again and again, seldom enough to do no harm; the round ends it.
      if (!this.#stopped) this.#sendIn(AGAIN_MS);
    } finally {
      this.#onTheWay = false;
    }
  }
}

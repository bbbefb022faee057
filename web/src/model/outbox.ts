// Messages that were written and are not acknowledged, kept where a reload does not lose them. One storage key each, so
// that two tabs never overwrite each other; sending the same one twice is harmless, its `client_id` sees to that.

import type { Attachment } from '../shapes.ts';
import { filesIn } from './attachments.ts';

export interface Letter {
  readonly clientId: string;
  readonly group: number;
  readonly text: string;
  readonly replyTo: number | null;
  readonly files: readonly Attachment[];
  readonly at: number;
}

export type KeyValue = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

export class Outbox {
  readonly #storage: KeyValue;
  readonly #prefix: string;

  constructor(storage: KeyValue, account: number) {
    this.#storage = storage;
    this.#prefix = `parlor.outbox.${account}.`;
  }

  put(letter: Letter): void {
    try {
      this.#storage.setItem(this.#prefix + letter.clientId, JSON.stringify(letter));
    } catch {
      // A full or forbidden storage: the letter still lives in memory and is sent from there.
    }
  }

  remove(clientId: string): void {
    this.#storage.removeItem(this.#prefix + clientId);
  }

  /** In the order in which they were written. */
  all(): readonly Letter[] {
    const letters: Letter[] = [];
    for (const key of this.#keys()) {
      const letter = read(this.#storage.getItem(key));
      if (letter) letters.push(letter);
      else this.#storage.removeItem(key);
    }
    return letters.sort((a, b) => a.at - b.at || a.clientId.localeCompare(b.clientId));
  }

  clear(): void {
    for (const key of this.#keys()) this.#storage.removeItem(key);
  }

  #keys(): readonly string[] {
    const keys: string[] = [];
    for (let index = 0; index < this.#storage.length; index++) {
      const key = this.#storage.key(index);
      if (key?.startsWith(this.#prefix)) keys.push(key);
    }
    return keys;
  }
}

/** What lies in storage may have been written by an older version, or by hand. */
function read(json: string | null): Letter | undefined {
  try {
    const value = JSON.parse(json ?? 'null') as Partial<Letter> | null;
    if (typeof value?.clientId !== 'string' || typeof value.group !== 'number' || typeof value.text !== 'string') return undefined;
    return { clientId: value.clientId, group: value.group, text: value.text, replyTo: value.replyTo ?? null, files: filesIn(value.files), at: Number(value.at) || 0 };
  } catch {
    return undefined;
  }
}

/** Visible ASCII, at most 64; sortable by time so that a log of them can be read. */
export function newClientId(now: number, random: () => string = () => crypto.getRandomValues(new Uint32Array(3)).join('')): string {
  return `${now.toString(36)}-${random()}`.slice(0, 64);
}

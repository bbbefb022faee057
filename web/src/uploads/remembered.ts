// Which file of this computer an unfinished upload was: after a reload the browser has forgotten it, and whoever chooses it
// once more shall go on, not begin. When it was changed last tells it from another one of the same name and size.
import type { KeyValue } from '../model/outbox.ts';
import type { Upload } from '../shapes.ts';

export interface FileTraits {
  readonly name: string;
  readonly size: number;
  /** When it was changed. */
  readonly lastModified: number;
}

export const KEY = 'parlor.uploads';
const MOST = 100;

export class Remembered {
  readonly #storage: KeyValue;

  constructor(storage: KeyValue) {
    this.#storage = storage;
  }

  put(upload: number, { name, size, lastModified }: FileTraits): void {
    this.#write([...this.#read().filter(([id]) => id !== upload), [upload, { name, size, lastModified }] as const].slice(-MOST));
  }

  remove(upload: number): void {
    this.#write(this.#read().filter(([id]) => id !== upload));
  }

  /** The unfinished upload that this file is, among those of its group. */
  find(file: FileTraits, unfinished: readonly Upload[]): Upload | null {
    const known = new Map(this.#read());
    return unfinished.find((upload) => !upload.ready && isSame(file, upload, known.get(upload.id))) ?? null;
  }

  #read(): readonly (readonly [number, FileTraits])[] {
    try {
      const stored: unknown = JSON.parse(this.#storage.getItem(KEY) ?? '[]');
      return Array.isArray(stored) ? stored.filter(isEntry) : [];
    } catch {
      return [];
    }
  }

  #write(entries: readonly (readonly [number, FileTraits])[]): void {
    try {
      this.#storage.setItem(KEY, JSON.stringify(entries));
    } catch {
      // Then name and size alone tell.
    }
  }
}

/** What was begun on another device is known by its name and size alone. */
function isSame(file: FileTraits, upload: Upload, known: FileTraits | undefined): boolean {
  if (file.size !== upload.size) return false;
  return known ? known.name === file.name && known.lastModified === file.lastModified : upload.name === file.name;
}

function isEntry(value: unknown): value is readonly [number, FileTraits] {
  return Array.isArray(value) && typeof value[0] === 'number' && typeof (value[1] as FileTraits | undefined)?.lastModified === 'number';
}

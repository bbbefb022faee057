import { expect, test } from 'vitest';
import type { Upload } from '../shapes.ts';
import { Remembered } from './remembered.ts';

class Shelf {
  readonly map = new Map<string, string>();
  get length() {
    return this.map.size;
  }
  key = (index: number) => [...this.map.keys()][index] ?? null;
  getItem = (key: string) => this.map.get(key) ?? null;
  setItem = (key: string, value: string) => void this.map.set(key, value);
  removeItem = (key: string) => void this.map.delete(key);
}

const upload = (id: number, name: string, size: number, ready = false) => ({ id, name, size, ready }) as Upload;
const file = (name: string, size: number, lastModified = 1) => ({ name, size, lastModified });

test('a file that is chosen once more goes on, another one begins', () => {
  const remembered = new Remembered(new Shelf());
  remembered.put(5, file('a.mp4', 100));
  const unfinished = [upload(4, 'b.mp4', 100), upload(5, 'a.mp4', 100)];
  expect(remembered.find(file('a.mp4', 100), unfinished)?.id).toBe(5);
  expect(remembered.find(file('a.mp4', 100, 2), unfinished)).toBeNull();
  expect(remembered.find(file('a.mp4', 101), unfinished)).toBeNull();
  // Begun on another device: name and size alone.
  expect(remembered.find(file('b.mp4', 100, 77), unfinished)?.id).toBe(4);
  expect(remembered.find(file('a.mp4', 100), [upload(5, 'a.mp4', 100, true)])).toBeNull();
  remembered.remove(5);
  expect(remembered.find(file('a.mp4', 100, 2), unfinished)?.id).toBe(5);
});

test('nonsense in the storage is nothing', () => {
  const shelf = new Shelf();
  for (const nonsense of ['{', '{}', '[1]', '[[5]]']) {
    shelf.map.set('parlor.uploads', nonsense);
    expect(new Remembered(shelf).find(file('a.mp4', 1), [])).toBeNull();
  }
});

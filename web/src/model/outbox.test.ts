import { expect, test } from 'vitest';
import { newClientId, Outbox, type KeyValue, type Letter } from './outbox.ts';

class Memory implements KeyValue {
  readonly map = new Map<string, string>();
  get length() {
    return this.map.size;
  }
  key(index: number) {
    return [...this.map.keys()][index] ?? null;
  }
  getItem(key: string) {
    return this.map.get(key) ?? null;
  }
  setItem(key: string, value: string) {
    this.map.set(key, value);
  }
  removeItem(key: string) {
    this.map.delete(key);
  }
}

const letter = (clientId: string, at: number): Letter => ({ clientId, group: 7, text: `text ${clientId}`, replyTo: null, files: [], at });

test('letters survive a reload, in the order in which they were written', () => {
  const storage = new Memory();
  const outbox = new Outbox(storage, 1);
  outbox.put(letter('b', 2));
  outbox.put(letter('a', 1));
  outbox.put({ ...letter('c', 3), replyTo: 5 });
  outbox.remove('b');
  expect(new Outbox(storage, 1).all()).toEqual([letter('a', 1), { ...letter('c', 3), replyTo: 5 }]);
});

test('each account has its own', () => {
  const storage = new Memory();
  new Outbox(storage, 1).put(letter('a', 1));
  new Outbox(storage, 12).put(letter('b', 1));
  expect(new Outbox(storage, 2).all()).toEqual([]);
  new Outbox(storage, 1).clear();
  expect(new Outbox(storage, 12).all()).toHaveLength(1);
});

test('nonsense in the storage is thrown away, a full one is borne', () => {
  const storage = new Memory();
  storage.setItem('parlor.outbox.1.x', '{"clientId":7}');
  storage.setItem('parlor.outbox.1.y', 'not json');
  storage.setItem('other', 'stays');
  expect(new Outbox(storage, 1).all()).toEqual([]);
  expect([...storage.map.keys()]).toEqual(['other']);
  storage.setItem = () => {
    throw new Error('QuotaExceededError');
  };
  expect(() => new Outbox(storage, 1).put(letter('a', 1))).not.toThrow();
});

test('client ids are visible ASCII, short, and differ', () => {
  const ids = new Set(Array.from({ length: 1000 }, () => newClientId(1_800_000_000_000)));
  expect(ids.size).toBe(1000);
  for (const id of ids) expect(id).toMatch(/^[!-~]{1,64}$/);
});

import { beforeEach, expect, test } from 'vitest';
import { codeIn, firstCode, forgetOldCode, lengthOf, loadCode, saveCode, type OwnCode } from './own-code.ts';
import { PROBLEM } from './testing/a-duel.ts';

class Shelf implements Storage {
  readonly #all = new Map<string, string>();
  get length() {
    return this.#all.size;
  }
  key(index: number) {
    return [...this.#all.keys()][index] ?? null;
  }
  getItem(key: string) {
    return this.#all.get(key) ?? null;
  }
  setItem(key: string, value: string) {
    this.#all.set(key, value);
  }
  removeItem(key: string) {
    this.#all.delete(key);
  }
  clear() {
    this.#all.clear();
  }
}

let shelf: Shelf;
beforeEach(() => (shelf = new Shelf()));
const place = { account: 3, duel: 5, round: 2 };
const mine = { code: 'theirs', language: 'python' as const, submissions: [] };
const unsent: OwnCode = { language: 'javascript', codes: { javascript: 'here' }, kept: false };

test('characters are counted as the server does', () => {
  expect(lengthOf('\n a = "é🎈" \n')).toBe(8);
});

test('what was saved is found, for this round alone', () => {
  saveCode(shelf, place, unsent);
  expect(loadCode(shelf, place)).toEqual(unsent);
  expect(loadCode(shelf, { ...place, round: 1 })).toBeNull();
  expect(loadCode(shelf, { ...place, account: 4 })).toBeNull();
});

test('signing out forgets it with the drafts', () => {
  saveCode(shelf, place, unsent);
  expect(shelf.key(0)).toMatch(/^parlor\.draft\.3\./);
});

test.each(['', '7', '{"language":"cobol"}', '{"language":"python","codes":{"python":5}}'])('nonsense in storage: %s', (text) => {
  shelf.setItem('parlor.draft.3.duel.5.2', text);
  expect(loadCode(shelf, place)?.codes ?? {}).toEqual({});
});

test('only the newest rounds are kept, of this account', () => {
  for (let duel = 1; duel <= 20; duel++) saveCode(shelf, { account: 3, duel, round: 1 }, unsent);
  saveCode(shelf, { account: 4, duel: 1, round: 1 }, unsent);
  forgetOldCode(shelf, 3);
  expect(shelf.length).toBe(13);
  expect(loadCode(shelf, { account: 3, duel: 20, round: 1 })).not.toBeNull();
  expect(loadCode(shelf, { account: 3, duel: 8, round: 1 })).toBeNull();
});

test('what the server does not have yet counts before what it has', () => {
  expect(firstCode(unsent, mine, null, 'python')).toEqual(unsent);
});

test('what the server has counts where nothing is unsent here: it may be from another machine', () => {
  const first = firstCode({ ...unsent, kept: true }, mine, null, 'python');
  expect(first).toEqual({ language: 'python', codes: { javascript: 'here', python: 'theirs' }, kept: true });
  expect(firstCode(null, mine, null, 'javascript').codes.python).toBe('theirs');
});

test('an empty beginning is the starter of the liked language, or of the agreed one', () => {
  const first = firstCode(null, null, null, 'javascript');
  expect(codeIn(first, first.language, PROBLEM.starters)).toBe(PROBLEM.starters.javascript);
  expect(firstCode(null, { code: null, language: null, submissions: [] }, 'python', 'javascript').language).toBe('python');
  expect(firstCode(unsent, null, 'python', 'javascript').language).toBe('python');
});

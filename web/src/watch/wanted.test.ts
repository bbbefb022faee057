import { expect, test } from 'vitest';
import { wantedOf } from './wanted.ts';

test.each([
  'https://example.org/film.mp4', 'HTTP://example.org', 'youtube:dQw4w9WgXcQ', 'youtu.be/dQw4w9WgXcQ', 'www.youtube.com/watch?v=dQw4w9WgXcQ',
  'example.org:8080/a.webm', 'javascript:alert(1)', 'ftp://example.org/a', ' https://example.org/a ',
])('%s is an address', (typed) => {
  expect(wantedOf(typed)).toEqual({ by: 'address', address: typed.trim() });
});

test.each(['metropolis', 'Mr.Robot', 'Alien: Covenant', 'Re:Zero', 'https://example.org/a film', 'what is 1/2'])('%s are words', (typed) => {
  expect(wantedOf(typed)).toEqual({ by: 'words', words: typed.trim() });
});

test('nothing is nothing', () => {
  expect(wantedOf('  ')).toBeNull();
});

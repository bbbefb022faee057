import { expect, test } from 'vitest';
import type { Upload } from '../shapes.ts';
import { fitting } from './caption-files.ts';

test('captions that are called as the film stand first', () => {
  const files = ['other.vtt', 'Metropolis.1927.de.vtt', 'metropolis 1927.vtt'].map((name, id) => ({ id, name }) as Upload);
  expect(fitting(files, 'Metropolis 1927').map(({ id }) => id)).toEqual([1, 2, 0]);
  expect(fitting(files, null).map(({ id }) => id)).toEqual([0, 1, 2]);
});

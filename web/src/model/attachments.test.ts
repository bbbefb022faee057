import { expect, test } from 'vitest';
import type { Attachment } from '../shapes.ts';
import { drawnSize, filesIn, namesAsText, writtenBeside } from './attachments.ts';

const file = (name: string, width?: number, height?: number): Attachment => ({ id: 1, name, kind: 'image', size: 1, ...(width ? { width, height } : {}) });

test('where nothing is written the names stand for the files, and are not shown beside them', () => {
  const files = [file('a.png'), file('b.png')];
  expect(namesAsText(files)).toBe('a.png, b.png');
  expect(writtenBeside('a.png, b.png', files)).toBe('');
  expect(writtenBeside('look: a.png', files)).toBe('look: a.png');
  expect(writtenBeside('a.png', [])).toBe('a.png');
});

test.each([
  [100, 50, 100, 50], [720, 360, 360, 180], [300, 1_400, 60, 280], [4_000, 10, 360, 24],
])('%d × %d is drawn as %d × %d', (width, height, across, down) => {
  expect(drawnSize(file('a.png', width, height))).toEqual({ width: across, height: down });
});

test('what is no picture has no size', () => {
  expect(drawnSize(file('a.mp3'))).toBeNull();
});

test('nonsense in the storage is no file', () => {
  expect(filesIn('x')).toEqual([]);
  expect(filesIn([null, 1, { id: 'a' }, file('a.png')])).toEqual([file('a.png')]);
  expect(filesIn(Array.from({ length: 20 }, () => file('a.png')))).toHaveLength(8);
});

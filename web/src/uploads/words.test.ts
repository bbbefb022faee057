import { expect, test } from 'vitest';
import { Failure } from '../failure.ts';
import { kindOfFile, titleOfFile } from './kinds.ts';
import { Speed } from './speed.ts';
import { leftInWords, notTaken, refusalBefore, sendingInWords, shortened, sizeInWords, uploadProblem } from './words.ts';

const GIB = 1024 ** 3;

test.each([
  [0, '0 bytes'], [1, '1 byte'], [1023, '1023 bytes'], [1024, '1 KB'], [1536, '1.5 KB'], [10_240, '10 KB'], [1024 ** 2 - 1, '1 MB'],
  [2 * GIB, '2 GB'], [1.26 * GIB, '1.3 GB'], [5_000 * GIB, '4.9 TB'],
])('%d bytes are %s', (bytes, words) => {
  expect(sizeInWords(bytes)).toBe(words);
});

test('the time that is left', () => {
  expect([leftInWords(20_000), leftInWords(61_000), leftInWords(65 * 60_000)]).toEqual(['less than a minute left', '1 min left', '1 h 5 min left']);
});

test('what the server would refuse is told before', () => {
  const limits = { used_bytes: 4 * GIB, quota_bytes: 5 * GIB, max_bytes: 2 * GIB };
  expect(refusalBefore({ name: 'a.mp4', size: GIB }, limits)).toBeNull();
  expect(refusalBefore({ name: 'a.mp4', size: 0 }, limits)).toBe('“a.mp4” is empty.');
  expect(refusalBefore({ name: 'a.mp4', size: 3 * GIB }, limits)).toBe('“a.mp4” has 3 GB; this server takes files of up to 2 GB.');
  expect(refusalBefore({ name: 'a.mp4', size: 1.5 * GIB }, limits)).toBe('“a.mp4” has 1.5 GB, and this group has only 1 GB left for files. Delete some first.');
  expect(refusalBefore({ name: 'a.mp4', size: 1 }, { ...limits, used_bytes: 6 * GIB })).toContain('no room left');
  expect(refusalBefore({ name: 'a.mp4', size: 1 }, { ...limits, max_bytes: 0 })).toBe('This server takes no files.');
  expect(refusalBefore({ name: 'a.mp4', size: 9 * GIB }, null)).toBeNull();
});

test('refusals by their codes', () => {
  expect(uploadProblem(new Failure('too_large', 'the file is larger than this server takes'))).toBe('It is larger than this server takes.');
  expect(uploadProblem(new Failure('too_large', 'the files of this group would take more space than it has; delete some first'))).toContain('no room left');
  expect(uploadProblem(new Failure('invalid', 'kind is not …', 'kind'))).toContain('something else than its name says');
  expect(uploadProblem(new Failure('invalid', 'content is …', 'content'))).toContain('films (MP4, WebM)');
  expect(uploadProblem(new Failure('rate_limited', 'too many new files', undefined, 5))).toBe('Too many new files. Try again in 5 s.');
  expect(notTaken('a.exe', ['video', 'audio', 'subtitles'])).toBe('“a.exe” cannot be brought here: only films (MP4, WebM), sound (MP3, M4A, Ogg, WAV) and captions (WebVTT, SubRip).');
  expect(notTaken('a.exe', ['image'])).toBe('“a.exe” cannot be brought here: only pictures (JPEG, PNG, GIF, WebP).');
});

test('how far one is', () => {
  const one = { state: 'sending', sent: 1024 ** 2, size: GIB, leftMs: null, problem: null } as const;
  expect(sendingInWords(one)).toBe('1 MB of 1 GB');
  expect(sendingInWords({ ...one, leftMs: 120_000 })).toBe('1 MB of 1 GB · 2 min left');
  expect(sendingInWords({ ...one, state: 'away' })).toBe('No connection: 1 MB of 1 GB are there, and it goes on by itself.');
});

test.each([
  ['a.mp4', 'video/mp4', 'video'], ['a.MKV', 'video/x-matroska', 'video'], ['a.ogg', 'audio/ogg', 'audio'], ['a.ogg', 'video/ogg', 'video'],
  ['a.srt', '', 'subtitles'], ['a.vtt', 'text/plain', 'subtitles'], ['a.PNG', '', 'image'], ['a.exe', 'application/x-msdownload', null], ['a.txt', 'text/plain', null],
])('%s (%s) is %s', (name, type, kind) => {
  expect(kindOfFile({ name, type })).toBe(kind);
});

test.each([
  ['Metropolis.1927.restored.mp4', 'Metropolis 1927 restored'], ['The Kid (1921).webm', 'The Kid (1921)'], ['a_song.mp3', 'a song'], ['noending', 'noending'], ['.mp4', '.mp4'],
])('%s is shown as %s', (name, title) => {
  expect(titleOfFile(name)).toBe(title);
});

test('the rest of a file takes as long as the last seconds let one think', () => {
  const speed = new Speed();
  expect(speed.leftMs(0, 100, 0)).toBeNull();
  expect(speed.leftMs(10, 100, 1_000)).toBeNull();
  expect(speed.leftMs(20, 100, 2_000)).toBe(8_000);
  // Slower since then.
  expect(speed.leftMs(21, 100, 11_500)).toBeCloseTo((79 * 9_500) / 1, 0);
  speed.forget();
  expect(speed.leftMs(21, 100, 12_000)).toBeNull();
});

test('long names keep both ends', () => {
  expect(shortened('short.webm')).toBe('short.webm');
  expect(shortened('a rather long name of a film (final).webm', 20)).toBe('a rather long…).webm');
  expect([...shortened('🎬'.repeat(60))]).toHaveLength(40);
});

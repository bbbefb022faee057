import { expect, test } from 'vitest';
import type { ShownViewer } from '../shapes.ts';
import { kindOf, strangerOf, titleOf, wayOf, whence } from './players/source.ts';
import { shiftCues, toWebVtt } from './subtitles.ts';
import { noticeOf, stateOf } from './words.ts';

const own = { activity: 'playing', driftMs: 0, silenced: false, problem: null } as const;
const calm = { own, solo: false, waitedFor: null, isAway: false };

test.each([
  [calm, undefined],
  [{ ...calm, own: { ...own, activity: 'failed', problem: 'Gone.' } as const }, 'Gone.'],
  [{ ...calm, own: { ...own, silenced: true } }, 'Your browser plays without sound until you ask for it.'],
  [{ ...calm, solo: true, own: { ...own, driftMs: 75_000 } }, 'You have stopped just for yourself; the others are 1 min 15 s ahead.'],
  [{ ...calm, isAway: true, own: { ...own, driftMs: 2_345 } }, 'You are 2.3 s behind the others.'],
  [{ ...calm, isAway: true, own: { ...own, driftMs: -1_500 } }, 'You are 1.5 s ahead of the others.'],
  [{ ...calm, waitedFor: 0 }, 'All begin together in a moment…'],
  [{ ...calm, waitedFor: 1 }, 'Waiting for 1 viewer to get the picture…'],
  [{ ...calm, waitedFor: 2 }, 'Waiting for 2 viewers to get the picture…'],
])('%o', (situation, text) => {
  expect(noticeOf(situation)?.text).toBe(text);
});

test.each([
  [{ drift_ms: 0 }, 'in step'],
  [{ drift_ms: 12 }, 'in step, 12 ms behind'],
  [{ drift_ms: -39 }, 'in step, 39 ms ahead'],
  [{ drift_ms: 120 }, '120 ms behind'],
  [{ drift_ms: -1_500 }, '1.5 s ahead'],
  [{ drift_ms: 5, hidden: true }, 'in step, 5 ms behind, looks elsewhere'],
  [{ state: 'buffering' }, 'waits for data'],
  [{ solo: true }, 'stopped for themselves'],
  [{ state: null }, 'nothing heard lately'],
] as const)('a viewer %o', (viewer, words) => {
  const whole: ShownViewer = { account: 1, state: 'playing', drift_ms: null, hidden: false, solo: false, ...viewer };
  expect(stateOf(whole).words).toBe(words);
});

test.each([
  ['youtube:dQw4w9WgXcQ', 'youtube', 'YouTube'],
  ['upload:42', 'file', null],
  ['https://a.example/x/live.M3U8?key=1', 'hls', 'a.example'],
  ['https://a.example:8443/film.mp4', 'file', 'a.example:8443'],
  ['https://here.example/film.mp4', 'file', null],
])('%s is got by %s from %s', (source, by, stranger) => {
  expect([wayOf(source, 7).by, strangerOf(source, 'here.example')]).toEqual([by, stranger]);
});

test('what was uploaded lies with its group', () => {
  expect(wayOf('upload:42', 7)).toEqual({ by: 'file', url: '/api/v1/groups/7/uploads/42/content' });
  expect(['upload:42', 'youtube:dQw4w9WgXcQ', 'https://a.example:81/x'].map(whence)).toEqual(['Uploaded', 'YouTube', 'a.example:81']);
});

test('a guess at what is pasted', () => {
  expect(['https://a.example/a.MP3', 'https://music.youtube.com/watch?v=x', 'https://a.example/a.webm', 'nonsense'].map(kindOf)).toEqual(['music', 'music', 'video', 'video']);
  expect(['https://a.example/b/A%20film.webm?k=1', 'https://a.example/', 'https://a.example/%E0%A4%A', 'https://youtu.be/dQw4w9WgXcQ', 'https://a.example/%00%1b'].map(titleOf)).toEqual(['A film.webm', undefined, undefined, undefined, undefined]);
});

test('SubRip becomes WebVTT, and what is neither is refused', () => {
  expect(toWebVtt('\uFEFF1\r\n00:00:01,500 --> 00:00:02,000\r\nWell, 1,500 of them.\r\n')).toBe('WEBVTT\n\n1\n00:00:01.500 --> 00:00:02.000\nWell, 1,500 of them.\n');
  expect(toWebVtt('WEBVTT - x\n\n00:01.000 --> 00:02.000\na')).toBe('WEBVTT - x\n\n00:01.000 --> 00:02.000\na');
  for (const wrong of ['', 'WEBVTTX', '<html>', '00:00:01,500 and 00:00:02,000']) expect(toWebVtt(wrong)).toBeNull();
});

test('cues are moved by the difference', () => {
  const cues = [{ startTime: 1, endTime: 2 }];
  shiftCues(cues, 250);
  shiftCues(cues, -500);
  expect(cues).toEqual([{ startTime: 0.75, endTime: 1.75 }]);
});

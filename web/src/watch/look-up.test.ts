import { expect, test } from 'vitest';
import { Failure } from '../failure.ts';
import type { FoundVideo } from '../shapes.ts';
import { judge, refused } from './look-up.ts';

const video: FoundVideo = { source: 'youtube:aaaaaaaaaaa', title: 'A film', channel: 'Them', kind: 'video', length_ms: 60_000, live: false, embeddable: true, thumbnail: null };
const address = 'https://youtu.be/aaaaaaaaaaa?t=30';

test('what is known goes along, and the address keeps its place', () => {
  expect(judge(address, { video })).toEqual({ ok: true, media: { source: address, title: 'A film', kind: 'video' }, lengthMs: 60_000 });
});

test('what no group could watch is told', () => {
  expect(judge(address, { video: { ...video, live: true } })).toMatchObject({ ok: false, mayInsist: false, why: expect.stringContaining('is live') });
  expect(judge(address, { video: { ...video, embeddable: false } })).toMatchObject({ ok: false, mayInsist: false });
});

test('a refusal is told in words; where only the server cannot get there, one may insist', () => {
  const of = (detail: string) => refused(address, new Failure('invalid', detail, 'url'));
  expect(of('must be an http or https address')).toEqual({ ok: false, why: 'This address must be an http or https address.', mayInsist: false });
  expect(of('url leads into a private network, which this server does not ask')).toEqual({ ok: false, why: 'This address leads into a private network, which this server does not ask.', mayInsist: true });
});

test.each(['offline', 'no_answer', 'rate_limited', 'unavailable', 'internal'] as const)('without an answer (%s) it goes on as it is', (code) => {
  expect(refused(address, new Failure(code, ''))).toEqual({ ok: true, media: { source: address }, lengthMs: null });
});

import { beforeEach, expect, test } from 'vitest';
import { CodeKeeper, SEND_AFTER_MS, SEND_EVERY_MS } from './code-keeper.ts';

let now: number;
let due: { at: number; run: () => void }[];
let log: string[];
let answer: () => Promise<void>;
let keeper: CodeKeeper;

beforeEach(() => {
  [now, due, log] = [0, [], []];
  answer = () => Promise.resolve();
  keeper = new CodeKeeper({
    now: () => now,
    later: (ms, run) => {
      const one = { at: now + ms, run };
      due.push(one);
      return () => void (due = due.filter((other) => other !== one));
    },
    save: (kept) => log.push(`${now} save${kept ? ' kept' : ''}`),
    send: () => {
      log.push(`${now} send`);
      return answer();
    },
  });
});

async function until(end: number): Promise<void> {
  for (;;) {
    const next = due.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
    if (!next) break;
    due = due.filter((other) => other !== next);
    now = Math.max(now, next.at);
    next.run();
    for (let n = 0; n < 5; n++) await Promise.resolve();
  }
  now = end;
}

test('a pause sends once, and what is with the server is known to be', async () => {
  keeper.changed();
  await until(10_000);
  expect(log).toEqual(['1000 save', `${SEND_AFTER_MS} send`, '1000 save kept']);
});

test('who writes without a pause is saved each second and sent seldom', async () => {
  for (let at = 0; at < 10_000; at += 100) {
    await until(at);
    keeper.changed();
  }
  const sends = log.filter((line) => line.includes('send')).map((line) => Number.parseInt(line));
  expect(log.filter((line) => line.endsWith('save')).length).toBeGreaterThanOrEqual(9);
  expect(sends.length).toBeGreaterThanOrEqual(2);
  for (let n = 1; n < sends.length; n++) expect(sends[n]! - sends[n - 1]!).toBeGreaterThanOrEqual(SEND_EVERY_MS - 100);
});

test('what could not be sent is sent again', async () => {
  answer = () => Promise.reject(new Error('gone'));
  keeper.changed();
  await until(2_000);
  answer = () => Promise.resolve();
  keeper.connected();
  await until(2_500);
  expect(log.filter((line) => line.includes('send'))).toEqual(['1000 send', '2000 send']);
  expect(log.at(-1)).toBe('2000 save kept');
});

test('written while it was on its way: that is sent, too', async () => {
  let arrived = () => {};
  answer = () => new Promise((done) => (arrived = done));
  keeper.changed();
  await until(1_000);
  keeper.changed();
  answer = () => Promise.resolve();
  arrived();
  await until(10_000);
  expect(log.filter((line) => line.includes('send'))).toHaveLength(2);
  expect(log.at(-1)).toMatch(/save kept$/);
});

test('a page that goes away saves at once, and sends no more', async () => {
  keeper.changed();
  keeper.stop();
  await until(10_000);
  expect(log).toEqual(['0 save']);
});

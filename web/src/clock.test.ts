import { expect, test, vi } from 'vitest';
import { noteServerDate, serverNow } from './clock.ts';

test('the time is the server’s, however wrong this clock is', () => {
  vi.useFakeTimers({ now: Date.parse('2026-11-20T10:00:00Z') });
  const here = Date.now();
  expect(serverNow()).toBe(here);
  noteServerDate('Fri, 20 Nov 2026 10:05:00 GMT', here - 100, here);
  expect(Math.abs(serverNow() - Date.parse('2026-11-20T10:05:00Z'))).toBeLessThan(1_000);
  // An answer without a date, or with nonsense in it, changes nothing.
  const before = serverNow();
  noteServerDate(null, here, here);
  noteServerDate('soon', here, here);
  expect(serverNow()).toBe(before);
  vi.useRealTimers();
});

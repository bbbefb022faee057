import { expect, test } from 'vitest';
import { toast, useToasts } from './toasts.ts';

test('how long a toast lasts', () => {
  const lasts = (id: number) => useToasts.getState().toasts.find((shown) => shown.id === id)?.lastsMs;
  expect(lasts(toast('done'))).toBe(5_000);
  expect(lasts(toast('wrong', { tone: 'error' }))).toBeNull();
  expect(lasts(toast('wrong', { tone: 'error', lastsMs: 6_000 }))).toBe(6_000);
  expect(lasts(toast('stays', { lastsMs: null }))).toBeNull();
});

import { expect, test } from 'vitest';
import { comesNext, viewSpeedChat } from './speed-chat.ts';
import type { SpeedChat } from '../shapes.ts';

const chat: SpeedChat = { rounds: 3, minutes: 2, round: 0, started_at: '2026-11-20T10:00:00Z', next_at: '2026-11-20T10:00:00Z', ending: null, tables: [], sitting_out: [] };

test('before, during and after', () => {
  expect(viewSpeedChat(null)).toEqual({ phase: 'none' });
  const soon = viewSpeedChat(chat);
  expect(soon).toMatchObject({ phase: 'soon', beginsAt: Date.parse(chat.started_at) });
  expect(comesNext(soon)).toBe('3 rounds of 2 minutes, each with somebody else.');
  expect(comesNext(viewSpeedChat({ ...chat, round: 1 }))).toBe('Then round 2, with somebody else.');
  expect(comesNext(viewSpeedChat({ ...chat, round: 3 }))).toBe('This is the last round.');
  expect(viewSpeedChat({ ...chat, round: 2, ending: 'stopped', next_at: null })).toEqual({ phase: 'none' });
});

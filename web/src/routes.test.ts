import { expect, test } from 'vitest';
import { paths, placeOf } from './routes.ts';

test('addresses lead to places and back', () => {
  expect(placeOf('/')).toEqual({ screen: 'home' });
  expect(placeOf(paths.welcome)).toEqual({ screen: 'welcome' });
  expect(placeOf(paths.group(7))).toEqual({ screen: 'group', id: 7, part: 'log', seq: null });
  expect(placeOf(paths.message(7, 42))).toEqual({ screen: 'group', id: 7, part: 'log', seq: 42 });
  expect(placeOf(paths.members(7))).toEqual({ screen: 'group', id: 7, part: 'members', seq: null });
  expect(placeOf(paths.groupSettings(7))).toEqual({ screen: 'group', id: 7, part: 'settings', seq: null });
  expect(placeOf(paths.lobbies)).toEqual({ screen: 'lobby', group: null });
  expect(placeOf(paths.lobby(7))).toEqual({ screen: 'lobby', group: 7 });
  expect(placeOf(paths.watches)).toEqual({ screen: 'watch', group: null, replay: null });
  expect(placeOf(paths.watch(7))).toEqual({ screen: 'watch', group: 7, replay: null });
  expect(placeOf(paths.replay(7, 42))).toEqual({ screen: 'watch', group: 7, replay: 42 });
  expect(placeOf(paths.duels)).toEqual({ screen: 'duels', group: null });
  expect(placeOf(paths.duelsOf(7))).toEqual({ screen: 'duels', group: 7 });
  expect(placeOf(paths.duel(7))).toEqual({ screen: 'duel', id: 7 });
  expect(placeOf(paths.profile(7))).toEqual({ screen: 'profile', account: 7 });
  expect(placeOf('/settings/sessions')).toEqual({ screen: 'settings' });
});

test('nonsense leads nowhere', () => {
  for (const path of ['/g/0', '/g/x', '/g/7/m', '/g/7/m/0', '/g/7/m/x', '/g/7/x', '/x', '/g/99999999999999999', '/welcome/x', '/lobby/x', '/lobby/7/8', '/watch/x', '/duel/x', '/duel/0', '/duel/7/8', '/duel/group', '/duel/group/x', '/u', '/u/x', '/watch/7/replay', '/watch/7/x/8', '/watch/7/replay/0']) {
    expect(placeOf(path), path).toEqual({ screen: 'nowhere' });
  }
});

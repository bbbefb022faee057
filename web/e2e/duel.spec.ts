// Two play a best of three to the end, one of them reloads in the middle, and a third one watches.
import type { DuelProfile, DuelReview } from '../src/shapes.ts';
import { challenges, Duelist, groupOf, joins, solutionOf } from './duels.ts';
import { examine } from './examine.ts';
import { expect, Person, test } from './people.ts';

test('a best of three, with a reload in the middle and a spectator', async ({ browser }) => {
  test.setTimeout(180_000);
  const [ada, bob, cleo] = [await Person.make('Ada'), await Person.make('Bob'), await Person.make('Cleo')];
  const group = await groupOf('Coders', [ada, bob, cleo]);
  const hers = await Duelist.open(ada, browser, '/duel');
  const id = await challenges(hers, group);
  const his = await Duelist.open(bob, browser, '/duel');
  await his.page.getByRole('link', { name: /Ada.*Join/ }).click();
  await joins(his);
  const watcher = await Duelist.open(cleo, browser, `/duel/${id}`);

  // Round 1: tried, reloaded, submitted.
  const first = await hers.roundBegins(1);
  expect(await his.roundBegins(1)).toBe(first);
  await expect(hers.page.getByRole('timer', { name: 'Time left' })).toHaveText(/\d:\d\d/);
  await watcher.roundBegins(1);
  await expect(watcher.editor).toHaveCount(0);
  await expect(hers.page.getByTitle('1 watch')).toBeVisible();
  await hers.writes(`${solutionOf(first)}\n# mine`);
  await hers.page.keyboard.press('Control+Enter');
  await expect(hers.output.getByText('Run: accepted')).toBeVisible();
  await expect(his.player('Ada')).toContainText(/typing|thinks|tries/);
  await hers.page.waitForFunction((key) => localStorage.getItem(key)?.includes('# mine'), `parlor.draft.${ada.id}.duel.${id}.1`);
  await hers.page.reload();
  await hers.roundBegins(1);
  await expect(hers.editor).toContainText('# mine');
  await his.writes('def nothing_of_that_name():\n    pass');
  await his.button('Submit').click();
  await expect(his.output.getByText('Submission: it does not compile')).toBeVisible();
  await expect(watcher.player('Bob').first()).toContainText('it does not compile');
  await hers.button('Submit').click();
  await hers.sees('You won the round');
  await his.sees('Ada won the round');
  await watcher.sees('Ada won the round');
  // Only now everybody sees the programs.
  await expect(watcher.page.getByRole('region', { name: 'Programs of Ada' })).toContainText('# mine');

  // Round 2 begins when both say so.
  await hers.button('Go on to the next round').click();
  await expect(hers.page.getByText('1 of 2 are ready.')).toBeVisible();
  await his.button('Go on to the next round').click();
  const second = await his.roundBegins(2);
  await expect(hers.editor).not.toContainText('# mine');
  await his.solves(second);
  await his.sees('You won the round');
  await hers.sees('Bob won the round');

  // Round 3 begins by itself, and decides.
  await examine(hers.chat, 'duel-between-rounds');
  const third = await hers.roundBegins(3);
  await hers.solves(third);
  await hers.sees('You have won the duel');
  await his.sees('Ada has won the duel');
  await watcher.sees('Ada has won the duel');

  // Both sides and the database agree.
  const end = async (one: Duelist) => (await one.page.getByRole('region', { name: 'How the duel ended' }).getByRole('row').allTextContents()).slice(1);
  expect(await end(his)).toEqual(await end(hers));
  const { duel, rounds } = await bob.call<DuelReview>('GET', `/duels/${id}`);
  expect(duel.outcome).toMatchObject({ reason: 'won', winner: ada.id });
  expect(rounds.map(({ result }) => result.winner)).toEqual([ada.id, bob.id, ada.id]);
  const profile = await bob.call<DuelProfile>('GET', `/accounts/${ada.id}/duels`);
  expect(profile).toMatchObject({ wins: 1, losses: 0, xp: duel.outcome!.places[0]!.xp });
  await hers.page.getByRole('region', { name: 'How the duel ended' }).getByRole('link', { name: 'Bob' }).click();
  await expect(hers.page.getByRole('heading', { level: 1, name: 'Bob' })).toBeVisible();
  await expect(hers.page.getByRole('img', { name: /^Rating over 1 duel/ })).toBeVisible();
  await hers.page.getByRole('link', { name: /Lost against Ada/ }).click();
  await hers.sees('You have won the duel');

  // One offers, the other accepts.
  await hers.button('Rematch').click();
  await his.button('Accept the rematch').click();
  for (const one of [hers, his]) await expect(one.page).not.toHaveURL(new RegExp(`/duel/${id}$`));
  expect(hers.id).toBe(his.id);
  for (const one of [hers, his, watcher]) await one.closes();
});

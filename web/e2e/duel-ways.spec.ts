// Other ways into a duel and out of it: two who seek, a task that is not told, a lost connection, giving up, and a server
// that judges nothing.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuelReview } from '../src/shapes.ts';
import { binary, freePort, launch } from './a-server.ts';
import { challenges, Duelist, groupOf, joins } from './duels.ts';
import { expect, Person, test } from './people.ts';

test('two who seek find each other, one of them reading elsewhere; one gives up', async ({ browser }) => {
  test.setTimeout(60_000);
  const [ada, bob] = [await Person.make('Ada'), await Person.make('Bob')];
  const group = await ada.makesGroup('Readers');
  const hers = await Duelist.open(ada, browser, `/g/${group.id}`);
  await hers.page.getByRole('link', { name: 'Duels' }).click();
  await hers.page.getByRole('radio', { name: 'Best of 5' }).check({ force: true });
  await hers.button('Find an opponent').click();
  await expect(hers.page.getByRole('timer', { name: 'Waiting for' })).toHaveText(/0:\d\d/);
  // She goes on reading meanwhile.
  await hers.page.getByRole('link', { name: 'Readers' }).click();
  await expect(hers.page.getByRole('link', { name: /Duels.*looking/ })).toBeVisible();
  const his = await Duelist.open(bob, browser, '/duel');
  await his.button('Find an opponent').click();
  await expect(hers.page).toHaveTitle(/An opponent was found/);
  await hers.button('Go there').click();
  await hers.roundBegins(1);
  await his.roundBegins(1);
  expect(hers.id).toBe(his.id);
  await expect(his.page.getByText('Best of 5')).toBeVisible();

  await hers.button('React with an emoji').click();
  await hers.page.getByLabel('Search emoji').fill('party');
  await hers.page.keyboard.press('Enter');
  await expect(his.page.getByText('Ada', { exact: true })).toHaveCount(2);

  await his.button('More').click();
  await his.page.getByRole('menuitem', { name: 'Give up' }).click();
  await his.page.getByRole('dialog', { name: 'Give up?' }).getByRole('button', { name: 'Cancel' }).click();
  await his.button('More').click();
  await his.page.getByRole('menuitem', { name: 'Give up' }).click();
  await his.page.getByRole('dialog', { name: 'Give up?' }).getByRole('button', { name: 'Give up' }).click();
  await hers.sees('You have won the duel');
  await his.sees('Ada has won: the others gave up');
  const { duel } = await ada.call<DuelReview>('GET', `/duels/${hers.id}`);
  expect(duel.outcome).toMatchObject({ reason: 'forfeit', winner: ada.id });
  await hers.closes();
  await his.closes();
});

test('a reverse round tells no task, each language keeps its program, and both may end it for nothing', async ({ browser }) => {
  test.setTimeout(60_000);
  const [ada, bob] = [await Person.make('Ada'), await Person.make('Bob')];
  const group = await groupOf('Riddles', [ada, bob]);
  const hers = await Duelist.open(ada, browser, '/duel');
  const id = await challenges(hers, group, { mode: 'Reverse' });
  const his = await Duelist.open(bob, browser, `/duel/${id}`);
  await joins(his);
  await hers.roundBegins(1);
  await expect(hers.page.getByRole('article', { name: 'Problem' })).toContainText('No task is told');
  await hers.writes('# the snake');
  await hers.page.getByRole('combobox', { name: 'Language' }).selectOption('javascript');
  await expect(hers.editor).toContainText('function ');
  await hers.writes('// the other one');
  await hers.page.getByRole('combobox', { name: 'Language' }).selectOption('python');
  await expect(hers.editor).toContainText('# the snake');
  await hers.page.getByRole('combobox', { name: 'Language' }).selectOption('javascript');
  await expect(hers.editor).toContainText('// the other one');
  // Esc, then Tab leaves the editor; Tab alone indents.
  await hers.editor.focus();
  await hers.page.keyboard.press('Tab');
  await expect(hers.editor).toBeFocused();
  await hers.page.keyboard.press('Escape');
  await hers.page.keyboard.press('Tab');
  await expect(hers.page.getByLabel('A call of your own, to try (optional)')).toBeFocused();
  await hers.page.keyboard.type('nonsense(');
  await hers.page.keyboard.press('Enter');
  await expect(hers.page.getByRole('alert').getByText(/^It was not run\./)).toBeVisible();

  await hers.page.getByLabel('A call of your own, to try (optional)').fill('');
  await hers.page.getByRole('tab', { name: 'Problem' }).focus();
  await hers.page.keyboard.press('Control+Enter');
  await expect(hers.output.getByText(/^Run: /)).toBeVisible();

  // Looking at another screen costs no place and no program.
  await hers.page.getByRole('link', { name: 'Riddles' }).click();
  await expect(hers.page.getByText('You keep your place in the duel.')).toBeVisible();
  await hers.chat.writes('Somebody wants to watch?');
  await expect(his.player('Ada')).not.toContainText('away');
  await hers.page.getByRole('link', { name: /Duels.*yours/ }).click();
  await hers.page.getByRole('link', { name: 'Riddles' }).click();
  await hers.button('Go back').click();
  await expect(hers.editor).toContainText('// the other one');

  await hers.button('More').click();
  await hers.page.getByRole('menuitem', { name: 'Offer to end it for nothing' }).click();
  await hers.button('Offer it').click();
  await hers.page.getByRole('link', { name: 'Riddles' }).click();
  await his.button('Agree').click();
  await expect(hers.page.getByText('All agreed to end it.')).toBeVisible();
  await hers.button('See the duel').click();
  for (const one of [hers, his]) {
    await one.sees('All agreed to end it');
    await expect(one.page.getByText('It counts for nobody')).toBeVisible();
  }
  await hers.closes();
  await his.closes();
});

test('a lost connection is shown to both and heals by itself', async ({ browser }) => {
  test.setTimeout(90_000);
  const [ada, bob] = [await Person.make('Ada'), await Person.make('Bob')];
  const group = await groupOf('Tunnel', [ada, bob]);
  const hers = await Duelist.open(ada, browser, '/duel');
  const id = await challenges(hers, group, { rounds: 'One' });
  const his = await Duelist.open(bob, browser, `/duel/${id}`);
  await joins(his);
  const title = await his.roundBegins(1);
  await hers.roundBegins(1);
  await his.writes('# before the tunnel');
  await his.page.context().setOffline(true);
  await expect(his.page.getByText('Reconnecting…')).toBeVisible();
  await his.page.keyboard.type(' and in it');
  await his.button('Submit').click();
  await expect(his.page.getByRole('alert').getByText(/^It was not submitted\. You are offline/)).toBeVisible();
  await his.page.context().setOffline(false);
  await expect(his.page.getByText('Reconnecting…')).toBeHidden({ timeout: 20_000 });
  await expect(his.editor).toContainText('# before the tunnel and in it');
  await his.page.close();
  await expect(hers.player('Bob')).toContainText(/away, gives up in 0:\d\d/, { timeout: 20_000 });
  const back = new Duelist(await (async () => bob.opens(browser, `/duel/${id}`))(), bob);
  await expect(back.editor).toContainText('# before the tunnel and in it');
  await expect(hers.player('Bob')).not.toContainText('away');
  await back.solves(title);
  await back.sees('You have won the duel');
  await hers.sees('Bob has won the duel');
  await hers.closes();
  await back.closes();
});

test('where nothing is judged the reason is told', async ({ browser }) => {
  test.skip(!existsSync(binary), 'needs a binary of its own: set PARLOR_BIN');
  const shared = process.env.PARLOR_URL;
  const folder = mkdtempSync(join(tmpdir(), 'parlor-no-duels-'));
  process.env.PARLOR_DUELS = 'off';
  const server = await launch(await freePort(), folder);
  delete process.env.PARLOR_DUELS;
  process.env.PARLOR_URL = server.url;
  try {
    const ada = await Person.make('Ada');
    const hers = await Duelist.open(ada, browser, '/duel');
    await expect(hers.page.getByText('No duels can be played here right now.')).toBeVisible();
    await expect(hers.page.getByText(/code duels are turned off/)).toBeVisible();
    await expect(hers.button('Find an opponent')).toHaveCount(0);
    await hers.page.goto(`${server.url}/duel/4711`);
    await hers.sees('This duel is not here');
    await hers.closes();
  } finally {
    process.env.PARLOR_URL = shared;
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});

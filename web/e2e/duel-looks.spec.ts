// The screens of a duel in both themes and at two sizes: no serious finding of axe, and pictures to look at.
import { challenges, Duelist, groupOf, joins, solutionOf } from './duels.ts';
import { examine, PHONE } from './examine.ts';
import { expect, Person, serverUrl, test } from './people.ts';

for (const scheme of ['light', 'dark'] as const) {
  for (const size of ['desktop', 'phone'] as const) {
    test(`the screens of a duel, ${scheme}, ${size}`, async ({ browser }) => {
      test.setTimeout(180_000);
      const options = { colorScheme: scheme, reducedMotion: 'reduce', ...(size === 'phone' ? PHONE : {}) } as const;
      const [ada, bob, cleo] = [await Person.make('Ada Lovelace'), await Person.make('Bob Feather'), await Person.make('Cleo')];
      const group = await groupOf('Book club', [ada, bob, cleo]);
      const looks = (one: Duelist, name: string) => examine(one.chat, `duel-${scheme}-${size}-${name}`);
      const tab = async (one: Duelist, name: string) => {
        if (size === 'phone' || name !== 'Code') await one.page.getByRole('tab', { name: new RegExp(`^${name}`) }).click();
      };

      const hers = await Duelist.open(ada, browser, '/duel', options);
      await expect(hers.button('Find an opponent')).toBeVisible();
      await expect(hers.page.getByText('Loading the')).toHaveCount(0);
      await looks(hers, '01-lobby');
      await hers.button('Find an opponent').click();
      await hers.sees('Looking for an opponent');
      await looks(hers, '02-seeking');
      await hers.button('Stop looking').click();
      const id = await challenges(hers, group, { mode: 'Shortest', rounds: 'One', isPublic: true });
      await looks(hers, '03-challenge');
      const his = await Duelist.open(bob, browser, '/duel', options);
      await expect(his.page.getByRole('link', { name: /Ada Lovelace.*Join/ })).toBeVisible();
      await looks(his, '04-open-challenge');
      await his.page.goto(`${serverUrl()}/duel/${id}`);
      await expect(his.page.getByLabel('Let my edits be kept for a replay')).toHaveCount(0);
      await hers.page.getByLabel('Let my edits be kept for a replay').check();
      await joins(his);
      await his.page.getByLabel('Let my edits be kept for a replay').check();
      await hers.sees('Round 1 begins');
      await looks(hers, '05-countdown');
      const title = await hers.roundBegins(1);
      const watcher = await Duelist.open(cleo, browser, `/duel/${id}`, options);
      await expect(watcher.page.getByText(/^You watch/)).toBeVisible();
      await looks(hers, '06-problem');
      await tab(hers, 'Code');
      await tab(his, 'Code');
      await hers.writes(solutionOf(title));
      await looks(hers, '07-code');
      await hers.page.getByLabel('A call of your own, to try (optional)').fill('nothing()');
      await hers.button('Run').click();
      await expect(hers.page.getByText(/not run|Run: /).first()).toBeVisible();
      await tab(hers, 'Code');
      await hers.page.getByLabel('A call of your own, to try (optional)').fill('');
      await his.writes('def f():\n    return [');
      await his.button('Submit').click();
      await expect(his.page.getByText('Submission: it does not compile').first()).toBeVisible();
      await looks(his, '08-does-not-compile');
      await tab(his, 'Code');
      await his.writes(solutionOf(title).replace(/return/, 'return None or'));
      await his.button('Run').click();
      await expect(his.page.getByText(/^Run: (?!starting|waiting|test)/).first()).toBeVisible();
      await looks(his, '09-run');
      await hers.button('Submit').click();
      await expect(hers.page.getByText('Submission: accepted').first()).toBeVisible();
      await looks(hers, '10-accepted');
      await tab(hers, size === 'phone' ? 'People' : 'Talk');
      await hers.page.getByLabel('Say something to all who are here').fill('Not bad for **four** minutes!');
      await hers.button('Say it').click();
      await expect(hers.page.getByText('Not bad for')).toBeVisible();
      await looks(hers, '11-talk');
      await expect(watcher.player('Ada').first()).toContainText('solved');
      await looks(watcher, '12-spectator');
      await his.button('More').click();
      await his.page.getByRole('menuitem', { name: 'Offer to end it for nothing' }).click();
      await his.button('Offer it').click();
      await expect(hers.page.getByText(/would end this duel for nothing/)).toBeVisible();
      await looks(hers, '13-agreement');
      await tab(hers, 'Code');
      await hers.button('I am content').click();
      await tab(his, 'Code');
      await his.button('I am content').click();
      await hers.sees('You have won the duel');
      await expect(hers.page.getByRole('region', { name: 'Programs of Ada Lovelace' })).toBeVisible();
      await looks(hers, '14-result');
      await his.page.getByRole('heading', { name: 'How they were written' }).scrollIntoViewIfNeeded();
      await his.page.getByRole('slider').fill('1000000');
      await looks(his, '15-replay');
      await hers.page.goto(`${serverUrl()}/u/${ada.id}`);
      await expect(hers.page.getByText(/^Won/).first()).toBeVisible();
      await looks(hers, '16-profile');
      await hers.page.goto(`${serverUrl()}/duel`);
      await expect(hers.page.getByRole('region', { name: 'Leaderboard' }).getByText('Ada Lovelace').first()).toBeVisible();
      await looks(hers, '17-leaderboard');
      if (size === 'phone') expect(await hers.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
      for (const one of [hers, his, watcher]) await one.closes();
    });
  }
}

// The watch screen in pictures, in both themes and sizes, and what axe says of it.
import { examine, PHONE } from './examine.ts';
import { Person, expect, test, type Chat } from './people.ts';
import { adds, allows, areTogether, button, comes, groupOf, openCinema, player, tab, viewers, type Cinema } from './watching.ts';

let cinema: Cinema;
test.beforeAll(async ({ browser }) => {
  test.setTimeout(120_000);
  cinema = await openCinema(browser);
});
test.afterAll(() => cinema?.media.stop());

for (const scheme of ['light', 'dark'] as const) {
  for (const size of ['desktop', 'phone'] as const) {
    test(`looks, ${size}, ${scheme}`, async ({ browser }) => {
      test.setTimeout(90_000);
      const [ada, bob] = [await Person.make('Ada'), await Person.make('Bob')];
      const group = await groupOf('Film night', [ada, bob]);
      const options = { ...(size === 'phone' ? PHONE : {}), colorScheme: scheme, reducedMotion: 'reduce' } as const;
      const picture = (chat: Chat, name: string) => examine(chat, `watch-${name}-${size}-${scheme}`);
      const hers = await comes(ada, browser, group, options);
      await expect(hers.page.getByText('The queue is empty')).toBeVisible();
      await picture(hers, '1-nothing');
      await adds(hers, cinema.first, 'Watch');
      if (size === 'phone') await tab(hers, 'Queue').click();
      await adds(hers, cinema.second, 'Add');
      await adds(hers, `${cinema.media.url}/a%20rather%20long%20name%20of%20a%20film%20that%20does%20not%20fit.webm`, 'Add');
      const his = await comes(bob, browser, group, options);
      await expect(his.page.getByText(/^This comes from/)).toBeVisible();
      await picture(his, '2-asked');
      await allows(his, cinema);
      await areTogether([hers, his], { paused: false, from: 1 });
      await bob.says(group, 'There it is again');
      await bob.says(group, 'Look at the window on the left');
      await ada.says(group, 'I had not seen that at all the first time.');
      await expect(hers.page.getByLabel('Place')).toBeEnabled();
      await button(his, 'Cheer with an emoji').click();
      await his.page.getByRole('dialog').getByRole('button', { name: /thumbs up|👍/i }).first().click();
      await picture(hers, '3-queue');
      await tab(hers, 'Viewers').click();
      await expect(viewers(hers)).toHaveCount(2);
      await picture(hers, '4-viewers');
      if (size === 'phone') {
        await tab(hers, 'Chat').click();
        await expect(hers.message('I had not seen')).toBeVisible();
        await picture(hers, '5-chat');
      }
      await button(hers, 'More of the player').click();
      await expect(hers.page.getByRole('menu')).toBeVisible();
      await picture(hers, '6-menu');
      await hers.page.getByRole('menuitem', { name: 'Who may do what' }).click();
      await expect(hers.page.getByRole('dialog', { name: 'Who may do what' })).toBeVisible();
      await picture(hers, '7-who-may');
      await hers.page.keyboard.press('Escape');
      await button(hers, 'More of the player').click();
      await hers.page.getByRole('menuitem', { name: 'Sound and captions' }).click();
      await expect(hers.page.getByRole('dialog', { name: 'Sound and captions' })).toBeVisible();
      await picture(hers, '8-sound');
      await hers.page.keyboard.press('Escape');
      await tab(hers, 'Watched').click();
      await expect(hers.page.getByRole('list', { name: 'Watched' })).toBeVisible();
      await picture(hers, '9-watched');
      expect(await hers.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(size === 'phone' ? 390 : 1280);
      await hers.page.getByRole('link', { name: /^Watch first\.webm once more/ }).click();
      await expect(player(hers).getByRole('slider', { name: 'Place' })).toBeEnabled();
      await player(hers).getByRole('slider', { name: 'Place' }).focus();
      await hers.page.keyboard.press('End');
      await expect(hers.page.getByText('Look at the window on the left')).toBeVisible();
      await picture(hers, '10-once-more');
      await hers.page.goto(hers.page.url().replace(/\/replay.*/, ''));
      await adds2(hers, 'https://youtu.be/dQw4w9WgXcQ', size);
      await expect(hers.page.frameLocator('iframe[title="YouTube"]').locator('output')).toContainText('plays', { timeout: 15_000 });
      await picture(hers, '11-youtube');
      await adds2(hers, `${cinema.media.url}/notes.webm`, size);
      await expect(player(hers).getByText(/^This browser cannot play/)).toBeVisible();
      await picture(hers, '12-broken');
      await hers.closes();
      await his.closes();
    });
  }
}

async function adds2(chat: Chat, address: string, size: 'desktop' | 'phone'): Promise<void> {
  if (size === 'phone') await tab(chat, 'Queue').click();
  await adds(chat, address, 'Play now');
}

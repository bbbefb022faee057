// Finding something to watch: searches at a stand-in for YouTube, and what an address is before it is queued.
import { examine, PHONE } from './examine.ts';
import { Person, expect, test, type Chat } from './people.ts';
import { comes, player, queue, tab } from './watching.ts';

const box = (chat: Chat) => chat.page.getByLabel('Address of a video');
const found = (chat: Chat) => chat.page.getByRole('list', { name: 'Found videos' }).getByRole('listitem');

async function searches(chat: Chat, words: string): Promise<void> {
  await box(chat).fill(words);
  await box(chat).press('Enter');
}

test('a search is made on Enter only; what it found is gone through by keys, queued, put on', async ({ browser }) => {
  const ada = await Person.make('Ada');
  const group = await ada.makesGroup('Search');
  const hers = await comes(ada, browser, group);
  const asked: string[] = [];
  hers.page.on('request', (request) => request.url().includes('/videos/search') && asked.push(request.url()));
  await box(hers).pressSequentially('metropolis');
  expect(asked).toEqual([]);
  await box(hers).press('Enter');
  await expect(found(hers)).toHaveText([/Metropolis & its city.*Silent films · 2:33:12/, /how it was made/, /tonight.*live, so nobody/]);
  expect(asked).toHaveLength(1);
  await expect(hers.page.getByText(/3 found for “metropolis” · \d+ of 100 searches left today/)).toBeVisible();
  // No picture is fetched from YouTube before somebody has allowed it.
  await expect(found(hers).getByRole('img')).toHaveCount(0);
  await expect(hers.page.locator('[aria-label="Found videos"] img')).toHaveCount(0);
  await expect(found(hers).nth(2).getByRole('button')).toHaveCount(0);

  await box(hers).press('ArrowDown');
  await expect(found(hers).first()).toBeFocused();
  await hers.page.keyboard.press('ArrowUp');
  await expect(box(hers)).toBeFocused();
  await box(hers).press('ArrowDown');
  await hers.page.keyboard.press('Enter');
  await expect(player(hers).getByRole('heading', { name: 'Metropolis & its city' })).toBeVisible();
  await expect(queue(hers)).toHaveCount(0);

  await searches(hers, 'metropolis');
  await hers.page.getByRole('button', { name: /^Add Metropolis, how it was made/ }).click();
  await expect(hers.page.getByRole('button', { name: /is in the queue; add it once more$/ })).toBeVisible();
  await box(hers).press('Escape');
  await expect(queue(hers)).toHaveText([/how it was made.*YouTube/]);
  await searches(hers, 'nothing of the kind');
  await expect(hers.page.getByRole('heading', { name: 'Nothing was found' })).toBeVisible();
  await hers.closes();
});

test('an address is looked up before it is queued', async ({ browser }) => {
  const ada = await Person.make('Ada');
  const group = await ada.makesGroup('Addresses');
  const hers = await comes(ada, browser, group);
  const watches = async (address: string) => {
    await box(hers).fill(address);
    await hers.page.getByRole('button', { name: 'Watch', exact: true }).click();
  };
  await watches('https://youtu.be/notoutside1');
  await expect(hers.page.getByText('Its owner does not allow this video to be shown outside of YouTube.')).toBeVisible();
  await watches('https://youtu.be/metropolis3');
  await expect(hers.page.getByText(/is live: there is no place in it that all could share/)).toBeVisible();
  await watches('https://youtu.be/private0001');
  await expect(hers.page.getByText('This address leads to no video that everybody may see.')).toBeVisible();
  await expect(hers.page.getByRole('button', { name: 'Add it anyway' })).toBeVisible();
  await watches('youtu.be/metropolis1?t=60');
  await expect(player(hers).getByRole('heading', { name: 'Metropolis & its city' })).toBeVisible();
  await hers.closes();
});

test('refusals, and a server without a key, in words', async ({ browser }) => {
  const ada = await Person.make('Ada');
  const group = await ada.makesGroup('Refusals');
  const hers = await comes(ada, browser, group);
  await hers.page.route('**/videos/search?*', (route) => route.fulfill({ status: 503, json: { code: 'unavailable', detail: 'this server may not search any more today; paste an address instead', retry_after: 20_000 } }));
  await searches(hers, 'metropolis');
  await expect(hers.page.getByText('This server may not search any more today; paste an address instead. Search again in 6 hours.')).toBeVisible();
  await hers.page.unroute('**/videos/search?*');
  await hers.page.getByRole('button', { name: 'Try again' }).click();
  await expect(found(hers)).toHaveCount(3);

  await hers.page.route('**/api/v1/server', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: { ...(await answer.json()), video_search: false } });
  });
  await hers.page.reload();
  await expect(hers.page.getByRole('textbox', { name: 'Address of a video', exact: true })).toBeVisible();
  await searches(hers, 'metropolis');
  await expect(hers.page.getByText('this server has no key for YouTube')).toBeVisible();
  await expect(hers.page.getByRole('button', { name: 'Search', exact: true })).toBeDisabled();
  await hers.closes();
});

for (const scheme of ['light', 'dark'] as const) {
  for (const size of ['desktop', 'phone'] as const) {
    test(`looks of a search, ${size}, ${scheme}`, async ({ browser }) => {
      const ada = await Person.make('Ada');
      const group = await ada.makesGroup('Film night');
      const options = { ...(size === 'phone' ? PHONE : {}), colorScheme: scheme, reducedMotion: 'reduce' } as const;
      const hers = await comes(ada, browser, group, options);
      await searches(hers, 'metropolis');
      await expect(found(hers)).toHaveCount(3);
      await examine(hers, `search-1-found-${size}-${scheme}`);
      await hers.page.getByRole('button', { name: /^Play Metropolis & its city/ }).click();
      if (size === 'phone') await tab(hers, 'Queue').click();
      await searches(hers, 'metropolis');
      await hers.page.getByRole('button', { name: /^Add Metropolis & its city/ }).click();
      await examine(hers, `search-2-beside-${size}-${scheme}`);
      await box(hers).fill('https://youtu.be/private0001');
      await hers.page.getByRole('button', { name: 'Add', exact: true }).click();
      await expect(hers.page.getByText('This address leads to no video')).toBeVisible();
      await examine(hers, `search-3-refused-${size}-${scheme}`);
      expect(await hers.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(size === 'phone' ? 390 : 1280);
      await hers.closes();
    });
  }
}

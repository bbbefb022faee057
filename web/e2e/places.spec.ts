// Where one is: unread, permalinks, scrolling, reconnecting, drafts, sessions.
import { expect, Person, serverUrl, test } from './people.ts';

test('unread counts, the line, and reading it away', async ({ browser }) => {
  const [ada, bob] = [await Person.make('Ada'), await Person.make('Bob')];
  const [quiet, busy] = [await ada.makesGroup('A quiet one'), await ada.makesGroup('B busy one')];
  await bob.joins(quiet);
  await bob.joins(busy);
  const his = await bob.opens(browser, `/g/${quiet.id}`);
  await expect(his.composer).toBeVisible();
  for (let n = 1; n <= 3; n++) await ada.says(busy, `news ${n}`);
  const link = his.page.getByRole('navigation', { name: 'Groups' }).getByRole('link', { name: /B busy one/ });
  await expect(link).toHaveAccessibleName(/3 unread/);
  await expect(his.page).toHaveTitle(/^\(3\)/);
  // Alt+Shift+↓ goes to the next unread group.
  await his.page.keyboard.press('Alt+Shift+ArrowDown');
  await expect(his.page.getByRole('heading', { level: 1, name: 'B busy one' })).toBeVisible();
  await expect(his.log.getByText('New', { exact: true })).toBeVisible();
  await expect(link).not.toHaveAccessibleName(/unread/);
  // The line stays until the group is left.
  await expect(his.log.getByText('New', { exact: true })).toBeVisible();
  await his.page.reload();
  await his.sees('news 3');
  await expect(his.log.getByText('New', { exact: true })).toHaveCount(0);
  await his.closes();
});

test('many unread messages: a bar leads to the first of them', async ({ browser }) => {
  const [ada, bob] = [await Person.make('Ada'), await Person.make('Bob')];
  const group = await ada.makesGroup('Away');
  await bob.joins(group);
  for (let n = 1; n <= 130; n++) await ada.says(group, `line ${n}.`);
  await bob.call('PUT', `/groups/${group.id}/read`, { seq: 22 });
  const his = await bob.opens(browser, `/g/${group.id}`);
  await expect(his.message('line 130.')).toBeInViewport();
  await his.page.getByRole('button', { name: 'Jump', exact: true }).click();
  await expect(his.log.getByText('New', { exact: true })).toBeInViewport();
  await expect(his.message('line 21.')).toBeInViewport();
  await expect(his.page.getByRole('button', { name: 'Mark read' })).toBeHidden();
  // Esc: to the end, and the line is gone.
  await his.page.keyboard.press('Escape');
  await expect(his.message('line 130.')).toBeInViewport();
  await expect(his.log.getByText('New', { exact: true })).toHaveCount(0);
  await his.closes();
});

test('who reads further up is not moved; a pill tells of new messages', async ({ browser }) => {
  const [ada, bob] = [await Person.make('Ada'), await Person.make('Bob')];
  const group = await ada.makesGroup('Long');
  await bob.joins(group);
  for (let n = 1; n <= 150; n++) await ada.says(group, `line ${n}`);
  await bob.call('PUT', `/groups/${group.id}/read`, { seq: 10_000 });
  const his = await bob.opens(browser, `/g/${group.id}`);
  await his.sees('line 150');
  // Only what is near the window exists.
  expect(await his.log.getByRole('article').count()).toBeLessThan(60);
  await his.log.hover();
  await his.page.mouse.wheel(0, -2500);
  await expect(his.page.getByRole('button', { name: 'Jump to present' })).toBeVisible();
  const place = await middleMessage(his.page);
  await ada.says(group, 'something new');
  await expect(his.page.getByRole('button', { name: '1 new message' })).toBeVisible();
  expect(await middleMessage(his.page)).toEqual(place);
  await his.page.getByRole('button', { name: '1 new message' }).click();
  await his.sees('something new');
  // All the way up, older pages come as one goes.
  await his.page.keyboard.press('Control+Home');
  await his.sees('line 1');
  await his.page.keyboard.press('Control+End');
  await his.sees('something new');
  await his.closes();
});

test('older pages do not move what one looks at', async ({ browser }) => {
  const ada = await Person.make('Ada');
  const group = await ada.makesGroup('History');
  for (let n = 1; n <= 200; n++) await ada.says(group, `line ${n}${n % 7 === 0 ? '\nwith\nmore\nlines' : ''}`);
  const hers = await ada.opens(browser, `/g/${group.id}`);
  await hers.sees('line 200');
  await hers.log.hover();
  const seen = new Set<number>();
  // Small steps, as a wheel makes them; every line must come by.
  for (let step = 0; step < 200 && !seen.has(1); step++) {
    for (const line of await hers.log.getByRole('article').allInnerTexts()) seen.add(Number(/line (\d+)/.exec(line)?.[1]));
    await hers.page.mouse.wheel(0, -300);
    await hers.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  }
  const missing = Array.from({ length: 200 }, (_, index) => index + 1).filter((n) => !seen.has(n));
  expect(missing).toEqual([]);
  await hers.closes();
});

test('a permalink shows and focuses its message, far back too', async ({ browser }) => {
  const ada = await Person.make('Ada');
  const group = await ada.makesGroup('Links');
  const seqs: number[] = [];
  for (let n = 1; n <= 180; n++) seqs.push(await ada.says(group, `line ${n}.`));
  const hers = await ada.opens(browser, `/g/${group.id}/m/${seqs[19]}`);
  const row = hers.message('line 20.');
  await expect(row).toBeInViewport();
  await expect(row).toBeFocused();
  await hers.page.getByRole('button', { name: 'Jump to present' }).click();
  await expect(hers.message('line 180.')).toBeInViewport();
  await hers.closes();
});

test('search within the group', async ({ browser }) => {
  const ada = await Person.make('Ada');
  const group = await ada.makesGroup('Search');
  for (let n = 1; n <= 40; n++) await ada.says(group, n % 10 === 0 ? `needle ${n}` : `hay ${n}`);
  const hers = await ada.opens(browser, `/g/${group.id}`);
  await hers.sees('needle 40');
  await hers.page.keyboard.press('Control+f');
  const box = hers.page.getByRole('searchbox', { name: 'Search in this group' });
  await box.fill('needle');
  await expect(hers.page.getByText('1 of 4')).toBeVisible();
  await box.press('Enter');
  await box.press('Enter');
  await expect(hers.page.getByText('2 of 4')).toBeVisible();
  await expect(hers.message('needle 30')).toBeInViewport();
  await box.press('Escape');
  await expect(box).toBeHidden();
  await expect(hers.composer).toBeFocused();
  await hers.closes();
});

test('a lost connection keeps the place and the draft, and sends what was written', async ({ browser }) => {
  const [ada, bob] = [await Person.make('Ada'), await Person.make('Bob')];
  const group = await ada.makesGroup('Tunnel');
  await bob.joins(group);
  for (let n = 1; n <= 80; n++) await ada.says(group, `line ${n}.`);
  await bob.call('PUT', `/groups/${group.id}/read`, { seq: 10_000 });
  const his = await bob.opens(browser, `/g/${group.id}`);
  await his.sees('line 80.');
  await his.writes('before the tunnel');
  await his.composer.fill('half a sent');
  await his.log.hover();
  await his.page.mouse.wheel(0, -1500);
  await expect(his.page.getByRole('button', { name: 'Jump to present' })).toBeVisible();
  const place = await middleMessage(his.page);

  await his.page.context().setOffline(true);
  await expect(his.page.getByText('Reconnecting…')).toBeVisible();
  await ada.says(group, 'said meanwhile');
  await his.page.context().setOffline(false);
  await expect(his.page.getByRole('button', { name: '1 new message' })).toBeVisible({ timeout: 20_000 });
  expect(await middleMessage(his.page)).toEqual(place);
  await expect(his.composer).toHaveValue('half a sent');

  // Written while away: it waits, and goes out by itself.
  await his.page.context().setOffline(true);
  await expect(his.page.getByText('Reconnecting…')).toBeVisible();
  await his.writes('written in the tunnel');
  await expect(his.message('written in the tunnel')).toContainText('Waiting for the connection');
  await his.page.context().setOffline(false);
  const hers = await ada.opens(browser, `/g/${group.id}`);
  await hers.sees('written in the tunnel');
  await expect(hers.message('written in the tunnel')).toHaveCount(1);
  await hers.closes();
  await his.closes();
});

test('a draft survives a reload and shows as a pencil', async ({ browser }) => {
  const ada = await Person.make('Ada');
  const [one, two] = [await ada.makesGroup('Draft one'), await ada.makesGroup('Draft two')];
  const hers = await ada.opens(browser, `/g/${one.id}`);
  await hers.composer.fill('not finished');
  await hers.page.goto(`${serverUrl()}/g/${two.id}`);
  const link = hers.page.getByRole('link', { name: /Draft one/ });
  await expect(link).toHaveAccessibleName(/unsent draft/);
  await link.click();
  await expect(hers.composer).toHaveValue('not finished');
  await hers.closes();
});

test('an ended session asks to sign in again and keeps everything', async ({ browser }) => {
  const ada = await Person.make('Ada');
  const group = await ada.makesGroup('Expired');
  const hers = await ada.opens(browser, `/g/${group.id}`);
  await hers.writes('before');
  await hers.composer.fill('half a thought');
  await ada.call('DELETE', '/sessions');
  const sheet = hers.page.getByRole('dialog', { name: 'Sign in again' });
  await expect(sheet).toBeVisible({ timeout: 15_000 });
  await sheet.getByLabel('Password').fill('a long enough password');
  await sheet.getByRole('button', { name: 'Sign in' }).click();
  await expect(sheet).toBeHidden();
  await expect(hers.composer).toHaveValue('half a thought');
  await hers.composer.press('Enter');
  await hers.sees('half a thought');
  await hers.closes();
});

/** The message in the middle of the log and where exactly it stands. */
async function middleMessage(page: import('@playwright/test').Page): Promise<{ text: string; top: number }> {
  // Once the scrolling has come to rest.
  let before: { text: string; top: number } | null = null;
  let found: { text: string; top: number } = { text: '', top: 0 };
  await expect(async () => {
    found = await page.getByRole('region', { name: /^Messages in/ }).evaluate((feed) => {
      const frame = feed.getBoundingClientRect();
      const middle = frame.top + frame.height / 2;
      const row = [...feed.querySelectorAll('article')].find((article) => article.getBoundingClientRect().bottom > middle);
      return { text: row?.textContent ?? '', top: Math.round(row?.getBoundingClientRect().top ?? 0) };
    });
    const same = before?.text === found.text && before.top === found.top;
    before = found;
    expect(same).toBe(true);
  }).toPass({ intervals: [60] });
  return found;
}

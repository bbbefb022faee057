// People talk: two browsers, a guest with a link, everything that can be done to a message.
import { expect, Person, serverUrl, test, Chat } from './people.ts';

test('two browsers chat; each message appears once, in order, on both', async ({ browser }) => {
  const [ada, bob] = [await Person.make('Ada'), await Person.make('Bob')];
  const group = await ada.makesGroup('Two browsers');
  await bob.joins(group);
  const [hers, his] = [await ada.opens(browser, `/g/${group.id}`), await bob.opens(browser, `/g/${group.id}`)];
  await expect(hers.composer).toBeFocused();
  for (let n = 1; n <= 5; n++) {
    await hers.writes(`from Ada ${n}`);
    await his.sees(`from Ada ${n}`);
    await his.writes(`from Bob ${n}`);
    await hers.sees(`from Bob ${n}`);
  }
  const texts = [1, 2, 3, 4, 5].flatMap((n) => [`from Ada ${n}`, `from Bob ${n}`]);
  for (const chat of [hers, his]) {
    const shown = (await chat.log.getByRole('article').allInnerTexts()).map((text) => /from \w+ \d/.exec(text)?.[0]);
    expect(shown).toEqual(texts);
  }
  await hers.closes();
  await his.closes();
});

test('typing is seen, and ends with the message', async ({ browser }) => {
  const [ada, bob] = [await Person.make('Ada'), await Person.make('Bob')];
  const group = await ada.makesGroup('Typing');
  await bob.joins(group);
  const [hers, his] = [await ada.opens(browser, `/g/${group.id}`), await bob.opens(browser, `/g/${group.id}`)];
  await expect(his.page.getByRole('complementary').getByText('2 members, 2 here now')).toBeVisible();
  await hers.composer.pressSequentially('hel');
  await expect(his.page.getByText('Ada is typing…')).toBeVisible();
  await hers.writes('hello');
  await his.sees('hello');
  await expect(his.page.getByText('Ada is typing…')).toBeHidden();
  await hers.closes();
  await expect(his.page.getByText('2 members, 1 here now')).toBeVisible();
  await his.closes();
});

test('a guest joins by a link and talks', async ({ browser }) => {
  const ada = await Person.make('Ada');
  const group = await ada.makesGroup('Open house');
  const hers = await ada.opens(browser, `/g/${group.id}`);
  const guest = await Chat.open(await browser.newContext(), `/welcome?code=${group.access_code}`);
  await guest.page.getByLabel('Your name').fill('Zoë');
  await expect(guest.page.getByLabel('Access code')).toHaveValue(group.access_code);
  await guest.page.getByRole('button', { name: 'Join', exact: true }).click();
  await expect(guest.page.getByRole('heading', { level: 1, name: 'Open house' })).toBeVisible();
  await guest.writes('hello from outside');
  await hers.sees('hello from outside');
  await expect(hers.page.getByText('Zoë joined')).toBeVisible();
  await expect(guest.page.getByRole('button', { name: 'Create or join a group' })).toBeHidden();
  await guest.closes();
  await hers.closes();
});

test('a wrong code keeps the name', async ({ page }) => {
  await page.goto(`${serverUrl()}/welcome`);
  await page.getByLabel('Your name').fill('Zoë');
  await page.getByLabel('Access code').fill('no-such-code');
  await page.getByRole('button', { name: 'Join', exact: true }).click();
  await expect(page.getByText('No group has this code')).toBeVisible();
  await expect(page.getByLabel('Your name')).toHaveValue('Zoë');
});

test('edit, history, reply, react, delete and undo', async ({ browser }) => {
  const [ada, bob] = [await Person.make('Ada'), await Person.make('Bob')];
  const group = await ada.makesGroup('All actions');
  await bob.joins(group);
  const [hers, his] = [await ada.opens(browser, `/g/${group.id}`), await bob.opens(browser, `/g/${group.id}`)];

  await hers.writes('helo world');
  await his.sees('helo world');
  // ↑ in the empty box edits one's last message.
  await hers.composer.press('ArrowUp');
  const edit = hers.page.getByRole('textbox', { name: 'Edit message' });
  await expect(edit).toHaveValue('helo world');
  await edit.fill('hello world');
  await edit.press('Enter');
  await his.sees('hello world');
  await expect(his.message('hello world')).toContainText('(edited)');
  await hers.message('hello world').getByRole('button', { name: '(edited)' }).click();
  await expect(hers.page.getByRole('dialog', { name: 'Earlier versions' })).toContainText('helo world');
  await hers.page.keyboard.press('Escape');

  await his.does('hello world', 'Reply');
  await expect(his.page.getByText('Answering Ada')).toBeVisible();
  await his.writes('hi Ada');
  await expect(hers.message('hi Ada').getByRole('button', { name: /Answer to Ada/ })).toBeVisible();

  await his.does('hello world', 'React');
  await his.page.getByLabel('Search emoji').fill('party');
  await his.page.getByRole('button', { name: /🎉/ }).click();
  const chip = (chat: Chat) => chat.message('hello world').getByRole('group', { name: 'Reactions' }).getByRole('button', { name: /🎉/ });
  await expect(chip(hers)).toHaveAccessibleName('Bob reacted with 🎉');
  await chip(hers).click();
  await expect(chip(his)).toHaveAccessibleName(/You and Ada reacted with 🎉/);
  await chip(his).click();
  await expect(chip(hers)).toHaveAccessibleName('You reacted with 🎉');

  await hers.writes('a mistake');
  await his.sees('a mistake');
  await hers.does('a mistake', 'More actions');
  await hers.page.getByRole('menuitem', { name: /Delete/ }).click();
  await expect(hers.message('a mistake')).toHaveCount(0);
  await hers.page.getByRole('button', { name: 'Undo' }).click();
  await hers.sees('a mistake');
  await hers.does('a mistake', 'More actions');
  await hers.page.getByRole('menuitem', { name: /Delete/ }).click();
  await expect(his.message('a mistake')).toHaveCount(0, { timeout: 12_000 });

  await hers.closes();
  await his.closes();
});

test('Markdown and mentions are drawn; names complete', async ({ browser }) => {
  const [ada, bob] = [await Person.make('Ada'), await Person.make('Bob')];
  const group = await ada.makesGroup('Formats');
  await bob.joins(group);
  const [hers, his] = [await ada.opens(browser, `/g/${group.id}`), await bob.opens(browser, `/g/${group.id}`)];
  await expect(hers.page.getByRole('complementary').getByText('Bob', { exact: true })).toBeVisible();
  await hers.composer.pressSequentially('hi @bo');
  await expect(hers.page.getByRole('option', { name: /Bob/ })).toBeVisible();
  await hers.composer.press('Tab');
  await expect(hers.composer).toHaveValue(`hi @${bob.username} `);
  await hers.composer.press('Enter');
  await expect(his.message('hi').getByText(`@${bob.username}`)).toBeVisible();
  await hers.writes('**bold** `code` https://example.org/x');
  const row = his.message('bold');
  await expect(row.locator('strong')).toHaveText('bold');
  await expect(row.locator('code')).toHaveText('code');
  await expect(row.getByRole('link')).toHaveAttribute('rel', /noopener/);
  await hers.closes();
  await his.closes();
});

test('what looks like HTML is text, in messages, names and groups', async ({ browser }) => {
  const attack = '<img src=x onerror="window.pwned=1">';
  const ada = await Person.make('Ada');
  await ada.call('PATCH', '/me', { display_name: '<b>Ada</b>' });
  const group = await ada.makesGroup(attack.slice(0, 80));
  await ada.call('PATCH', `/groups/${group.id}`, { description: attack, rules: attack });
  for (const text of [attack, '[x](javascript:window.pwned=1)', '<script>window.pwned=1</script>', '"><svg onload=window.pwned=1>', '![x](data:text/html,x)', '[<img src=x onerror=window.pwned=1>](https://example.org)']) {
    await ada.says(group, text);
  }
  const hers = await ada.opens(browser, `/g/${group.id}`);
  await hers.sees(attack);
  await expect(hers.page.getByRole('heading', { level: 1 })).toHaveText(attack.slice(0, 80));
  await expect(hers.log.locator('img, script, svg[onload], a[href^="javascript"], a[href^="data"]')).toHaveCount(0);
  expect(await hers.page.evaluate(() => 'pwned' in window)).toBe(false);
  const policy = (await hers.page.request.get(serverUrl())).headers()['content-security-policy'];
  expect(policy).toContain('script-src');
  expect(policy).not.toMatch(/script-src[^;]*unsafe-inline/);
  await hers.closes();
});

// Every screen in both themes: no serious finding of axe, and a picture to look at. And the size of a phone.
import { examine, PHONE } from './examine.ts';
import { Chat, expect, Person, serverUrl, test, type Group } from './people.ts';

async function livelyGroup(ada: Person, bob: Person): Promise<Group> {
  const group = await ada.makesGroup('Book club');
  await bob.joins(group);
  await ada.call('PATCH', `/groups/${group.id}`, { description: 'Thursdays at eight; bring tea' });
  await ada.says(group, 'Has everybody finished **chapter four**?');
  const answered = await bob.says(group, 'Almost! Two pages left, and I do not like where this is going.');
  await ada.says(group, 'Do not worry.', answered);
  await bob.says(group, '> Do not worry\nI *do*.\n\n- tea\n- cake\n- `the good chairs`');
  await ada.says(group, '```py\nprint(open("chapter4.txt").read().count(","))\n```');
  const last = await bob.says(group, `@${ada.username} 1,204. https://example.org/lighthouse`);
  await bob.call('PUT', `/groups/${group.id}/messages/${last}/reactions/${encodeURIComponent('👍')}`);
  return group;
}

for (const scheme of ['light', 'dark'] as const) {
  test(`every screen, ${scheme}`, async ({ browser }) => {
    test.setTimeout(90_000);
    const [ada, bob] = [await Person.make('Ada'), await Person.make('Bob')];
    const group = await livelyGroup(ada, bob);
    const options = { colorScheme: scheme, reducedMotion: 'reduce' } as const;

    const door = await Chat.open(await browser.newContext(options), '/welcome?code=abc');
    await expect(door.page.getByLabel('Your name')).toBeVisible();
    await examine(door, `welcome-guest-${scheme}`);
    await door.page.getByRole('button', { name: 'Create account' }).first().click();
    await examine(door, `welcome-register-${scheme}`);
    await door.page.goto(`${serverUrl()}/welcome?admin=token`);
    await expect(door.page.getByRole('heading', { name: 'Create the first admin' })).toBeVisible();
    await examine(door, `welcome-admin-${scheme}`);
    await door.closes();

    const hers = await ada.opens(browser, '/g', options);
    await expect(hers.page.getByRole('heading', { name: 'Pick a group' })).toBeVisible();
    await examine(hers, `groups-${scheme}`);
    await hers.page.getByRole('link', { name: /Book club/ }).click();
    await hers.sees('1,204');
    await expect(hers.page.getByRole('complementary').getByText('Bob', { exact: true })).toBeVisible();
    await examine(hers, `group-${scheme}`);
    await hers.does('1,204', 'More actions');
    await expect(hers.page.getByRole('menu')).toBeVisible();
    await examine(hers, `group-menu-${scheme}`);
    await hers.page.keyboard.press('Escape');
    await hers.does('1,204', 'React');
    await expect(hers.page.getByLabel('Search emoji')).toBeVisible();
    await examine(hers, `group-emoji-${scheme}`);
    await hers.page.keyboard.press('Escape');
    await hers.composer.fill('a draft with @bo');
    await hers.composer.press('End');
    await hers.page.keyboard.press('Control+f');
    await hers.page.getByRole('searchbox').fill('chapter');
    await examine(hers, `group-search-${scheme}`);
    await hers.page.getByRole('searchbox').press('Escape');
    await hers.page.keyboard.press('Control+k');
    await expect(hers.page.getByRole('combobox')).toBeVisible();
    await examine(hers, `palette-${scheme}`);
    await hers.page.keyboard.press('Escape');
    await hers.page.keyboard.press('Control+/');
    await expect(hers.page.getByRole('dialog', { name: 'Keyboard' })).toBeVisible();
    await examine(hers, `keyboard-${scheme}`);
    await hers.page.keyboard.press('Escape');
    await hers.page.goto(`${serverUrl()}/g/${group.id}/settings`);
    await expect(hers.page.getByText('Nobody is banned.')).toBeVisible();
    await examine(hers, `group-settings-${scheme}`);
    await hers.page.goto(`${serverUrl()}/settings`);
    await expect(hers.page.getByText('(this one)')).toBeVisible();
    await examine(hers, `settings-${scheme}`);
    await hers.page.goto(`${serverUrl()}/g/999999`);
    await expect(hers.page.getByRole('heading', { name: 'This group is not here' })).toBeVisible();
    await examine(hers, `no-group-${scheme}`);
    await hers.closes();
  });

  test(`a phone, ${scheme}`, async ({ browser }) => {
    const [ada, bob] = [await Person.make('Ada'), await Person.make('Bob')];
    await livelyGroup(ada, bob);
    const hers = await ada.opens(browser, '/', { ...PHONE, colorScheme: scheme, reducedMotion: 'reduce' });
    await expect(hers.page.getByRole('link', { name: /Book club/ })).toBeVisible();
    await examine(hers, `phone-list-${scheme}`);
    await hers.page.getByRole('link', { name: /Book club/ }).tap();
    await hers.sees('1,204');
    await expect(hers.page.getByRole('navigation', { name: 'Groups' })).toBeHidden();
    await expect(hers.composer).not.toBeFocused();
    await examine(hers, `phone-group-${scheme}`);
    // Nothing is wider than the window, and what a finger must hit is large enough.
    expect(await hers.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    for (const name of ['Send', 'Search in this group', 'More']) {
      const box = await hers.page.getByRole('button', { name, exact: true }).boundingBox();
      expect(Math.min(box!.width, box!.height), name).toBeGreaterThanOrEqual(44);
    }
    await hers.composer.fill('from the bus');
    await hers.page.getByRole('button', { name: 'Send' }).tap();
    await hers.sees('from the bus');
    // A finger has no hover: a tap shows the actions, another one hides them.
    const actions = hers.message('from the bus').getByRole('toolbar', { name: 'Message actions' });
    await hers.message('from the bus').getByText('from the bus').tap();
    await expect(actions).toBeVisible();
    await hers.message('from the bus').getByText('from the bus').tap();
    await expect(actions).toBeHidden();
    await hers.message('1,204').getByText('1,204').tap();
    await hers.message('1,204').getByRole('button', { name: 'Reply' }).tap();
    await expect(hers.page.getByText('Answering Bob')).toBeVisible();
    await hers.page.getByRole('button', { name: 'Do not answer' }).tap();
    await hers.page.getByRole('button', { name: /^Members/ }).tap();
    await expect(hers.page.getByRole('dialog', { name: 'Members' }).getByText('Bob', { exact: true })).toBeVisible();
    await examine(hers, `phone-members-${scheme}`);
    await hers.page.getByRole('button', { name: 'Close' }).tap();
    await hers.page.getByRole('link', { name: 'All groups' }).tap();
    await expect(hers.page.getByRole('link', { name: /Book club/ })).toBeVisible();
    await hers.page.getByRole('link', { name: 'Settings' }).tap();
    await expect(hers.page.getByText('(this one)')).toBeAttached();
    await examine(hers, `phone-settings-${scheme}`);
    await hers.closes();
  });
}

test('everything can be done by keyboard', async ({ browser }) => {
  const [ada, bob] = [await Person.make('Ada'), await Person.make('Bob')];
  const group = await ada.makesGroup('Keys');
  await bob.joins(group);
  await bob.says(group, 'first');
  await bob.says(group, 'second');
  const hers = await ada.opens(browser, `/g/${group.id}`);
  await hers.sees('second');
  await expect(hers.composer).toBeFocused();
  // From the box into the log, to a message, to an action.
  await hers.page.keyboard.press('Shift+Tab');
  for (let n = 0; n < 6 && !(await hers.log.evaluate((feed) => feed === document.activeElement)); n++) await hers.page.keyboard.press('Shift+Tab');
  await expect(hers.log).toBeFocused();
  await hers.page.keyboard.press('ArrowUp');
  await expect(hers.message('second')).toBeFocused();
  await hers.page.keyboard.press('k');
  await expect(hers.message('first')).toBeFocused();
  await hers.page.keyboard.press('r');
  await expect(hers.composer).toBeFocused();
  await expect(hers.page.getByText('Answering Bob')).toBeVisible();
  await hers.composer.fill('an answer');
  await hers.page.keyboard.press('Enter');
  await expect(hers.message('an answer').getByRole('button', { name: /Answer to Bob/ })).toBeVisible();
  await hers.closes();
});

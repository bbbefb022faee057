// Groups and accounts: from the first admin to the end of a group.
import { expect, Person, serverUrl, test, Chat, rest } from './people.ts';

test('the link of the first start makes the first admin', async ({ browser }) => {
  const link = process.env.PARLOR_ADMIN_LINK;
  test.skip(!link, 'PARLOR_ADMIN_LINK is not set and the server printed none');
  const server = await rest<{ needs_admin: boolean }>('GET', '/server');
  test.skip(!server.needs_admin, 'this server has its admin already');
  const url = new URL(link!);
  const chat = await Chat.open(await browser.newContext(), url.pathname + url.search);
  await expect(chat.page.getByRole('heading', { name: 'Create the first admin' })).toBeVisible();
  await chat.page.getByLabel('Username').fill(`root${process.pid}`);
  await chat.page.getByLabel('Password').fill('a long enough password');
  await chat.page.getByRole('button', { name: 'Create admin account' }).click();
  await expect(chat.page.getByRole('main').getByRole('heading', { name: 'No groups yet' })).toBeVisible();
  expect(chat.page.url()).not.toContain('admin=');
  expect((await rest<{ needs_admin: boolean }>('GET', '/server')).needs_admin).toBe(false);
  await chat.closes();
});

test('create an account, a group, invite, settle in', async ({ browser }) => {
  const ada = await Chat.open(await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] }), '/welcome');
  await ada.page.getByRole('button', { name: 'Create account' }).first().click();
  const form = ada.page.getByRole('form', { name: 'Create account' });
  await form.getByLabel('Username').fill(`ada${process.pid}new`);
  await form.getByLabel('Display name').fill('Ada');
  await form.getByLabel('Password').fill('a long enough password');
  await form.getByRole('button', { name: 'Create account' }).click();
  await ada.page.getByRole('main').getByRole('button', { name: 'Create a group' }).click();
  await ada.page.getByRole('dialog').getByLabel('Name').fill('Brand new');
  await ada.page.getByRole('dialog').getByRole('button', { name: 'Create', exact: true }).click();
  await expect(ada.page.getByRole('heading', { level: 1, name: 'Brand new' })).toBeVisible();
  await ada.writes('first words');
  await ada.sees('first words');

  await ada.page.getByRole('banner').or(ada.page.locator('header')).getByRole('button', { name: 'More', exact: true }).click();
  await ada.page.getByRole('menuitem', { name: 'Copy invite link' }).click();
  await expect(ada.page.getByText('Invite link copied')).toBeVisible();
  const invite = await ada.page.evaluate(() => navigator.clipboard.readText());
  expect(invite).toContain('/welcome?code=');

  const bob = await Person.make('Bob');
  const his = await bob.opens(browser, invite.slice(new URL(invite).origin.length));
  await his.page.getByRole('button', { name: 'Join the group' }).click();
  await his.sees('first words');
  await expect(ada.page.getByText('Bob joined')).toBeVisible();
  await his.closes();
  await ada.closes();
});

test('settings of a group: words, code, bans, the end', async ({ browser }) => {
  const [ada, bob, cleo] = [await Person.make('Ada'), await Person.make('Bob'), await Person.make('Cleo')];
  const group = await ada.makesGroup('Before');
  await bob.joins(group);
  await cleo.joins(group);
  const [hers, his] = [await ada.opens(browser, `/g/${group.id}/settings`), await bob.opens(browser, `/g/${group.id}`)];
  const dialog = hers.page.getByRole('dialog', { name: 'Group settings' });
  await dialog.getByLabel('Name', { exact: true }).fill('After');
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(dialog.getByText('Saved')).toBeVisible();
  await expect(his.page.getByRole('heading', { level: 1, name: 'After' })).toBeVisible();

  await expect(dialog.getByText(group.access_code, { exact: true })).toBeVisible();
  await dialog.getByRole('button', { name: 'New code' }).click();
  await hers.page.getByRole('dialog', { name: 'Make a new code?' }).getByRole('button', { name: 'New code' }).click();
  await expect(dialog.getByText(group.access_code, { exact: true })).toBeHidden();
  await expect(hers.page.getByRole('dialog', { name: 'Make a new code?' })).toBeHidden();
  await hers.page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();

  const panel = hers.page.getByRole('complementary', { name: 'Members' });
  await panel.getByRole('button', { name: 'Actions for Bob' }).click();
  await hers.page.getByRole('menuitem', { name: 'Make moderator' }).click();
  await expect(panel.getByRole('heading', { name: /Moderators/ })).toBeVisible();
  await panel.getByRole('button', { name: 'Actions for Bob' }).click();
  await hers.page.getByRole('menuitem', { name: 'Ban from group' }).click();
  const ban = hers.page.getByRole('dialog', { name: 'Ban Bob?' });
  await ban.getByLabel(/Reason/).fill('a test');
  await ban.getByRole('button', { name: 'Ban' }).click();
  await expect(his.page.getByText('You were banned from After.')).toBeVisible();
  await expect(his.page.getByRole('heading', { name: 'This group is not here' })).toBeVisible();

  const third = await cleo.opens(browser, `/g/${group.id}`);
  await expect(third.composer).toBeVisible();
  await hers.page.goto(`${serverUrl()}/g/${group.id}/settings`);
  await dialog.getByRole('button', { name: 'Lift the ban of Bob' }).click();
  await expect(dialog.getByText('Nobody is banned.')).toBeVisible();
  await dialog.getByRole('button', { name: 'Delete group' }).click();
  const end = hers.page.getByRole('dialog', { name: 'Delete After?' });
  await expect(end.getByRole('button', { name: 'Delete for good' })).toBeDisabled();
  await end.getByLabel(/to confirm/).fill('After');
  await end.getByRole('button', { name: 'Delete for good' }).click();
  await expect(hers.page.getByRole('main').getByRole('heading', { name: 'No groups yet' })).toBeVisible();
  await expect(third.page.getByRole('heading', { name: 'This group is not here' })).toBeVisible();
  await hers.closes();
  await his.closes();
  await third.closes();
});

test('a removed member sees nothing more; a handed-over group has a new owner', async ({ browser }) => {
  const [ada, bob, cleo] = [await Person.make('Ada'), await Person.make('Bob'), await Person.make('Cleo')];
  const group = await ada.makesGroup('Three');
  await bob.joins(group);
  await cleo.joins(group);
  const [hers, his] = [await ada.opens(browser, `/g/${group.id}`), await bob.opens(browser, `/g/${group.id}`)];
  const panel = hers.page.getByRole('complementary', { name: 'Members' });
  await panel.getByRole('button', { name: 'Actions for Bob' }).click();
  await hers.page.getByRole('menuitem', { name: 'Remove from group' }).click();
  await hers.page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect(his.page.getByText('You were removed from Three.')).toBeVisible();
  await panel.getByRole('button', { name: 'Actions for Cleo' }).click();
  await hers.page.getByRole('menuitem', { name: 'Hand the group over' }).click();
  await hers.page.getByRole('dialog').getByRole('button', { name: 'Hand over' }).click();
  await expect(panel.getByRole('region', { name: 'Owner' }).getByText('Cleo', { exact: true })).toBeVisible();
  await hers.page.getByRole('button', { name: 'More', exact: true }).click();
  await hers.page.getByRole('menuitem', { name: 'Leave group' }).click();
  await hers.page.getByRole('dialog').getByRole('button', { name: 'Leave group' }).click();
  await expect(hers.page.getByRole('main').getByRole('heading', { name: 'No groups yet' })).toBeVisible();
  await hers.closes();
  await his.closes();
});

test('own settings: theme, name, password, sessions, signing out', async ({ browser }) => {
  const ada = await Person.make('Ada');
  const hers = await ada.opens(browser, '/settings');
  await hers.page.getByRole('radio', { name: 'Dark' }).check();
  await expect(hers.page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await hers.page.reload();
  await expect(hers.page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await hers.page.getByLabel('Display name').fill('Ada L.');
  await hers.page.getByRole('button', { name: 'Save name' }).click();
  await expect(hers.page.getByRole('navigation', { name: 'Groups' }).getByText('Ada L.')).toBeVisible();
  await hers.page.getByLabel('Current password').fill('wrong one, surely');
  await hers.page.getByLabel('New password').fill('another good password');
  await hers.page.getByRole('button', { name: 'Change password' }).click();
  await expect(hers.page.getByText('The current password is not right.')).toBeVisible();
  await hers.page.getByLabel('Current password').fill('a long enough password');
  await hers.page.getByRole('button', { name: 'Change password' }).click();
  await expect(hers.page.getByText('Changed')).toBeVisible();
  await expect(hers.page.getByText('(this one)')).toBeVisible();
  await hers.page.getByRole('button', { name: 'Sign out here' }).click();
  await expect(hers.page.getByRole('button', { name: 'Join as guest' })).toBeVisible();
  await hers.page.goto(`${serverUrl()}/settings`);
  await expect(hers.page).toHaveURL(/\/welcome\?next=/);
  await hers.closes();
});

test('the palette finds groups and commands', async ({ browser }) => {
  const ada = await Person.make('Ada');
  await ada.makesGroup('Alpha');
  await ada.makesGroup('Beta');
  const hers = await ada.opens(browser, '/g');
  await expect(hers.page.getByRole('link', { name: 'Alpha' })).toBeVisible();
  await hers.page.keyboard.press('Control+k');
  await hers.page.getByRole('combobox').fill('bet');
  await hers.page.keyboard.press('Enter');
  await expect(hers.page.getByRole('heading', { level: 1, name: 'Beta' })).toBeVisible();
  await hers.page.keyboard.press('Control+/');
  await expect(hers.page.getByRole('dialog', { name: 'Keyboard' })).toBeVisible();
  await hers.page.keyboard.press('Escape');
  await hers.page.keyboard.press('Control+,');
  await expect(hers.page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
  await hers.closes();
});

// People meet in the lobby: find, confirm, talk, go on, keep, report; and an owner's speed chat.
import type { Browser, BrowserContextOptions } from '@playwright/test';
import { examine, PHONE } from './examine.ts';
import { Chat, expect, Person, serverUrl, test, type Group } from './people.ts';

const find = (chat: Chat) => chat.page.getByRole('button', { name: 'Find someone' });
const start = (chat: Chat) => chat.page.getByRole('button', { name: 'Start', exact: true });
/** Without the live region, which says the same once more. */
const main = (chat: Chat) => chat.page.getByRole('main');
const talk = (chat: Chat) => chat.page.getByRole('textbox', { name: /^Message / });

async function lobbyOf(name: string, people: readonly Person[]): Promise<Group> {
  const group = await people[0]!.makesGroup(name);
  for (const person of people.slice(1)) await person.joins(group);
  return group;
}

/** In the lobby, waiting. */
async function waits(person: Person, browser: Browser, group: Group, options: BrowserContextOptions = {}): Promise<Chat> {
  const chat = await person.opens(browser, `/lobby/${group.id}`, options);
  await find(chat).click();
  await expect(chat.page.getByRole('heading', { name: 'Looking for somebody' })).toBeVisible();
  return chat;
}

async function meets(person: Person, browser: Browser, group: Group, options: BrowserContextOptions = {}): Promise<Chat> {
  const chat = await person.opens(browser, `/lobby/${group.id}`, options);
  await find(chat).click();
  await hasMet(chat);
  return chat;
}

async function hasMet(chat: Chat, name: string | RegExp = /^You have met /): Promise<void> {
  await expect(chat.page.getByRole('heading', { name })).toBeVisible();
}

async function startBoth(one: Chat, other: Chat): Promise<void> {
  await start(one).click();
  await start(other).click();
  await expect(talk(one)).toBeVisible();
  await expect(talk(other)).toBeVisible();
}

/** What a room shows is a log like a group's. */
function row(chat: Chat, text: string) {
  return chat.page.getByRole('region', { name: /^Messages with/ }).getByRole('article').filter({ hasText: text });
}

/** On a touch screen Enter breaks the line; this sends everywhere. */
async function says(chat: Chat, text: string): Promise<void> {
  await talk(chat).fill(text);
  await talk(chat).press('Control+Enter');
  await expect(row(chat, text.replace(/[\n*`>].*/s, '').trim())).toBeVisible();
}

test('two meet, confirm, talk, reload, go on; a third is met', async ({ browser }) => {
  const [ada, bob, cleo] = [await Person.make('Ada'), await Person.make('Bob'), await Person.make('Cleo')];
  const group = await lobbyOf('Meeting', [ada, bob, cleo]);
  const hers = await waits(ada, browser, group);
  await expect(main(hers).getByText('You are first; we keep looking.')).toBeVisible();
  // Others see in the group that somebody waits.
  const his = await bob.opens(browser, `/g/${group.id}`);
  await his.page.getByRole('button', { name: 'Lobby, 1 waits' }).click();
  await expect(main(his).getByText('1 person waits right now.')).toBeVisible();
  await find(his).click();
  await hasMet(hers, 'You have met Bob');
  await hasMet(his, 'You have met Ada');
  await expect(hers.page).toHaveTitle(/^● You have met Bob/);
  await expect(main(hers).getByText(/Nothing that is said here is stored.*the last 50 lines go to those who keep order in Meeting/)).toBeVisible();
  await start(hers).click();
  await expect(main(his).getByText('Ada is ready')).toBeVisible();
  await expect(main(hers).getByText('Waiting for Bob to press Start.')).toBeVisible();
  await start(his).click();
  await expect(talk(hers)).toBeFocused();
  await expect(talk(his)).toBeFocused();

  await talk(hers).pressSequentially('hel');
  await expect(main(his).getByText('Ada is typing…')).toBeVisible();
  await hers.writes('hello **Bob**');
  await expect(row(his, 'hello Bob').locator('strong')).toHaveText('Bob');
  await his.writes('hi');
  await expect(row(hers, 'hi')).toHaveCount(1);
  await expect(row(his, 'hi')).toHaveCount(1);

  // A reload in the middle: the same room, without a question; what was said is nobody's any more.
  await his.page.reload();
  await expect(main(his).getByText('You are back. What was said before is not here any more')).toBeVisible();
  await expect(row(his, 'hello')).toHaveCount(0);
  await expect(row(hers, 'hello')).toHaveCount(1);
  await his.writes('back again');
  await expect(row(hers, 'back again')).toBeVisible();

  // Once asks, twice goes on.
  await talk(hers).press('Escape');
  await expect(main(hers).getByText('Press Esc again to go on to somebody else.')).toBeVisible();
  await talk(hers).press('Escape');
  await expect(hers.page.getByRole('heading', { name: 'Looking for somebody' })).toBeVisible();
  await expect(main(his).getByText('Ada went on to somebody else.')).toBeVisible();
  await expect(his.page.getByRole('button', { name: /^Find next/ })).toBeFocused();

  const third = await meets(cleo, browser, group);
  await hasMet(hers, 'You have met Cleo');
  await startBoth(hers, third);
  await third.writes('nice to meet you');
  await expect(row(hers, 'nice to meet you')).toBeVisible();
  await expect(row(hers, 'hello')).toHaveCount(0);
  await third.page.getByRole('button', { name: 'More', exact: true }).click();
  await third.page.getByRole('menuitem', { name: 'Leave the lobby' }).click();
  await expect(find(third)).toBeVisible();
  await expect(main(hers).getByText('Cleo left.')).toBeVisible();
  // From now on without asking.
  await hers.page.getByLabel('Find the next one without asking').check();
  await expect(hers.page.getByRole('heading', { name: 'Looking for somebody' })).toBeVisible();
  await his.page.getByRole('button', { name: /^Find next/ }).click();
  // Ada was the last one whom Bob met: nobody meets the same person twice in a row.
  await expect(main(his).getByText('1 other waits, too.')).toBeVisible();
  await expect(main(his).getByText('Nobody meets the same person twice in a row.')).toBeVisible();
  for (const chat of [hers, his, third]) await chat.closes();
});

test('who does not press Start is out; the other is found somebody else', async ({ browser }) => {
  const [ada, bob] = [await Person.make('Ada'), await Person.make('Bob')];
  const group = await lobbyOf('Silence', [ada, bob]);
  const hers = await waits(ada, browser, group);
  const his = await Chat.open(await browser.newContext(), '/welcome');
  await his.page.clock.install();
  await his.page.goto(`${serverUrl()}/welcome?next=${encodeURIComponent(`/lobby/${group.id}`)}`);
  await his.page.getByRole('button', { name: 'Sign in' }).first().click();
  await his.page.getByLabel('Username').fill(bob.username);
  await his.page.getByLabel('Password').fill('a long enough password');
  await his.page.getByRole('form', { name: 'Sign in' }).getByRole('button', { name: 'Sign in' }).click();
  await find(his).click();
  await hasMet(hers);
  await hasMet(his);
  await start(hers).click();
  await his.page.clock.fastForward(21_000);
  await expect(main(his).getByText('Are you still there?')).toBeVisible();
  await expect(find(his)).toBeVisible();
  await expect(main(hers).getByText('Bob did not start, so we look for somebody else.')).toBeVisible();
  await expect(hers.page.getByRole('heading', { name: 'Looking for somebody' })).toBeVisible();
  await hers.closes();
  await his.closes();
});

test('both keep the room: it is a group of both', async ({ browser }) => {
  const [ada, bob] = [await Person.make('Ada'), await Person.make('Bob')];
  const group = await lobbyOf('Keeping', [ada, bob]);
  const hers = await waits(ada, browser, group);
  const his = await meets(bob, browser, group);
  await startBoth(hers, his);
  await hers.page.getByRole('button', { name: 'Keep', exact: true }).click();
  await expect(main(his).getByText('Ada would like to keep this.')).toBeVisible();
  await expect(main(his).getByText(/the room becomes a group that both of you own/)).toBeVisible();
  await hers.page.getByRole('button', { name: 'Keep', exact: true, pressed: true }).click();
  await expect(main(his).getByText(/the room becomes a group/)).toBeHidden();
  await hers.page.getByRole('button', { name: 'Keep', exact: true, pressed: false }).click();
  await expect(main(his).getByText(/the room becomes a group/)).toBeVisible();
  await his.page.getByRole('button', { name: 'Keep', exact: true }).click();
  for (const chat of [hers, his]) {
    await expect(chat.page).toHaveURL(/\/g\/\d+$/);
    await expect(chat.page.getByRole('heading', { level: 1, name: /^(Ada & Bob|Bob & Ada)$/ })).toBeVisible();
  }
  expect(hers.page.url()).toBe(his.page.url());
  await hers.writes('for good now');
  await his.sees('for good now');
  await hers.closes();
  await his.closes();
});

test('a report reaches those who keep order, with what was seen; a block is taken back', async ({ browser }) => {
  const [ada, bob, cleo] = [await Person.make('Ada'), await Person.make('Bob'), await Person.make('Cleo')];
  const group = await lobbyOf('Order', [ada, bob, cleo]);
  const his = await waits(bob, browser, group);
  const third = await meets(cleo, browser, group);
  await startBoth(his, third);
  await his.writes('something unkind');
  await expect(row(third, 'something unkind')).toBeVisible();
  await third.page.getByRole('button', { name: 'More', exact: true }).click();
  await third.page.getByRole('menuitem', { name: 'Report Bob' }).click();
  const dialog = third.page.getByRole('dialog', { name: 'Report Bob' });
  await expect(dialog).toContainText('the last 50 lines of this room as you saw them');
  await dialog.getByLabel(/What happened/).fill('He was unkind.');
  await expect(dialog.getByLabel('Never put me together with Bob again')).toBeChecked();
  await dialog.getByRole('button', { name: 'Report and leave' }).click();
  await expect(main(third).getByText(/You have reported Bob and left the room/)).toBeVisible();
  await expect(main(his).getByText('Cleo left.')).toBeVisible();
  // Never again: both wait.
  await his.page.getByRole('button', { name: /^Find next/ }).click();
  await find(third).click();
  await expect(main(third).getByText('1 other waits, too.')).toBeVisible();
  await third.page.keyboard.press('Escape');
  await expect(find(third)).toBeFocused();

  const hers = await ada.opens(browser, `/g/${group.id}/settings`);
  const settings = hers.page.getByRole('dialog', { name: 'Group settings' });
  await expect(settings.getByText('He was unkind.')).toBeVisible();
  await settings.getByText('The one line that Cleo saw').click();
  await expect(settings.getByText('something unkind')).toBeVisible();
  await settings.getByRole('button', { name: 'Delete the report of Cleo about Bob' }).click();
  await hers.page.getByRole('dialog', { name: 'Delete this report?' }).getByRole('button', { name: 'Delete' }).click();
  await expect(settings.getByText('Nothing was reported.')).toBeVisible();
  await settings.getByLabel('Threes in the lobby').check();
  await settings.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(settings.getByText('Saved')).toBeVisible();

  await third.page.goto(`${serverUrl()}/settings`);
  await third.page.getByRole('button', { name: 'Take back the block of Bob' }).click();
  await expect(third.page.getByText('You can meet Bob again.')).toBeVisible();
  for (const chat of [hers, his, third]) await chat.closes();
});

test('one who is left over joins two; they are told', async ({ browser }) => {
  const [ada, bob, cleo] = [await Person.make('Ada'), await Person.make('Bob'), await Person.make('Cleo')];
  const group = await lobbyOf('Threes', [ada, bob, cleo]);
  await ada.call('PATCH', `/groups/${group.id}`, { lobby_threes: true });
  const hers = await waits(ada, browser, group);
  const his = await meets(bob, browser, group);
  await startBoth(hers, his);
  const third = await waits(cleo, browser, group);
  await expect(main(hers).getByText('Cleo was left over and joins you.')).toBeVisible({ timeout: 15_000 });
  // Whether she has to press depends on how old the room is by then.
  await expect(talk(third).or(start(third))).toBeVisible();
  if (await start(third).isVisible()) await start(third).click();
  await talk(third).fill('hello you two');
  await talk(third).press('Enter');
  await expect(row(hers, 'hello you two')).toBeVisible();
  await expect(row(his, 'hello you two')).toBeVisible();
  await his.page.getByRole('button', { name: 'Next', exact: true }).click();
  await expect(main(hers).getByText('Bob went on to somebody else.')).toBeVisible();
  await hers.writes('still two');
  await expect(row(third, 'still two')).toBeVisible();
  for (const chat of [hers, his, third]) await chat.closes();
});

test('two windows of one account show the same place; leaving one leaves both', async ({ browser }) => {
  const [ada, bob] = [await Person.make('Ada'), await Person.make('Bob')];
  const group = await lobbyOf('Windows', [ada, bob]);
  const hers = await waits(ada, browser, group);
  const second = await Chat.open(hers.page.context(), `/lobby/${group.id}`);
  await find(second).click();
  await expect(second.page.getByRole('heading', { name: 'Looking for somebody' })).toBeVisible();
  const his = await meets(bob, browser, group);
  await hasMet(hers);
  await hasMet(second);
  await startBoth(second, his);
  await expect(talk(hers)).toBeVisible();
  await his.writes('to both of you');
  await expect(row(hers, 'to both of you')).toBeVisible();
  await expect(row(second, 'to both of you')).toBeVisible();
  await second.writes('from the second');
  await expect(row(hers, 'from the second')).toHaveCount(1);
  await second.page.getByRole('button', { name: 'More', exact: true }).click();
  await second.page.getByRole('menuitem', { name: 'Leave the lobby' }).click();
  await expect(main(hers).getByText('You left the lobby in another window.')).toBeVisible();
  await expect(main(his).getByText('Ada left.')).toBeVisible();
  await hers.closes();
  await his.closes();
});

test('a lost connection comes back to the same room, with what was said', async ({ browser }) => {
  const [ada, bob] = [await Person.make('Ada'), await Person.make('Bob')];
  const group = await lobbyOf('Tunnel', [ada, bob]);
  const hers = await ada.opens(browser, '/g');
  const wires: { close(): Promise<void> }[] = [];
  await hers.page.routeWebSocket(/socket\.io/, (wire) => {
    wire.connectToServer();
    wires.push(wire);
  });
  await hers.page.goto(`${serverUrl()}/lobby/${group.id}`);
  await find(hers).click();
  const his = await meets(bob, browser, group);
  await startBoth(hers, his);
  await his.writes('into the tunnel');
  await expect(row(hers, 'into the tunnel')).toBeVisible();
  const before = wires.length;
  for (const wire of wires) await wire.close();
  await expect.poll(() => wires.length).toBeGreaterThan(before);
  await his.writes('out again');
  await expect(row(hers, 'out again')).toBeVisible();
  await expect(row(hers, 'into the tunnel')).toHaveCount(1);
  await hers.writes('here I am');
  await expect(row(his, 'here I am')).toBeVisible();
  await hers.closes();
  await his.closes();
});

test('elsewhere in the client one is told, and led there; a guest can meet, too', async ({ browser }) => {
  const ada = await Person.make('Ada');
  const group = await lobbyOf('Elsewhere', [ada]);
  const hers = await waits(ada, browser, group, { permissions: ['notifications'] });
  await hers.page.getByRole('button', { name: 'Tell me when somebody is there' }).click();
  await expect(main(hers).getByText('You will be told')).toBeVisible();
  await hers.page.getByRole('link', { name: 'Messages of Elsewhere' }).click();
  await expect(hers.page.getByRole('heading', { level: 1, name: 'Elsewhere' })).toBeVisible();
  const guest = await Chat.open(await browser.newContext(), `/welcome?code=${group.access_code}`);
  await guest.page.getByLabel('Your name').fill('Zoë');
  await guest.page.getByRole('button', { name: 'Join', exact: true }).click();
  await guest.page.getByRole('navigation', { name: 'Groups' }).getByRole('link', { name: 'Lobby' }).click();
  await expect(guest.page).toHaveURL(new RegExp(`/lobby/${group.id}$`));
  await find(guest).click();
  await hasMet(guest, 'You have met Ada');
  await expect(hers.page.getByRole('button', { name: 'Go there' })).toBeVisible();
  await expect(hers.page).toHaveTitle(/^● You have met Zoë/);
  await hers.page.getByRole('button', { name: 'Go there' }).click();
  await startBoth(hers, guest);
  await expect(guest.page.getByRole('complementary', { name: 'Speed chat' })).toHaveCount(0);
  await hers.closes();
  await expect(guest.page.getByRole('textbox')).toBeVisible();
  await guest.closes();
});

test('speed chat: four people, the clock, the tables, a late comer, the end', async ({ browser }) => {
  test.setTimeout(60_000);
  const owner = await Person.make('Olga');
  const people = await Promise.all(['Ada', 'Bob', 'Cleo', 'Dan', 'Eve'].map((name) => Person.make(name)));
  const group = await lobbyOf('Rounds', [owner, ...people]);
  const hers = await owner.opens(browser, `/lobby/${group.id}`);
  const panel = hers.page.getByRole('complementary', { name: 'Speed chat' });
  await panel.getByLabel('Rounds').fill('3');
  await panel.getByLabel('Minutes each').fill('1');
  await panel.getByLabel('It begins').selectOption('in 10 minutes');
  await panel.getByRole('button', { name: 'Start the speed chat' }).click();
  await expect(panel.getByRole('timer', { name: 'Begins in' })).toContainText(/9:\d\d|10:00/);
  await panel.getByRole('button', { name: 'Stop the speed chat' }).click();
  await hers.page.getByRole('dialog').getByRole('button', { name: 'Stop', exact: true }).click();

  await expect(panel.getByText('The last one was stopped before it began.')).toBeVisible();

  const seats: Chat[] = [];
  for (const person of people.slice(0, 4)) seats.push(await person.opens(browser, `/lobby/${group.id}`));
  for (const chat of seats) await expect(find(chat)).toBeVisible();
  await owner.call('POST', `/groups/${group.id}/speed_chat`, { rounds: 3, minutes: 1, starts_in_s: 10 });
  for (const chat of seats) {
    await chat.page.getByRole('button', { name: 'Join the speed chat' }).click();
    await expect(main(chat).getByText(/The speed chat begins in/)).toBeVisible();
  }
  await expect(panel.getByText('4 wait in the lobby.')).toBeVisible();
  for (const chat of seats) {
    await expect(talk(chat)).toBeVisible({ timeout: 15_000 });
    await expect(chat.page.getByRole('timer', { name: 'Round 1 of 3' })).toContainText(/0:\d\d|1:00/);
    await expect(chat.page.getByRole('button', { name: 'Next', exact: true })).toBeHidden();
  }
  await expect(panel.getByRole('timer', { name: 'Round 1 of 3' })).toBeVisible();
  await expect(panel.getByText('Then round 2, with somebody else.')).toBeVisible();
  const tables = panel.getByRole('listitem').filter({ hasText: /^Table \d/ });
  await expect(tables).toHaveCount(2);
  for (const name of ['Ada', 'Bob', 'Cleo', 'Dan']) await expect(tables.filter({ hasText: name })).toHaveCount(1);
  await examine(hers, 'lobby-18-tables-wide-light');
  await examine(seats[0]!, 'lobby-19-table-wide-light');
  const late = await people[4]!.opens(browser, `/lobby/${group.id}`);
  await expect(main(late).getByText(/Speed chat: round 1 of 3 runs/)).toBeVisible();
  await late.page.getByRole('button', { name: 'Join the speed chat' }).click();
  await expect(main(late).getByText(/You join at the next round, in 0:\d\d/)).toBeVisible();
  await panel.getByRole('button', { name: 'Stop the speed chat' }).click();
  await hers.page.getByRole('dialog').getByRole('button', { name: 'Stop', exact: true }).click();
  for (const chat of seats) {
    await expect(main(chat).getByText(/The rounds are over/)).toBeVisible();
    await expect(chat.page.getByRole('timer')).toHaveCount(0);
    await expect(chat.page.getByRole('button', { name: 'Next', exact: true })).toBeVisible();
  }
  await expect(main(late).getByText('You are first; we keep looking.')).toBeVisible();
  await expect(panel.getByRole('button', { name: 'Start the speed chat' })).toBeVisible();
  for (const chat of [hers, late, ...seats]) await chat.closes();
});

test('by keyboard alone', async ({ browser }) => {
  const [ada, bob] = [await Person.make('Ada'), await Person.make('Bob')];
  const group = await lobbyOf('Keys', [ada, bob]);
  const [hers, his] = [await ada.opens(browser, '/g'), await bob.opens(browser, `/lobby/${group.id}`)];
  await expect(hers.page.getByRole('link', { name: 'Keys', exact: false }).first()).toBeVisible();
  await hers.page.keyboard.press('Control+k');
  await hers.page.getByRole('combobox').fill('lobby');
  await hers.page.keyboard.press('Enter');
  await expect(find(hers)).toBeFocused();
  await hers.page.keyboard.press('Enter');
  await expect(hers.page.getByRole('heading', { name: 'Looking for somebody' })).toBeFocused();
  await hers.page.keyboard.press('Escape');
  await expect(find(hers)).toBeFocused();
  await hers.page.keyboard.press('Enter');
  await expect(hers.page.getByRole('heading', { name: 'Looking for somebody' })).toBeFocused();
  await expect(find(his)).toBeFocused();
  await his.page.keyboard.press('Enter');
  for (const chat of [hers, his]) {
    await expect(start(chat)).toBeFocused();
    await chat.page.keyboard.press('Enter');
  }
  for (const chat of [hers, his]) await expect(talk(chat)).toBeFocused();
  await hers.page.keyboard.type('no mouse');
  await hers.page.keyboard.press('Enter');
  await expect(row(his, 'no mouse')).toBeVisible();
  await his.page.keyboard.press('Escape');
  await his.page.keyboard.press('Escape');
  await expect(his.page.getByRole('heading', { name: 'Looking for somebody' })).toBeFocused();
  await expect(hers.page.getByRole('button', { name: /^Find next/ })).toBeFocused();
  await hers.page.keyboard.press('Escape');
  await hers.page.keyboard.press('Escape');
  await expect(hers.page.getByRole('heading', { name: 'Looking for somebody' })).toBeFocused();
  await hers.closes();
  await his.closes();
});

for (const scheme of ['light', 'dark'] as const) {
  for (const size of ['wide', 'phone'] as const) {
    test(`every state of the lobby, ${size}, ${scheme}`, async ({ browser }) => {
      test.setTimeout(90_000);
      const [ada, bob, cleo] = [await Person.make('Ada'), await Person.make('Bob Feather'), await Person.make('Cleo')];
      const group = await lobbyOf('Book club', [ada, bob, cleo]);
      const other = await lobbyOf('Chess and tea', [ada]);
      const options = { colorScheme: scheme, reducedMotion: 'reduce', ...(size === 'phone' ? PHONE : {}) } as const;
      const picture = (chat: Chat, state: string) => examine(chat, `lobby-${state}-${size}-${scheme}`);

      const hers = await ada.opens(browser, '/lobby', options);
      await expect(hers.page.getByRole('heading', { name: /In which group/ })).toBeVisible();
      await picture(hers, '01-choice');
      await hers.page.getByRole('main').getByRole('link', { name: 'Book club' }).click();
      await expect(main(hers).getByText('Nobody waits right now.')).toBeVisible();
      await picture(hers, '02-door');
      await find(hers).click();
      await expect(main(hers).getByText('You are first; we keep looking.')).toBeVisible();
      await picture(hers, '03-waiting');
      const his = await meets(bob, browser, group, options);
      await hasMet(hers);
      await picture(hers, '04-met');
      await start(his).click();
      await expect(main(hers).getByText('Bob Feather is ready')).toBeVisible();
      await picture(hers, '05-met-ready');
      await start(hers).click();
      await expect(talk(hers)).toBeVisible();
      await says(his, 'Hello! What are you reading?');
      await says(hers, 'The Waves. It is **very** good, and *very* slow.\n\n- tea\n- a good chair');
      await says(his, 'Ah, `slow` is what I need. https://example.org/waves');
      await expect(row(hers, 'is what I need')).toBeVisible();
      await talk(his).pressSequentially('and');
      await expect(main(hers).getByText('Bob Feather is typing…')).toBeVisible();
      await picture(hers, '06-room');
      await his.page.getByRole('button', { name: 'Keep', exact: true }).click();
      await expect(main(hers).getByText('Bob Feather would like to keep this.')).toBeVisible();
      await picture(hers, '07-keep');
      await hers.page.getByRole('button', { name: 'More', exact: true }).click();
      await expect(hers.page.getByRole('menu')).toBeVisible();
      await picture(hers, '08-menu');
      await hers.page.getByRole('menuitem', { name: 'Report Bob Feather' }).click();
      await expect(hers.page.getByRole('dialog')).toBeVisible();
      await picture(hers, '09-report');
      await hers.page.keyboard.press('Escape');
      await expect(hers.page.getByRole('dialog')).toBeHidden();
      if (size === 'phone') {
        expect(await hers.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
        for (const name of ['Keep', 'Next', 'More', 'Send']) {
          const box = await hers.page.getByRole('button', { name, exact: true }).first().boundingBox();
          expect(Math.min(box!.width, box!.height), name).toBeGreaterThanOrEqual(44);
        }
      }
      await his.page.getByRole('button', { name: 'Next', exact: true }).click();
      await expect(hers.page.getByRole('button', { name: /^Find next/ })).toBeVisible();
      await picture(hers, '10-over');
      await hers.page.getByRole('button', { name: 'Leave the lobby' }).click();
      const third = await meets(cleo, browser, group, options);
      await startBoth(his, third);
      await says(his, 'something unkind');
      await expect(row(third, 'something unkind')).toBeVisible();
      await third.page.getByRole('button', { name: 'More', exact: true }).click();
      await third.page.getByRole('menuitem', { name: 'Report Bob Feather' }).click();
      await third.page.getByLabel(/What happened/).fill('Not how one speaks to people.');
      await third.page.getByRole('button', { name: 'Report and leave' }).click();
      await expect(main(third).getByText(/You have reported/)).toBeVisible();
      await picture(third, '11-reported');
      await third.page.goto(`${serverUrl()}/settings`);
      const blocks = third.page.getByRole('region', { name: 'Whom you have blocked' });
      await blocks.getByRole('button').scrollIntoViewIfNeeded();
      await picture(third, '12-blocks');
      await hers.page.goto(`${serverUrl()}/g/${group.id}/settings`);
      await hers.page.getByText('The one line that Cleo saw').click();
      await hers.page.getByText('something unkind').scrollIntoViewIfNeeded();
      await picture(hers, '13-reports');

      await ada.call('POST', `/groups/${group.id}/speed_chat`, { rounds: 3, minutes: 1, starts_in_s: 0 });
      await his.page.getByRole('button', { name: /^Find next/ }).click();
      await third.page.goto(`${serverUrl()}/lobby/${group.id}`);
      await expect(main(third).getByText(/Speed chat: round 1|A speed chat begins/)).toBeVisible();
      await picture(third, '14-late-comer-door');
      await third.page.getByRole('button', { name: 'Join the speed chat' }).click();
      await hers.page.goto(`${serverUrl()}/lobby/${group.id}`);
      if (size === 'phone') await hers.page.getByRole('button', { name: 'Speed chat', exact: true }).click();
      await expect(hers.page.getByRole('button', { name: 'Stop the speed chat' })).toBeVisible();
      await picture(hers, '15-owner');
      await picture(third, '16-speed-chat-waiting');
      await ada.call('DELETE', `/groups/${group.id}/speed_chat`);
      await expect(hers.page.getByRole('button', { name: 'Start the speed chat' })).toBeVisible();
      await picture(hers, '17-owner-start');
      await hers.page.goto(`${serverUrl()}/lobby/${other.id}`);
      await expect(main(hers).getByText('Nobody waits right now.')).toBeVisible();
      for (const chat of [hers, his, third]) await chat.closes();
    });
  }
}

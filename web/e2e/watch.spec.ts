// People watch together: a file by its address, a stand-in for YouTube, a queue, votes, a late joiner, and once more after.
import { Chat, expect, Person, rest, test } from './people.ts';
import { adds, allows, areTogether, button, comes, groupOf, openCinema, player, queue, tab, viewers, type Cinema } from './watching.ts';

let cinema: Cinema;
test.beforeAll(async ({ browser }) => {
  test.setTimeout(120_000);
  cinema = await openCinema(browser);
});
test.afterAll(() => cinema?.media.stop());

test('three watch one film: play, pause, go elsewhere, speed, a fourth comes late', async ({ browser }) => {
  test.setTimeout(120_000);
  const [ada, bob, cleo, dan] = [await Person.make('Ada'), await Person.make('Bob'), await Person.make('Cleo'), await Person.make('Dan')];
  const group = await groupOf('Film night', [ada, bob, cleo, dan]);
  const hers = await comes(ada, browser, group);
  await expect(hers.page.getByRole('heading', { name: 'Nothing is on' })).toBeVisible();
  await expect(hers.page.getByLabel('Address of a video')).toBeFocused();
  const his = await comes(bob, browser, group);
  const third = await comes(cleo, browser, group);
  await adds(hers, cinema.first, 'Watch');
  await allows(his, cinema);
  await allows(third, cinema);
  const three = [hers, his, third];
  await areTogether(three, { paused: false, from: 0.5, source: cinema.first });
  await tab(hers, 'Viewers').click();
  await expect(viewers(hers)).toHaveCount(3);
  await expect(viewers(hers).getByText('in step')).toHaveCount(3, { timeout: 20_000 });

  // Anybody may pause; all see who it was.
  await button(his, 'Pause').click();
  await areTogether(three, { paused: true });
  await expect(hers.log.getByText(/^Bob paused at 0:/)).toBeVisible();
  // By keys, with the focus in the player.
  await player(third).getByRole('group').focus();
  await third.page.keyboard.press('l');
  await areTogether(three, { paused: true, from: 10 });
  await third.page.keyboard.press('k');
  await areTogether(three, { paused: false, from: 10 });
  await expect(third.log.getByText(/^Cleo pressed play at 0:1/)).toBeVisible();

  // By the bar: where one clicks, there all go.
  const bar = player(hers).getByRole('slider', { name: 'Place' });
  const box = (await bar.boundingBox())!;
  await hers.page.mouse.click(box.x + box.width * 0.5, box.y + box.height / 2);
  await areTogether(three, { paused: false, from: 43, until: 60 });
  await player(hers).getByLabel('Speed, for all').selectOption('1.5');
  await expect(async () => {
    for (const chat of three) expect(await chat.page.evaluate(() => document.querySelector('video')!.playbackRate)).toBeGreaterThan(1.4);
  }).toPass();
  await player(hers).getByLabel('Speed, for all').selectOption('1');

  // A latecomer finds the place; sound needs a touch, which the click that allows the address was.
  const late = await comes(dan, browser, group);
  await allows(late, cinema);
  await areTogether([...three, late], { paused: false, from: 44 });
  for (const chat of [...three, late]) await chat.closes();
});

test('a page that nobody has touched plays without sound until it is touched', async ({ browser }) => {
  const [ada, bob] = [await Person.make('Ada'), await Person.make('Bob')];
  const group = await groupOf('Silence', [ada, bob]);
  const hers = await comes(ada, browser, group);
  await adds(hers, cinema.first, 'Watch');
  let his = await comes(bob, browser, group);
  await allows(his, cinema);
  await areTogether([hers, his], { paused: false, from: 0.3 });
  // The address is allowed by now; another tab of the same browser was never touched.
  const before = his;
  // Whatever a test asks a page counts as a touch for the browser's own rule: here is the same rule for real ones.
  await before.page.context().addInitScript(() => {
    let touched = false;
    window.addEventListener('pointerdown', () => (touched = true), { capture: true });
    const play = HTMLMediaElement.prototype.play;
    HTMLMediaElement.prototype.play = function (this: HTMLMediaElement) {
      const allowed = this.muted || touched;
      return allowed ? play.call(this) : Promise.reject(new DOMException('not before a touch', 'NotAllowedError'));
    };
  });
  his = await Chat.open(before.page.context(), `/watch/${group.id}`);
  await before.page.close();
  await areTogether([hers, his], { paused: false, from: 0.3 });
  const muted = () => his.page.evaluate(() => document.querySelector('video')!.muted);
  expect(await muted()).toBe(true);
  await his.page.getByRole('button', { name: 'Tap for sound' }).click();
  await expect(his.page.getByRole('button', { name: 'Tap for sound' })).toBeHidden();
  expect(await muted()).toBe(false);
  // Stopped for oneself alone, and back to the others.
  await button(his, 'More of the player').click();
  await his.page.getByRole('menuitem', { name: 'Stop just for me' }).click();
  await expect(his.page.getByText(/^You have stopped just for yourself/)).toBeVisible();
  expect(await his.page.evaluate(() => document.querySelector('video')!.paused)).toBe(true);
  await tab(hers, 'Viewers').click();
  await expect(viewers(hers).getByText('stopped for themselves')).toBeVisible();
  await his.page.getByRole('button', { name: 'Catch up' }).click();
  await areTogether([hers, his], { paused: false });
  await hers.closes();
  await his.closes();
});

test('the queue: order by keys and by hand, votes, what is taken out, skip by vote', async ({ browser }) => {
  const [ada, bob] = [await Person.make('Ada'), await Person.make('Bob')];
  const group = await groupOf('Queue', [ada, bob]);
  const hers = await comes(ada, browser, group);
  await adds(hers, cinema.first, 'Watch');
  await adds(hers, cinema.second, 'Add');
  await adds(hers, `${cinema.media.url}/b.webm`, 'Add');
  await adds(hers, `${cinema.media.url}/c.webm`, 'Add');
  const his = await comes(bob, browser, group);
  await allows(his, cinema);
  await expect(queue(his)).toHaveText([/second/, /b\.webm/, /c\.webm/]);
  // By keys: the group in the left column stays the same.
  await queue(his).nth(2).focus();
  await his.page.keyboard.press('Alt+ArrowUp');
  await expect(queue(hers)).toHaveText([/second/, /c\.webm/, /b\.webm/]);
  expect(his.page.url()).toContain('/watch/');
  // By hand.
  const grip = (await queue(hers).nth(2).boundingBox())!;
  const top = (await queue(hers).nth(0).boundingBox())!;
  await hers.page.mouse.move(grip.x + 18, grip.y + grip.height / 2);
  await hers.page.mouse.down();
  await hers.page.mouse.move(top.x + 18, top.y + 4, { steps: 5 });
  await hers.page.mouse.up();
  await expect(queue(his)).toHaveText([/b\.webm/, /second/, /c\.webm/]);
  await queue(hers).nth(0).getByRole('button', { name: /^Take .* out of the queue/ }).click();
  await expect(queue(his)).toHaveText([/second/, /c\.webm/]);
  // By vote: the order is that of the votes.
  await button(hers, 'More of the player').click();
  await hers.page.getByRole('menuitem', { name: 'Who may do what' }).click();
  const dialog = hers.page.getByRole('dialog', { name: 'Who may do what' });
  await dialog.getByLabel('Fill and order the queue').selectOption('vote');
  await dialog.getByLabel('Say what is on').selectOption('vote');
  await hers.page.keyboard.press('Escape');
  const votes = (name: string) => queue(his).filter({ hasText: name }).getByRole('button', { name: /^Vote for/ }).click();
  await votes('c.webm');
  await expect(queue(hers)).toHaveText([/c\.webm/, /second/]);
  await votes('c.webm');
  await votes('second');
  await expect(queue(hers)).toHaveText([/second/, /c\.webm/]);
  await expect(button(his, 'Next')).toHaveCount(0);
  await button(his, /^Skip 0\/1/).click();
  await areTogether([hers, his], { paused: false, source: cinema.second });
  await expect(queue(hers)).toHaveText([/c\.webm/]);
  await hers.closes();
  await his.closes();
});

test('what cannot be played is told in words, and can be skipped', async ({ browser }) => {
  const ada = await Person.make('Ada');
  const group = await ada.makesGroup('Broken');
  const hers = await comes(ada, browser, group);
  await adds(hers, `${cinema.media.url}/notes.webm`, 'Watch');
  await expect(player(hers).getByText(/^This browser cannot play what is at this address/)).toBeVisible();
  await hers.page.getByRole('button', { name: 'Skip it' }).click();
  await hers.page.getByLabel('Address of a video').fill('javascript:alert(1)');
  await hers.page.getByRole('button', { name: /^(Add|Watch)$/ }).click();
  await expect(hers.page.getByText(/must be an http or https address/)).toBeVisible();
  await hers.closes();
});

test('YouTube, by its messages: two watch, and its refusals are told in words', async ({ browser }) => {
  test.setTimeout(60_000);
  const { youtube_player: origin } = await rest<{ youtube_player: string }>('GET', '/server');
  expect(origin, 'the server must have been started with the stand-in for YouTube').toBe(process.env.PARLOR_MEDIA_URL);
  const [ada, bob] = [await Person.make('Ada'), await Person.make('Bob')];
  const group = await groupOf('Tube', [ada, bob]);
  const hers = await comes(ada, browser, group);
  await adds(hers, 'https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=30', 'Watch');
  const his = await comes(bob, browser, group);
  await expect(his.page.getByText(/^This comes from YouTube/)).toBeVisible();
  await his.page.getByRole('button', { name: 'Load it from there' }).click();
  const frames = [hers, his].map((chat) => chat.page.frameLocator('iframe[title="YouTube"]').locator('body'));
  const at = async () => Promise.all(frames.map(async (frame) => ({ at: Number(await frame.getAttribute('data-at')), state: await frame.getAttribute('data-state') })));
  const meet = (state: string, from: number, until = Infinity) =>
    expect(async () => {
      const found = await at();
      for (const one of found) expect([one.state, one.at >= from && one.at <= until], JSON.stringify(found)).toEqual([state, true]);
      expect(Math.abs(found[0]!.at - found[1]!.at), JSON.stringify(found)).toBeLessThan(0.6);
    }).toPass({ timeout: 20_000 });
  await meet('1', 30);
  await button(his, 'Pause').click();
  await meet('2', 30);
  await player(hers).getByRole('slider', { name: 'Place' }).focus();
  await hers.page.keyboard.press('Home');
  await meet('2', 0, 1);
  await button(hers, 'Play').click();
  await meet('1', 0, 30);

  await adds(hers, 'https://youtu.be/ERROR101aaa', 'Play now');
  await expect(player(hers).getByText('Its owner does not allow this video to be shown outside of YouTube.')).toBeVisible();
  await hers.closes();
  await his.closes();
});

test('messages carry the second of the film; emojis float; afterwards all of it comes once more', async ({ browser }) => {
  test.setTimeout(60_000);
  const [ada, bob] = [await Person.make('Ada'), await Person.make('Bob')];
  const group = await groupOf('Talking', [ada, bob]);
  const hers = await comes(ada, browser, group);
  await adds(hers, cinema.second, 'Watch');
  await areTogether([hers], { paused: false, from: 0.5 });
  await hers.writes('look at that');
  await expect(hers.message('look at that')).toContainText(/at 0:0\d/);
  await button(hers, 'Pause').click();
  await player(hers).getByRole('slider', { name: 'Place' }).focus();
  await hers.page.keyboard.press('End');
  await hers.page.keyboard.press('ArrowLeft');
  await areTogether([hers], { paused: true, from: 14, until: 16 });
  await hers.writes('and that');
  await expect(hers.message('and that')).toContainText('at 0:15');
  // Who comes later has the seconds, too: they lie in the log.
  const his = await comes(bob, browser, group);
  await expect(his.message('and that')).toContainText('at 0:15');
  await expect(his.message('look at that')).toContainText(/at 0:0\d/);
  await button(his, 'Cheer with an emoji').click();
  await his.page.getByRole('dialog').getByRole('button', { name: /thumbs up|👍/i }).first().click();
  await expect(player(hers).getByText('👍')).toBeVisible();

  await tab(his, 'Watched').click();
  await his.page.getByRole('link', { name: /^Watch second\.webm once more/ }).click();
  await expect(his.page.getByRole('heading', { name: 'Once more' })).toBeVisible();
  const said = his.page.getByRole('log', { name: 'What was said at this place' });
  await expect(said.getByText(/^The first words were said at 0:0/)).toBeVisible();
  await expect(player(his).getByRole('slider', { name: 'Place' })).toBeEnabled();
  await player(his).getByRole('slider', { name: 'Place' }).focus();
  await his.page.keyboard.press('ArrowRight');
  await his.page.keyboard.press('ArrowRight');
  await expect(said.getByText('look at that')).toBeVisible();
  await expect(said.getByText('and that')).toBeHidden();
  await his.page.keyboard.press('ArrowRight');
  await expect(said.getByText('and that')).toBeVisible();
  // Nobody else is moved by it.
  await areTogether([hers], { paused: true, from: 14, until: 16 });
  await hers.closes();
  await his.closes();
});

test('captions from a file', async ({ browser }) => {
  const ada = await Person.make('Ada');
  const group = await ada.makesGroup('Captions');
  const hers = await comes(ada, browser, group);
  await adds(hers, cinema.second, 'Watch');
  await button(hers, 'Captions').click();
  await hers.page.getByLabel('File of captions').setInputFiles({ name: 'a.srt', mimeType: 'application/x-subrip', buffer: Buffer.from('1\n00:00:00,000 --> 00:00:20,000\nAll along, it was the lighthouse.\n') });
  const cue = () => hers.page.evaluate(() => {
    const track = document.querySelector('video')!.textTracks[0];
    return track && { mode: track.mode, text: (track.cues?.[0] as VTTCue | undefined)?.text, from: track.cues?.[0]?.startTime };
  });
  await expect.poll(cue).toEqual({ mode: 'showing', text: 'All along, it was the lighthouse.', from: 0 });
  await hers.page.getByRole('button', { name: 'Later', exact: true }).click();
  await expect.poll(cue).toMatchObject({ from: 0.25 });
  await hers.page.keyboard.press('Escape');
  await player(hers).getByRole('group').focus();
  await hers.page.keyboard.press('c');
  await expect.poll(cue).toMatchObject({ mode: 'hidden' });
  await hers.closes();
});

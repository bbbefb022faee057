// Files that people bring to watch: sent with pauses and losses, gone on with after a reload, played by all, captions, deleted.
import { writeFileSync } from 'node:fs';
import { examine, PHONE } from './examine.ts';
import { Person, expect, test, type Chat, type Group } from './people.ts';
import { areTogether, button, comes, groupOf, openCinema, player, queue, tab, type Cinema } from './watching.ts';

interface Bytes {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

let cinema: Cinema;
let film: Bytes;
/** So long that it comes in several portions. */
let long: Bytes;
test.beforeAll(async ({ browser }) => {
  test.setTimeout(120_000);
  cinema = await openCinema(browser);
  const { bytes } = cinema.media.files.get('/second.webm')!;
  film = { name: 'the_kid.webm', mimeType: 'video/webm', buffer: bytes };
  long = { name: 'long.webm', mimeType: 'video/webm', buffer: Buffer.concat([bytes, Buffer.alloc(6 * 1024 * 1024)]) };
});
test.afterAll(() => cinema?.media.stop());

const files = (chat: Chat) => chat.page.getByRole('list', { name: 'Files' }).getByRole('listitem');
const onTheirWay = (chat: Chat) => chat.page.getByRole('list', { name: 'On their way' }).getByRole('listitem');
const parts = (group: Group) => new RegExp(`/groups/${group.id}/uploads/\\d+$`);

async function brings(chat: Chat, file: Bytes | string, by = 'Bring a file'): Promise<void> {
  const [chooser] = await Promise.all([chat.page.waitForEvent('filechooser'), chat.page.getByRole('button', { name: by, exact: true }).click()]);
  await chooser.setFiles(file);
}

/** Lets so many parts of files through; those after it wait until all may pass. */
async function holds(chat: Chat, group: Group, through: number): Promise<() => Promise<void>> {
  let release: () => void = () => {};
  const released = new Promise<void>((done) => (release = done));
  let seen = 0;
  await chat.page.route(parts(group), async (route) => {
    if (route.request().method() === 'PATCH' && ++seen > through) await released;
    await route.continue().catch(() => {});
  });
  return async () => {
    release();
    await chat.page.unroute(parts(group));
  };
}

test('a film is brought, watched by all, queued, and deleted by who may', async ({ browser }) => {
  test.setTimeout(60_000);
  const [ada, bob] = [await Person.make('Ada'), await Person.make('Bob')];
  const group = await groupOf('Own films', [ada, bob]);
  const hers = await comes(ada, browser, group);
  await tab(hers, 'Files').click();
  await expect(hers.page.getByText('No files yet')).toBeVisible();
  await brings(hers, film);
  await expect(files(hers)).toHaveText([/the_kid\.webm.*Film · .* · Ada/]);
  await hers.page.getByRole('button', { name: 'Play the_kid.webm now' }).click();
  const his = await comes(bob, browser, group);
  await areTogether([hers, his], { paused: false, from: 0.3 });
  await expect(player(his).getByRole('heading', { name: 'the kid' })).toBeVisible();

  await tab(his, 'Files').click();
  await his.page.getByRole('button', { name: 'Add the_kid.webm to the queue' }).click();
  await expect(his.page.getByRole('button', { name: 'Delete the_kid.webm' })).toBeHidden();
  await tab(hers, 'Queue').click();
  await expect(queue(hers)).toHaveText([/the kid.*Uploaded/]);
  await tab(hers, 'Files').click();
  await hers.page.getByRole('button', { name: 'Delete the_kid.webm' }).click();
  await hers.page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(hers.page.getByText('No files yet')).toBeVisible();
  await hers.closes();
  await his.closes();
});

test('on its way: paused, gone on with, a lost connection, given up', async ({ browser }) => {
  test.setTimeout(60_000);
  const ada = await Person.make('Ada');
  const group = await ada.makesGroup('Slow line');
  const hers = await comes(ada, browser, group);
  await tab(hers, 'Files').click();
  let release = await holds(hers, group, 1);
  await brings(hers, long);
  await expect(onTheirWay(hers)).toContainText('1 MB of 6');
  await expect(hers.page.getByRole('progressbar')).toHaveAttribute('value', String(1024 * 1024));
  await hers.page.getByRole('button', { name: 'Pause long.webm' }).click();
  await expect(onTheirWay(hers)).toContainText('Paused at 1 MB of 6');
  await release();
  // Nobody sends while it is paused; then the line breaks in the middle, and comes back by itself.
  let lost = 0;
  await hers.page.route(parts(group), (route) => (route.request().method() === 'PATCH' && lost++ < 2 ? route.abort('connectionreset') : route.continue()));
  await hers.page.getByRole('button', { name: 'Go on with long.webm' }).click();
  await expect(onTheirWay(hers)).toContainText('No connection');
  await expect(files(hers)).toHaveText([/long\.webm/], { timeout: 20_000 });
  expect(lost).toBeGreaterThan(2);
  await hers.page.unroute(parts(group));

  release = await holds(hers, group, 1);
  await brings(hers, { ...long, name: 'other.webm' });
  await expect(onTheirWay(hers)).toContainText('1 MB of 6');
  await hers.page.getByRole('button', { name: 'Give up other.webm' }).click();
  await expect(onTheirWay(hers)).toHaveCount(0);
  await release();
  await expect.poll(async () => (await ada.call<{ uploads: { name: string }[] }>('GET', `/groups/${group.id}/uploads`)).uploads.map(({ name }) => name)).toEqual(['long.webm']);
  await hers.closes();
});

test('after a reload the file is chosen once more, and goes on', async ({ browser }) => {
  const ada = await Person.make('Ada');
  const group = await ada.makesGroup('Reload');
  const hers = await comes(ada, browser, group);
  await tab(hers, 'Files').click();
  // From a disk, which remembers when it was changed.
  const path = test.info().outputPath('long.webm');
  writeFileSync(path, long.buffer);
  const release = await holds(hers, group, 1);
  await brings(hers, path);
  await expect(onTheirWay(hers)).toContainText('1 MB of 6');
  await hers.page.reload();
  await release();
  await tab(hers, 'Files').click();
  await expect(files(hers)).toContainText(/1 MB of 6.* are there/);
  let sent = 0;
  hers.page.on('request', (request) => {
    if (request.method() === 'PATCH') sent += request.postDataBuffer()?.length ?? 0;
  });
  await brings(hers, path, 'Go on with long.webm');
  await expect(files(hers)).toHaveText([/Film · 6/]);
  const { uploads } = await ada.call<{ uploads: { size: number; ready: boolean }[] }>('GET', `/groups/${group.id}/uploads`);
  expect(uploads.map(({ size, ready }) => [size, ready])).toEqual([[long.buffer.length, true]]);
  expect(sent).toBeLessThanOrEqual(long.buffer.length - 1024 * 1024);
  await hers.closes();
});

test('what cannot come is told in words', async ({ browser }) => {
  const ada = await Person.make('Ada');
  const group = await ada.makesGroup('Refused');
  const hers = await comes(ada, browser, group);
  await tab(hers, 'Files').click();
  await brings(hers, { name: 'setup.exe', mimeType: 'application/x-msdownload', buffer: Buffer.from('MZ') });
  await expect(hers.page.getByText('“setup.exe” cannot be brought here')).toBeVisible();
  await brings(hers, { name: 'notes.webm', mimeType: 'video/webm', buffer: Buffer.from('this is no film at all, but a text with a long enough beginning') });
  await expect(onTheirWay(hers)).toContainText('It is of no kind that is taken: films (MP4, WebM)');
  await hers.page.getByRole('button', { name: 'Take notes.webm off this list' }).click();
  await expect(onTheirWay(hers)).toHaveCount(0);
  // The server's word is told, too, where the page did not know.
  await hers.page.route(new RegExp(`/groups/${group.id}/uploads$`), (route) =>
    route.request().method() === 'POST'
      ? route.fulfill({ status: 413, json: { code: 'too_large', detail: 'the files of this group would take more space than it has; delete some first' } })
      : route.continue(),
  );
  await brings(hers, film);
  await expect(onTheirWay(hers)).toContainText('The group has no room left for it.');
  await hers.closes();
});

test('a file is dropped on the screen; captions are shared, chosen, and stay as late as one made them', async ({ browser }) => {
  test.setTimeout(60_000);
  const [ada, bob] = [await Person.make('Ada'), await Person.make('Bob')];
  const group = await groupOf('Captions', [ada, bob]);
  const hers = await comes(ada, browser, group);
  const carried = await hers.page.evaluateHandle((bytes) => {
    const data = new DataTransfer();
    data.items.add(new File([Uint8Array.from(atob(bytes), (one) => one.charCodeAt(0))], 'the_kid.webm', { type: 'video/webm' }));
    return data;
  }, film.buffer.toString('base64'));
  const target = player(hers);
  await target.dispatchEvent('dragenter', { dataTransfer: carried });
  await expect(hers.page.getByText('Let go, and it is brought to the group')).toBeVisible();
  await target.dispatchEvent('drop', { dataTransfer: carried });
  await expect(hers.page.getByText('Let go, and it is brought to the group')).toBeHidden();
  await hers.page.getByRole('button', { name: 'Watch it' }).click();
  await areTogether([hers], { paused: false, from: 0.1 });

  await button(hers, 'Captions').click();
  await hers.page.getByLabel('File of captions').setInputFiles({ name: 'the kid.de.srt', mimeType: 'application/x-subrip', buffer: Buffer.from('1\n00:00:00,000 --> 00:00:20,000\nDer Vagabund\n') });
  await hers.page.getByRole('button', { name: 'Give it to the group' }).click();
  await expect(hers.page.getByRole('combobox', { name: 'Captions of the group' })).toHaveValue(/^\d+$/);
  const his = await comes(bob, browser, group);
  await areTogether([hers, his], { paused: false });
  await button(his, 'Captions').click();
  await his.page.getByRole('combobox', { name: 'Captions of the group' }).selectOption('the kid.de.vtt');
  const cue = (chat: Chat) => chat.page.evaluate(() => {
    const track = document.querySelector('video')?.textTracks[0];
    return track && { mode: track.mode, text: (track.cues?.[0] as VTTCue | undefined)?.text, from: track.cues?.[0]?.startTime };
  });
  await expect.poll(() => cue(his)).toEqual({ mode: 'showing', text: 'Der Vagabund', from: 0 });
  await his.page.getByRole('button', { name: 'Later', exact: true }).click();
  await his.page.getByRole('button', { name: 'Later', exact: true }).click();
  await expect.poll(() => cue(his)).toMatchObject({ from: 0.5 });
  await his.page.reload();
  await expect.poll(() => cue(his)).toEqual({ mode: 'showing', text: 'Der Vagabund', from: 0.5 });
  // Nobody else's are moved.
  expect(await cue(hers)).toMatchObject({ from: 0 });
  await hers.closes();
  await his.closes();
});

for (const scheme of ['light', 'dark'] as const) {
  for (const size of ['desktop', 'phone'] as const) {
    test(`looks of files, ${size}, ${scheme}`, async ({ browser }) => {
      test.setTimeout(60_000);
      const [ada, bob] = [await Person.make('Ada'), await Person.make('Bob')];
      const group = await groupOf('Film night', [ada, bob]);
      const options = { ...(size === 'phone' ? PHONE : {}), colorScheme: scheme, reducedMotion: 'reduce' } as const;
      const picture = (name: string) => examine(hers, `files-${name}-${size}-${scheme}`);
      const hers = await comes(ada, browser, group, options);
      await tab(hers, 'Files').click();
      await expect(hers.page.getByText('No files yet')).toBeVisible();
      await picture('1-none');
      await brings(hers, film);
      await hers.page.getByRole('button', { name: 'Play the_kid.webm now' }).click();
      if (size === 'phone') await tab(hers, 'Files').click();
      await brings(hers, { name: 'the kid.de.vtt', mimeType: 'text/vtt', buffer: Buffer.from('WEBVTT\n\n00:00.000 --> 00:20.000\nDer Vagabund\n') });
      await brings(hers, { ...film, name: 'a rather long name of a film that somebody has saved in 1080p from somewhere (final).webm' });
      await expect(files(hers)).toHaveCount(3);
      const release = await holds(hers, group, 1);
      await brings(hers, long);
      await expect(onTheirWay(hers)).toContainText('1 MB of 6');
      await brings(hers, { name: 'notes.webm', mimeType: 'video/webm', buffer: Buffer.from('this is no film at all, but a text with a long enough beginning') });
      await expect(onTheirWay(hers)).toHaveCount(2);
      await picture('2-some');
      await release();
      await expect(onTheirWay(hers)).toHaveCount(1);
      await hers.page.getByRole('button', { name: 'Show the kid.de.vtt as captions' }).click();
      await button(hers, 'More of the player').click();
      await hers.page.getByRole('menuitem', { name: 'Sound and captions' }).click();
      await expect(hers.page.getByRole('button', { name: 'Later', exact: true })).toBeVisible();
      await picture('3-captions');
      expect(await hers.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(size === 'phone' ? 390 : 1280);
      await hers.closes();
    });
  }
}

// Pictures and files in messages: picked, pasted, dropped; seen by others in the room kept for them; gone with their message.
import type { Browser } from '@playwright/test';
import { examine, PHONE } from './examine.ts';
import { expect, Person, serverUrl, test, type Chat } from './people.ts';

interface Bytes {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

let cat: Bytes;
test.beforeAll(async ({ browser }) => {
  cat = { name: 'cat.png', mimeType: 'image/png', buffer: await drawn(browser, 900, 600) };
});

/** A picture of some colours. */
async function drawn(browser: Browser, width: number, height: number): Promise<Buffer> {
  const page = await browser.newPage();
  const url = await page.evaluate(([across, down]) => {
    const canvas = Object.assign(document.createElement('canvas'), { width: across, height: down });
    const context = canvas.getContext('2d')!;
    const ground = context.createLinearGradient(0, 0, across!, down!);
    for (const [at, colour] of [[0, '#264653'], [0.5, '#2a9d8f'], [1, '#e9c46a']] as const) ground.addColorStop(at, colour);
    context.fillStyle = ground;
    context.fillRect(0, 0, across!, down!);
    return canvas.toDataURL('image/png');
  }, [width, height]);
  await page.close();
  return Buffer.from(url.split(',')[1]!, 'base64');
}

const tiles = (chat: Chat) => chat.page.getByRole('list', { name: 'Files of this message' }).getByRole('listitem');
const send = (chat: Chat) => chat.page.getByRole('button', { name: 'Send', exact: true });

async function attaches(chat: Chat, files: Bytes | Bytes[]): Promise<void> {
  const [chooser] = await Promise.all([chat.page.waitForEvent('filechooser'), chat.page.getByRole('button', { name: 'Attach files' }).click()]);
  await chooser.setFiles(files);
}

/** What a clipboard or a hand carries. */
function carried(chat: Chat, { name, mimeType, buffer }: Bytes) {
  return chat.page.evaluateHandle(([as, type, bytes]) => {
    const data = new DataTransfer();
    data.items.add(new File([Uint8Array.from(atob(bytes!), (one) => one.charCodeAt(0))], as!, { type: type! }));
    return data;
  }, [name, mimeType, buffer.toString('base64')]);
}

test('a picture is picked, sent without a word, seen by the others, and gone with its message', async ({ browser }) => {
  const [ada, bob] = [await Person.make('Ada'), await Person.make('Bob')];
  const group = await ada.makesGroup('Pictures');
  await bob.joins(group);
  const [hers, his] = [await ada.opens(browser, `/g/${group.id}`), await bob.opens(browser, `/g/${group.id}`)];
  await attaches(hers, cat);
  await expect(tiles(hers)).toHaveText([/cat\.png/]);
  await expect(send(hers)).toBeEnabled();
  await hers.composer.press('Enter');
  await expect(tiles(hers)).toHaveCount(0);
  for (const chat of [hers, his]) {
    const picture = chat.log.getByRole('img', { name: 'cat.png' });
    await expect(picture).toBeVisible();
    await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth > 0)).toBe(true);
    const box = (await picture.boundingBox())!;
    expect([Math.round(box.width), Math.round(box.height)]).toEqual([360, 240]);
    // Its name stands for it where no picture can be shown, not beside it.
    await expect(chat.log.getByRole('article').getByText('cat.png')).toHaveCount(0);
  }
  // After a reload the page of history says the same.
  await his.page.reload();
  await expect(his.log.getByRole('img', { name: 'cat.png' })).toBeVisible();
  const href = serverUrl() + (await his.log.getByRole('link').filter({ has: his.page.getByRole('img') }).getAttribute('href'));
  expect((await his.page.request.get(href)).status()).toBe(200);

  const { messages } = await ada.call<{ messages: { seq: number }[] }>('GET', `/groups/${group.id}/messages`);
  await ada.call('DELETE', `/groups/${group.id}/messages/${messages[0]!.seq}`);
  await expect(his.log.getByRole('img', { name: 'cat.png' })).toHaveCount(0);
  expect((await his.page.request.get(href)).status()).toBe(404);
  await hers.closes();
  await his.closes();
});

test('pasted and dropped, with words; kept over a reload; taken out again', async ({ browser }) => {
  const ada = await Person.make('Ada');
  const group = await ada.makesGroup('Paste');
  const hers = await ada.opens(browser, `/g/${group.id}`);
  await hers.composer.fill('look at these');
  await hers.composer.evaluate((area, data) => area.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })), await carried(hers, cat));
  await expect(tiles(hers)).toHaveCount(1);
  const data = await carried(hers, { ...cat, name: 'dropped.png' });
  await hers.log.dispatchEvent('dragenter', { dataTransfer: data });
  await expect(hers.page.getByText('Let go, and it stands in your message')).toBeVisible();
  await hers.log.dispatchEvent('drop', { dataTransfer: data });
  await expect(tiles(hers)).toHaveText([/cat\.png/, /dropped\.png/]);
  await attaches(hers, { ...cat, name: 'third.png' });
  await expect(tiles(hers)).toHaveCount(3);
  await expect(send(hers)).toBeEnabled();
  await hers.page.reload();
  await expect(tiles(hers)).toHaveText([/cat\.png/, /dropped\.png/, /third\.png/]);
  await hers.page.getByRole('button', { name: 'Take third.png out of the message' }).click();
  await expect(tiles(hers)).toHaveCount(2);
  await expect.poll(async () => (await ada.call<{ uploads: { name: string }[] }>('GET', `/groups/${group.id}/uploads`)).uploads.map(({ name }) => name)).toEqual(['dropped.png', 'cat.png']);
  await hers.composer.press('Enter');
  await expect(hers.message('look at these').getByRole('img')).toHaveCount(2);
  await hers.closes();
});

test('what cannot stand in a message is told in words', async ({ browser }) => {
  const ada = await Person.make('Ada');
  const group = await ada.makesGroup('Refused');
  const hers = await ada.opens(browser, `/g/${group.id}`);
  await attaches(hers, { name: 'setup.exe', mimeType: 'application/x-msdownload', buffer: Buffer.from('MZ') });
  await expect(hers.page.getByText('“setup.exe” cannot be brought here')).toBeVisible();
  await attaches(hers, { name: 'fake.png', mimeType: 'image/png', buffer: Buffer.from('this is no picture at all, but a text with a long enough beginning') });
  await expect(tiles(hers)).toContainText('It is of no kind that is taken');
  await hers.composer.fill('hello');
  await expect(send(hers)).toBeDisabled();
  await hers.page.getByRole('button', { name: 'Give up fake.png' }).click();
  await expect(send(hers)).toBeEnabled();
  // Nine are one too many.
  await attaches(hers, Array.from({ length: 9 }, (_, index) => ({ ...cat, name: `cat${index}.png` })));
  await expect(hers.page.getByText('A message holds 8 files; the others were left out.')).toBeVisible();
  await expect(tiles(hers)).toHaveCount(8);
  await hers.closes();
});

for (const scheme of ['light', 'dark'] as const) {
  for (const size of ['desktop', 'phone'] as const) {
    test(`looks of files in messages, ${size}, ${scheme}`, async ({ browser }) => {
      const ada = await Person.make('Ada');
      const group = await ada.makesGroup('Holiday');
      const options = { ...(size === 'phone' ? PHONE : {}), colorScheme: scheme, reducedMotion: 'reduce' } as const;
      const hers = await ada.opens(browser, `/g/${group.id}`, options);
      await attaches(hers, cat);
      await expect(send(hers)).toBeEnabled();
      await send(hers).click();
      await attaches(hers, [{ ...cat, name: 'a rather long name of a picture from the sea.png' }, { name: 'song.mp3', mimeType: 'audio/mpeg', buffer: Buffer.concat([Buffer.from('ID3\x03\0\0\0\0\0\0', 'latin1'), Buffer.alloc(90_000)]) }]);
      await expect(tiles(hers)).toHaveCount(2);
      await hers.composer.fill('And this is what it sounded like');
      await expect(send(hers)).toBeEnabled();
      await expect(hers.log.getByRole('img', { name: 'cat.png' })).toBeVisible();
      await examine(hers, `message-files-1-writing-${size}-${scheme}`);
      await send(hers).click();
      await expect(hers.message('what it sounded like').getByRole('link', { name: /song\.mp3/ })).toBeVisible();
      await examine(hers, `message-files-2-sent-${size}-${scheme}`);
      expect(await hers.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(size === 'phone' ? 390 : 1280);
      await hers.closes();
    });
  }
}

// What the stories of watching together have in common: two films on a host of their own, and what one sees and does on
// the watch screen.
import type { Browser, BrowserContextOptions } from '@playwright/test';
import { makeFilm } from './media/film.ts';
import { serveMedia, type MediaServer } from './media/server.ts';
import { expect, type Chat, type Group, type Person } from './people.ts';

export interface Cinema {
  readonly media: MediaServer;
  /** Addresses of two films, of 90 and of 20 seconds. */
  readonly first: string;
  readonly second: string;
}

export async function openCinema(browser: Browser): Promise<Cinema> {
  const media = await serveMedia();
  for (const [name, seconds, ground] of [['first', 90, '#243'], ['second', 20, '#423']] as const) {
    media.files.set(`/${name}.webm`, { type: 'video/webm', bytes: await makeFilm(browser, media.url, { seconds, fps: 15, ground }) });
  }
  media.files.set('/notes.webm', { type: 'video/webm', bytes: Buffer.from('this is no film') });
  return { media, first: `${media.url}/first.webm`, second: `${media.url}/second.webm` };
}

export async function groupOf(name: string, people: readonly Person[]): Promise<Group> {
  const group = await people[0]!.makesGroup(name);
  for (const person of people.slice(1)) await person.joins(group);
  return group;
}

export async function comes(person: Person, browser: Browser, group: Group, options: BrowserContextOptions = {}): Promise<Chat> {
  const chat = await person.opens(browser, `/watch/${group.id}`, options);
  await expect(player(chat)).toBeVisible();
  return chat;
}

export const player = (chat: Chat) => chat.page.getByRole('region', { name: 'Player' });
export const button = (chat: Chat, name: string | RegExp) => player(chat).getByRole('button', { name, exact: typeof name === 'string' });
export const tab = (chat: Chat, name: string) => chat.page.getByRole('tab', { name: new RegExp(`^${name}`) });
export const queue = (chat: Chat) => chat.page.getByRole('list', { name: 'Queue' }).getByRole('listitem');
export const viewers = (chat: Chat) => chat.page.getByRole('list', { name: 'Viewers' }).getByRole('listitem');

export async function adds(chat: Chat, address: string, how: 'Watch' | 'Add' | 'Play now'): Promise<void> {
  await chat.page.getByLabel('Address of a video').fill(address);
  await chat.page.getByRole('button', { name: how, exact: true }).click();
  // On a phone the chat takes the place of the box once something is on.
  if (how === 'Watch') await expect(chat.page.getByRole('heading', { name: 'Nothing is on' })).toBeHidden();
  else await expect(chat.page.getByLabel('Address of a video')).toHaveValue('');
}

/** Whoever did not bring an address is asked before their browser goes there. */
export async function allows(chat: Chat, { media }: Cinema): Promise<void> {
  await expect(chat.page.getByText(/^This comes from/)).toContainText(new URL(media.url).host);
  await chat.page.getByRole('button', { name: 'Load it from there' }).click();
}

interface Place {
  readonly at: number;
  readonly paused: boolean;
  readonly source: string;
}

/** Where the picture is, at one moment for all: reckoned from each page's own clock. */
async function places(chats: readonly Chat[]): Promise<readonly Place[]> {
  const read = chats.map((chat) =>
    chat.page.evaluate(() => {
      const video = document.querySelector('video');
      if (!video) return { at: NaN, paused: true, source: '', now: 0 };
      return { at: video.currentTime, paused: video.paused, source: video.currentSrc, now: performance.timeOrigin + performance.now(), rate: video.playbackRate };
    }),
  );
  const all = await Promise.all(read);
  const now = Math.max(...all.map((one) => one.now));
  return all.map(({ at, paused, source, now: then }) => ({ at: paused ? at : at + (now - then) / 1_000, paused, source }));
}

/** The shared machine may be busy; what is measured exactly is measured elsewhere (`npm run watch-harness`). */
const TOGETHER_S = 0.25;

export async function areTogether(chats: readonly Chat[], how: { paused: boolean; from?: number; until?: number; source?: string }): Promise<void> {
  await expect(async () => {
    const found = await places(chats);
    for (const place of found) {
      expect(place.paused, JSON.stringify(found)).toBe(how.paused);
      if (how.source) expect(place.source).toBe(how.source);
      expect(place.at, JSON.stringify(found)).toBeGreaterThanOrEqual(how.from ?? 0);
      expect(place.at, JSON.stringify(found)).toBeLessThanOrEqual(how.until ?? Infinity);
    }
    const all = found.map(({ at }) => at);
    expect(Math.max(...all) - Math.min(...all), JSON.stringify(found)).toBeLessThan(how.paused ? 0.05 : TOGETHER_S);
  }).toPass({ timeout: 15_000 });
}

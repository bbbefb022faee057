// What stories of duels have in common: the screens in the words of a player, and right and wrong programs.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions } from '@playwright/test';
import { Chat, expect, type Group, type Person } from './people.ts';

const FOLDER = join(import.meta.dirname, '../../problems');

/** The reference solutions of the problems, by title. */
const SOLUTIONS = new Map(
  readdirSync(FOLDER).filter((name) => name.endsWith('.toml')).map((name) => {
    const text = readFileSync(join(FOLDER, name), 'utf8');
    const title = /^title = "(.*)"$/m.exec(text)?.[1];
    const python = /^\[reference\][^]*?^python = '''\n?([^]*?)'''/m.exec(text)?.[1];
    if (!title || !python) throw new Error(`${name} has no title or no reference in Python`);
    return [title, python] as const;
  }),
);

export function solutionOf(title: string): string {
  const solution = SOLUTIONS.get(title);
  if (!solution) throw new Error(`No problem is called “${title}”.`);
  return solution;
}

/** Somebody at the screen of a duel. */
export class Duelist {
  readonly chat: Chat;
  readonly who: Person;

  constructor(chat: Chat, who: Person) {
    this.chat = chat;
    this.who = who;
    // A reload while a clock runs asks; it loses nothing.
    chat.page.on('dialog', (dialog) => void dialog.accept());
  }

  static async open(person: Person, browser: Browser, path: string, options: BrowserContextOptions = {}): Promise<Duelist> {
    return new Duelist(await person.opens(browser, path, options), person);
  }

  get page() {
    return this.chat.page;
  }

  get id(): number {
    return Number(new URL(this.page.url()).pathname.split('/').at(-1));
  }

  get editor() {
    return this.page.getByRole('textbox', { name: /^Your program in/ });
  }

  get output() {
    return this.page.getByRole('region', { name: 'Output' });
  }

  player(name: string) {
    return this.page.getByRole('list', { name: 'Players' }).getByRole('listitem').filter({ hasText: name });
  }

  button(name: string | RegExp) {
    return this.page.getByRole('button', { name });
  }

  async roundBegins(number: number): Promise<string> {
    await expect(this.page.getByText(`Round ${number} · `)).toBeVisible({ timeout: 20_000 });
    const title = this.page.getByRole('article', { name: 'Problem' }).getByRole('heading', { level: 2 });
    await expect(title).toBeVisible({ timeout: 20_000 });
    return (await title.textContent())!;
  }

  async writes(code: string): Promise<void> {
    await this.editor.click();
    await this.page.keyboard.press('Control+a');
    await this.page.keyboard.insertText(code);
  }

  async solves(title: string): Promise<void> {
    await this.writes(solutionOf(title));
    await this.page.keyboard.press('Control+Shift+Enter');
  }

  async sees(heading: string | RegExp): Promise<void> {
    await expect(this.page.getByRole('heading', { name: heading })).toBeVisible({ timeout: 20_000 });
  }

  async closes(): Promise<void> {
    await this.chat.closes();
  }
}

/** What makes a challenge on the screen of duels. */
export interface Wish {
  readonly rounds?: 'One' | 'Best of 3' | 'Best of 5';
  readonly mode?: 'Fastest' | 'Shortest' | 'Reverse';
  readonly players?: number;
  readonly isPublic?: boolean;
}

export async function challenges(duelist: Duelist, group: Group, { rounds = 'Best of 3', mode = 'Fastest', players = 2, isPublic = false }: Wish = {}): Promise<number> {
  const { page } = duelist;
  await page.goto(new URL(`/duel/group/${group.id}`, page.url()).href);
  await page.getByRole('button', { name: 'Challenge a group' }).click();
  const form = page.getByRole('dialog', { name: 'Challenge a group' });
  await form.getByRole('combobox', { name: /^Group/ }).selectOption(String(group.id));
  await form.getByRole('radio', { name: mode }).check({ force: true });
  await form.getByRole('radio', { name: rounds }).check({ force: true });
  await form.getByLabel('Players').fill(String(players));
  if (isPublic) await form.getByLabel('Everybody who is signed in may watch').check();
  await form.getByRole('button', { name: 'Make the challenge' }).click();
  await expect(page.getByRole('list', { name: 'Who plays' })).toBeVisible();
  return duelist.id;
}

export async function joins(duelist: Duelist): Promise<void> {
  await duelist.button('Join the duel').click();
}

export async function groupOf(name: string, people: readonly Person[]): Promise<Group> {
  const group = await people[0]!.makesGroup(name);
  for (const person of people.slice(1)) await person.joins(group);
  return group;
}

// The cast of the stories: people with accounts, groups and browsers. What a story is not about is done over REST.
import { expect, test as base, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from '@playwright/test';

export const PASSWORD = 'a long enough password';
let counter = 0;

export function serverUrl(): string {
  const url = process.env.PARLOR_URL;
  if (!url) throw new Error('PARLOR_URL is not set: the global setup did not run');
  return url;
}

export class Person {
  readonly name: string;
  readonly username: string;
  readonly token: string;
  readonly id: number;

  constructor(name: string, username: string, token: string, id: number) {
    this.name = name;
    this.username = username;
    this.token = token;
    this.id = id;
  }

  static async make(name: string): Promise<Person> {
    const username = `${name.toLowerCase().replace(/[^a-z]/g, '')}${process.pid}x${counter++}`;
    const { account, token } = await rest<{ account: { id: number }; token: string }>('POST', '/accounts', { username, password: PASSWORD, display_name: name });
    return new Person(name, username, token, account.id);
  }

  call<T>(method: string, path: string, body?: unknown): Promise<T> {
    return rest<T>(method, path, body, this.token);
  }

  async makesGroup(name: string): Promise<Group> {
    const { group } = await this.call<{ group: Group }>('POST', '/groups', { name });
    return group;
  }

  async joins(group: Group): Promise<void> {
    await this.call('POST', '/groups/join', { access_code: group.access_code });
  }

  async says(group: Group, text: string, replyTo?: number): Promise<number> {
    const { event } = await this.call<{ event: { seq: number } }>('POST', `/groups/${group.id}/messages`, {
      client_id: `e2e-${process.pid}-${counter++}`, text, ...(replyTo ? { reply_to: replyTo } : {}),
    });
    return event.seq;
  }

  /** A browser of their own, signed in. */
  async opens(browser: Browser, path: string, options: BrowserContextOptions = {}): Promise<Chat> {
    const context = await browser.newContext(options);
    // By cookie, as the browser would get it; the session is a new one each time.
    const answer = await context.request.post(`${serverUrl()}/api/v1/sessions`, { data: { username: this.username, password: PASSWORD } });
    expect(answer.status(), await answer.text()).toBe(201);
    return Chat.open(context, path);
  }
}

export interface Group {
  readonly id: number;
  readonly name: string;
  readonly access_code: string;
  readonly head: number;
}

export async function rest<T>(method: string, path: string, body?: unknown, token?: string): Promise<T> {
  const response = await fetch(`${serverUrl()}/api/v1${path}`, {
    method,
    headers: { ...(body ? { 'content-type': 'application/json' } : {}), ...(token ? { authorization: `Bearer ${token}` } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return (text ? JSON.parse(text) : undefined) as T;
}

/** A page of the client, in the words of somebody who looks at it. */
export class Chat {
  readonly page: Page;
  readonly problems: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    page.on('pageerror', (error) => this.problems.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error' && /content security policy|refused to/i.test(message.text())) this.problems.push(message.text());
    });
  }

  static async open(context: BrowserContext, path: string): Promise<Chat> {
    const chat = new Chat(await context.newPage());
    await chat.page.goto(serverUrl() + path);
    return chat;
  }

  get composer() {
    return this.page.getByRole('textbox', { name: /^Message / });
  }

  get log() {
    return this.page.getByRole('region', { name: /^Messages in/ });
  }

  message(text: string | RegExp) {
    return this.log.getByRole('article').filter({ hasText: text });
  }

  async sees(text: string | RegExp): Promise<void> {
    await expect(this.message(text).last()).toBeVisible();
  }

  async writes(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.composer.press('Enter');
    await expect(this.composer).toHaveValue('');
  }

  async does(text: string, action: 'Reply' | 'Edit' | 'React' | 'More actions'): Promise<void> {
    const row = this.message(text).last();
    await row.hover();
    await row.getByRole('toolbar', { name: 'Message actions' }).getByRole('button', { name: action, exact: true }).click();
  }

  async closes(): Promise<void> {
    expect(this.problems).toEqual([]);
    await this.page.context().close();
  }
}

export const test = base;
export { expect };

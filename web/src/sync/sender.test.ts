import { describe, expect, test } from 'vitest';
import { Failure } from '../failure.ts';
import type { Action } from '../model/log.ts';
import { Outbox, type Letter } from '../model/outbox.ts';
import type { Sent } from '../shapes.ts';
import { AServer } from '../testing/a-server.ts';
import { Sender } from './sender.ts';

const me = { id: 1, name: 'Mia' };

class Shelf {
  readonly map = new Map<string, string>();
  get length() {
    return this.map.size;
  }
  key = (index: number) => [...this.map.keys()][index] ?? null;
  getItem = (key: string) => this.map.get(key) ?? null;
  setItem = (key: string, value: string) => void this.map.set(key, value);
  removeItem = (key: string) => void this.map.delete(key);
}

class Desk {
  readonly server = new AServer();
  readonly shelf = new Shelf();
  readonly actions: Action[] = [];
  readonly timers: (() => void)[] = [];
  open = true;
  answer: (letter: Letter) => Promise<Sent> = async (letter) => this.server.send(me, letter.clientId, letter.text, letter.replyTo);
  sender = this.newSender();

  newSender(): Sender {
    return new Sender(
      {
        isOpen: () => this.open,
        send: (letter) => this.answer(letter),
        dispatch: (_group, action) => this.actions.push(action),
        later: (_ms, then) => this.timers.push(then),
      },
      new Outbox(this.shelf, 1),
    );
  }

  write(clientId: string, at = 0): void {
    this.sender.submit({ clientId, group: 7, text: clientId, replyTo: null, files: [], at });
  }

  async settle(): Promise<void> {
    for (let turn = 0; turn < 50; turn++) await Promise.resolve();
  }

  get kinds(): string[] {
    return this.actions.map((action) => action.type);
  }

  get arrived(): string[] {
    return this.server.messages(1).map((m) => m.text);
  }
}

describe('sending', () => {
  test('one after the other, and the outbox is empty afterwards', async () => {
    const desk = new Desk();
    desk.write('a');
    desk.write('b');
    desk.write('c');
    await desk.settle();
    expect(desk.arrived).toEqual(['a', 'b', 'c']);
    expect(desk.shelf.length).toBe(0);
    expect(desk.kinds.filter((kind) => kind === 'acknowledged')).toHaveLength(3);
  });

  test('offline they wait, in order, over a reload too', async () => {
    const desk = new Desk();
    desk.open = false;
    desk.write('a', 1);
    desk.write('b', 2);
    await desk.settle();
    expect(desk.arrived).toEqual([]);
    desk.sender = desk.newSender();
    expect(desk.sender.waiting(7).map((letter) => letter.text)).toEqual(['a', 'b']);
    desk.open = true;
    desk.sender.connected();
    await desk.settle();
    expect(desk.arrived).toEqual(['a', 'b']);
  });

  test('a connection lost in the middle sends again; the server keeps one', async () => {
    const desk = new Desk();
    const honest = desk.answer;
    desk.answer = async (letter) => {
      await honest(letter);
      desk.open = false;
      throw new Failure('offline', '');
    };
    desk.write('a');
    await desk.settle();
    desk.answer = honest;
    desk.open = true;
    desk.sender.connected();
    await desk.settle();
    expect(desk.arrived).toEqual(['a']);
    expect(desk.shelf.length).toBe(0);
  });

  test('a refusal is told and does not hold up the next; it can be tried again or thrown away', async () => {
    const desk = new Desk();
    const honest = desk.answer;
    desk.answer = (letter) => (letter.text === 'a' ? Promise.reject(new Failure('forbidden', '')) : honest(letter));
    desk.write('a');
    desk.write('b');
    await desk.settle();
    expect(desk.arrived).toEqual(['b']);
    expect(desk.actions.find((action) => action.type === 'failed')).toMatchObject({ clientId: 'a' });
    expect(desk.shelf.length).toBe(1);
    desk.answer = honest;
    desk.sender.retry('a');
    await desk.settle();
    expect(desk.arrived).toEqual(['b', 'a']);
    desk.answer = () => Promise.reject(new Failure('no_answer', ''));
    desk.write('c');
    await desk.settle();
    desk.sender.discard(7, 'c');
    expect(desk.shelf.length).toBe(0);
  });

  test('a short wait that the server asks for is waited out in silence', async () => {
    const desk = new Desk();
    const honest = desk.answer;
    desk.answer = () => Promise.reject(new Failure('rate_limited', '', undefined, 2));
    desk.write('a');
    await desk.settle();
    expect(desk.kinds).not.toContain('failed');
    desk.answer = honest;
    desk.timers.shift()!();
    await desk.settle();
    expect(desk.arrived).toEqual(['a']);
  });

  test('no answer, but the log shows it: it is not failed any more', async () => {
    const desk = new Desk();
    desk.answer = () => Promise.reject(new Failure('no_answer', ''));
    desk.write('a');
    await desk.settle();
    desk.sender.arrived(7, 'a');
    expect(desk.shelf.length).toBe(0);
    expect(desk.sender.waiting(7)).toEqual([]);
  });
});

// A server's group in memory, as exact as the real one is meant to be: a log, pages of history folded up to a position,
// repeats by `client_id`. Tests compare what the client shows with what this holds.
import type { Event, Message, Sent } from '../shapes.ts';

export const EPOCH = 1;
const START = Date.parse('2026-11-20T10:00:00.000Z');

export interface Person {
  readonly id: number;
  readonly name: string;
}

export class AServer {
  readonly group: number;
  epoch = EPOCH;
  readonly log: Event[] = [];

  constructor(group = 7) {
    this.group = group;
  }

  get head(): number {
    return this.log.length;
  }

  append(by: Person, what: { type: Event['type']; data: unknown }): Event {
    const seq = this.log.length + 1;
    const event = { group: this.group, epoch: this.epoch, seq, at: new Date(START + seq * 1000).toISOString(), by, ...what } as Event;
    this.log.push(event);
    return event;
  }

  send(by: Person, clientId: string, text: string, replyTo: number | null = null): Sent {
    const known = this.log.find((event) => event.type === 'message' && event.by.id === by.id && event.data.client_id === clientId);
    if (known) return { event: known, duplicate: true };
    return { event: this.append(by, { type: 'message', data: { text, client_id: clientId, reply_to: replyTo } }), duplicate: false };
  }

  /** Only what changes something is an event. */
  react(by: Person, seq: number, emoji: string, on: boolean): void {
    const message = this.messages(by.id).find((m) => m.seq === seq);
    const has = message?.reactions.find((r) => r.emoji === emoji)?.me ?? false;
    if (message && !message.deleted && has !== on) this.append(by, { type: 'reaction', data: { seq, emoji, on } });
  }

  after(seq: number, limit = 1000): Event[] {
    return this.log.slice(seq, seq + limit);
  }

  /** The messages as `reader` sees them, with everything up to `asOf` folded in; oldest first. */
  messages(reader: number, asOf = this.head): Message[] {
    const messages = new Map<number, Message>();
    const who = new Map<string, Set<number>>();
    for (const event of this.log.slice(0, asOf)) {
      if (event.type === 'message') {
        messages.set(event.seq, {
          seq: event.seq, at: event.at, by: event.by, text: event.data.text, client_id: event.data.client_id,
          reply_to: event.data.reply_to, edited_at: null, deleted: false, reactions: [],
        });
      } else if (event.type === 'edit') {
        const message = messages.get(event.data.seq)!;
        message.text = event.data.text;
        message.edited_at = event.at;
      } else if (event.type === 'delete') {
        Object.assign(messages.get(event.data.seq)!, { text: '', deleted: true, reactions: [] });
      } else if (event.type === 'reaction') {
        const key = `${event.data.seq} ${event.data.emoji}`;
        const people = who.get(key) ?? new Set();
        who.set(key, people);
        if (event.data.on) people.add(event.by.id);
        else people.delete(event.by.id);
        const message = messages.get(event.data.seq)!;
        const others = message.reactions.filter((r) => r.emoji !== event.data.emoji);
        const now = { emoji: event.data.emoji, count: people.size, me: people.has(reader) };
        const at = message.reactions.findIndex((r) => r.emoji === event.data.emoji);
        if (people.size === 0) message.reactions = others;
        else if (at < 0) message.reactions = [...others, now];
        else message.reactions = message.reactions.with(at, now);
      }
    }
    return [...messages.values()];
  }

  page(reader: number, before: number | null, limit: number, asOf = this.head): { messages: Message[]; reachesStart: boolean } {
    const all = this.messages(reader, asOf).filter((m) => before === null || m.seq < before).reverse();
    return { messages: all.slice(0, limit), reachesStart: all.length <= limit };
  }
}

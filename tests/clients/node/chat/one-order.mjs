// 5 people write at once, 50 sockets read: all of them see the same order, the order of the log, each event once.
import assert from "node:assert/strict";
import { Parlor, ask, assertContiguous, done, open, until } from "./parlor.mjs";

const parlor = await Parlor.start();
const owner = await parlor.person("owner");
const group = await parlor.group(owner);
const writers = await Promise.all([1, 2, 3, 4, 5].map((n) => parlor.guest(`writer ${n}`, group.access_code)));
const reader = await parlor.guest("reader", group.access_code);

const readers = await Promise.all(
  Array.from({ length: 50 }, async () => {
    const seen = [];
    const socket = await parlor.socket(reader);
    socket.on("event", (event) => seen.push(event));
    const opened = await open(socket, group);
    return { seen, head: opened.head };
  }),
);

const EACH = 200;
const acked = await Promise.all(
  writers.map(async (writer, n) => {
    const socket = await parlor.socket(writer);
    const acks = Array.from({ length: EACH }, (_, i) =>
      ask(socket, "send", { group: group.id, client_id: `${n}-${i}`, text: `message ${i} of ${n}` }),
    );
    return Promise.all(acks);
  }),
);

const { events } = await parlor.log(owner, group);
assertContiguous(events, 1);
const messages = events.filter((event) => event.type === "message");
assert.equal(messages.length, EACH * writers.length);
for (const [n, acks] of acked.entries()) {
  // What one person writes stays in the order in which it was written.
  const places = acks.map((ack) => ack.event.seq);
  assert.deepEqual(places, [...places].sort((a, b) => a - b));
  assert.deepEqual(
    acks.map((ack) => ack.event),
    events.filter((event) => event.data.client_id?.startsWith(`${n}-`)),
  );
}
const last = events.at(-1).seq;
for (const { seen, head } of readers) {
  await until("the last event", () => seen.at(-1)?.seq === last);
  assert.deepEqual(seen, events.slice(head), "a reader saw something else than the log");
}
await done(parlor);

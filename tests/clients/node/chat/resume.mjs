// While a writer floods a group, sockets come and go at every position: what they are answered and what they hear
// after it is the log from their position on, without a hole or a double.
import assert from "node:assert/strict";
import { Parlor, ask, assertContiguous, done, open, until } from "./parlor.mjs";

const parlor = await Parlor.start();
const owner = await parlor.person("owner");
const group = await parlor.group(owner);
const reader = await parlor.guest("reader", group.access_code);

const TOTAL = 900;
const writer = await parlor.socket(owner);
const flood = (async () => {
  // Some at a time, so that the flood lasts as long as the comings and goings.
  for (let n = 0; n < TOTAL; n += 10) {
    await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        ask(writer, "send", { group: group.id, client_id: `flood-${n + i}`, text: `number ${n + i}` }),
      ),
    );
  }
})();

let flooding = true;
flood.then(() => (flooding = false));
const visits = [];
const socket = await parlor.socket(reader);
let heard = [];
socket.on("event", (event) => heard.push(event));
let position = { epoch: group.epoch, seq: 0 };
while (flooding) {
  heard = [];
  const before = heard;
  const opened = await open(socket, group, position);
  assert.ok(opened.events, JSON.stringify(opened).slice(0, 300));
  assertContiguous(opened.events, position.seq + 1);
  assert.equal(opened.events.at(-1)?.seq ?? position.seq, opened.head);
  await until("a live event or the end", () => before.length > 2 || !flooding);
  await ask(socket, "close", { group: group.id });
  assertContiguous(before, opened.head + 1);
  visits.push(before.length);
  // Back to somewhere in the middle of what is known, as one who was away longer.
  const known = before.at(-1)?.seq ?? opened.head;
  position = { epoch: group.epoch, seq: Math.max(0, known - (visits.length % 7) * 20) };
}
await flood;
assert.ok(visits.length > 20, `only ${visits.length} visits: the flood was too short to mean anything`);
assert.ok(visits.some((live) => live > 0), "nothing was ever heard live");

// And at rest, from every position.
const { events, head } = await parlor.log(reader, group);
assertContiguous(events, 1);
for (let seq = 0; seq <= head; seq += 7) {
  const opened = await open(socket, group, { epoch: group.epoch, seq });
  assert.deepEqual(opened.events, events.slice(seq));
}
const foreign = await open(socket, group, { epoch: group.epoch + 1, seq: 1 });
assert.deepEqual([foreign.reload, foreign.head], [true, head]);
const past = await open(socket, group, { epoch: group.epoch, seq: head + 1 });
assert.equal(past.reload, true);

// More than a thousand events behind: a plain word, and nothing live.
await Promise.all(
  Array.from({ length: 300 }, (_, i) =>
    ask(writer, "send", { group: group.id, client_id: `more-${i}`, text: "more" }),
  ),
);
const behind = await open(socket, group, { epoch: group.epoch, seq: 0 });
assert.deepEqual([behind.behind, behind.events], [true, undefined]);
await done(parlor);

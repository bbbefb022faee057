// A socket stops reading while a group is flooded. The others miss nothing and wait for nobody; the slow one is told to
// open the group again and then has everything, in order, each event once.
import assert from "node:assert/strict";
import { Parlor, ask, assertContiguous, done, open, until } from "./parlor.mjs";

const parlor = await Parlor.start();
const owner = await parlor.person("owner");
const group = await parlor.group(owner);
const reader = await parlor.guest("reader", group.access_code);

const seen = { slow: [], quick: [] };
const slow = await parlor.socket(reader);
slow.on("event", (event) => seen.slow.push(event));
const told = [];
slow.on("resume", (resume) => told.push(resume));
const quick = await parlor.socket(reader);
quick.on("event", (event) => seen.quick.push(event));
const { head } = await open(slow, group);
await open(quick, group);

const tcp = slow.io.engine.transport.ws._socket;
tcp.pause();
const writer = await parlor.socket(owner);
const text = "x".repeat(8_000);
// What the kernels on both sides take, and the server's own megabyte, is less than this.
const COUNT = 2_000;
for (let n = 0; n < COUNT; n += 50) {
  await Promise.all(
    Array.from({ length: 50 }, (_, i) =>
      ask(writer, "send", { group: group.id, client_id: `big-${n + i}`, text }),
    ),
  );
}
await until("all of it at the quick one", () => seen.quick.length === COUNT);
assertContiguous(seen.quick, head + 1);

tcp.resume();
await until("a word to the slow one", () => told.length > 0);
assert.deepEqual(told, [{ group: group.id }]);
assert.ok(seen.slow.length < COUNT, "it was not slow at all");
assertContiguous(seen.slow, head + 1);

// As a client does: read what was missed over REST where it is too much, then open again.
let position = { epoch: group.epoch, seq: seen.slow.at(-1)?.seq ?? head };
for (;;) {
  const opened = await open(slow, group, position);
  if (opened.events) {
    seen.slow.push(...opened.events);
    break;
  }
  assert.equal(opened.behind, true);
  const after = `${position.epoch}:${position.seq}`;
  const page = await parlor.call("GET", `/groups/${group.id}/events?after=${after}&limit=200`, reader);
  seen.slow.push(...page.events);
  position = { epoch: page.epoch, seq: page.events.at(-1).seq };
}
await ask(writer, "send", { group: group.id, client_id: "live", text: "live again" });
await until("a live event", () => seen.slow.at(-1).data.client_id === "live");
assertContiguous(seen.slow, head + 1);
assert.equal(seen.slow.length, COUNT + 1);
await done(parlor);

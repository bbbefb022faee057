// Groups and the records of connections end by the clock.
import assert from "node:assert/strict";
import { Parlor, done, until } from "../chat/parlor.mjs";
import { Visitor, WAYS, makeGroup, pair } from "./visitor.mjs";

const groups = async (parlor) => (await fetch(`${parlor.url}/groups`)).json();

const short = await Parlor.start(undefined, { PARLOR_COMPAT_CIRCLE_GROUP_TTL_S: "3" });
const endOfAGroup = async (way) => {
  const { access_code: code, created } = await makeGroup(short, way.face);
  const [ada, bob, room] = await pair(short, code, [way, way]);
  const cleo = await Visitor.arrive(short, way);
  await cleo.join(code, "Cleo");
  assert.ok((await groups(short)).some((group) => group.access_code === code));
  await until("the group to end", async () => !(await groups(short)).some((group) => group.access_code === code));
  assert.ok(Date.now() >= created.$date + 3_000, "it ended early");
  for (const visitor of [ada, bob]) await visitor.hears("The group has ended");
  await until("the one who waits to be told", () => cleo.of("join_error").length > 0);
  assert.equal(cleo.of("join_error")[0].error, "Group Not Found");
  assert.equal(await ada.refused("message_error", () => ada.say(room, "x")), "you are not in that room");
  assert.equal(await cleo.refused("message_error", () => cleo.say(code, "x")), "you are not in that room");
  assert.equal(await bob.refused("join_error", () => bob.join(code, "Bob")), "Group Not Found");
};
await Promise.all(WAYS.map(endOfAGroup));

const brief = await Parlor.start(undefined, { PARLOR_COMPAT_CIRCLE_CONNECTION_TTL_S: "3" });
const endOfARecord = async (way) => {
  const { access_code: code } = await makeGroup(brief, way.face);
  const began = Date.now();
  const [ada, bob, room] = await pair(brief, code, [way, way]);
  await until("a record to end", () =>
    ada.strings().includes("Bob disconnected.") || bob.strings().includes("Ada disconnected."),
  );
  assert.ok(Date.now() >= began + 3_000, "it ended early");
  for (const visitor of [ada, bob]) {
    await until("it to be out", async () => {
      await visitor.say(room, "x");
      return visitor.of("message_error").some(({ error }) => error === "you are not in that room");
    });
    assert.ok(visitor.socket.connected);
  }
  // Whoever joins again begins a new record; the two have just met.
  await ada.join(code, "Ada");
  await bob.join(code, "Bob");
  await Promise.all([ada, bob].map((visitor) => visitor.settled(code)));
  assert.deepEqual([ada, bob].map((visitor) => visitor.of("join_room").length), [1, 1]);
};
await Promise.all(WAYS.map(endOfARecord));
await done(short, brief);

// 1,001 join at once, of both generations at both faces: 500 pairs and one who waits; nobody is in two rooms, nobody is
// alone in one, and what two say reaches those two.
import assert from "node:assert/strict";
import { Parlor, done, until } from "../chat/parlor.mjs";
import { Visitor, WAYS, makeGroup } from "./visitor.mjs";

const COUNT = 1_001;
const parlor = await Parlor.start();
const { access_code: code } = await makeGroup(parlor);
const crowd = [];
while (crowd.length < COUNT) {
  const some = Array.from({ length: Math.min(91, COUNT - crowd.length) }, (_, n) =>
    Visitor.arrive(parlor, { ...WAYS[n % WAYS.length], transports: n % 13 ? ["websocket"] : ["polling", "websocket"] }),
  );
  crowd.push(...(await Promise.all(some)));
}
// Those that began on long-polling are on their websocket before they join; old-front-end.mjs does not wait for that.
const name = (visitor) => visitor.socket.io.engine.transport.name;
await until("all to be on a websocket", () => crowd.every((visitor) => name(visitor) === "websocket"));
const began = Date.now();
const joined = Promise.all(crowd.map((visitor, n) => visitor.join(code, `number ${n}`)));
const placed = () => crowd.filter((visitor) => visitor.of("join_room").length > 0);
await until("a thousand to be placed", () => placed().length === COUNT - 1);
console.log(`${COUNT} joined and ${COUNT - 1} were placed in ${Date.now() - began} ms`);
await joined;

const byId = new Map(crowd.map((visitor) => [visitor.socket.id, visitor]));
const rooms = new Map();
for (const visitor of placed()) {
  const [{ room, user, match }, ...more] = visitor.of("join_room");
  assert.equal(more.length, 0, "somebody is in two rooms");
  rooms.set(room, [...(rooms.get(room) ?? []), visitor]);
  const partner = byId.get(match.sid);
  assert.ok(partner, `nobody knows themselves as ${match.sid}`);
  const [theirs] = partner.of("join_room");
  assert.deepEqual([theirs.room, theirs.match.name, theirs.match.sid], [room, user, visitor.socket.id]);
}
assert.equal(rooms.size, 500);
for (const two of rooms.values()) assert.equal(two.length, 2);

// Everybody says who they are, and hears their partner and themselves.
await Promise.all(
  crowd.map((visitor, n) => visitor.of("join_room")[0] && visitor.say(visitor.of("join_room")[0].room, `it is ${n}`)),
);
await until("everybody to be heard", () => placed().every((visitor) => visitor.objects().length >= 2));
const [alone] = crowd.filter((visitor) => !placed().includes(visitor));
await alone.settled(code);
assert.equal(alone.objects().length, 1);
for (const [room, [one, other]] of rooms) {
  const said = [one, other].map((visitor) => `it is ${crowd.indexOf(visitor)}`).sort();
  for (const visitor of [one, other]) {
    assert.deepEqual(visitor.objects().map(({ message }) => message).sort(), said);
    assert.ok(visitor.objects().every((message) => message.room === room));
    assert.equal(visitor.strings().length, 1);
  }
}
await done(parlor);

// Forty people do anything at any moment, their connections break at every step. Nobody ever hears what is not for
// them, and in the end everybody can be put together again.
import assert from "node:assert/strict";
import { Parlor, done, until } from "../chat/parlor.mjs";
import { Visitor, WAYS, makeGroup } from "./visitor.mjs";

const COUNT = 40;
const STEPS = 60;
const parlor = await Parlor.start();
const codes = (await Promise.all([makeGroup(parlor), makeGroup(parlor)])).map(({ access_code: code }) => code);
const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
let state = seed;
const below = (end) => {
  state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
  return Math.floor((state / 2_147_483_648) * end);
};
console.log(`SEED=${seed}`);
let delivered = 0;

async function arrive(n) {
  const visitor = await Visitor.arrive(parlor, WAYS[below(WAYS.length)]);
  visitor.name = `number ${n}`;
  visitor.socket.on("join_room", (joined) => (visitor.now = joined));
  visitor.socket.on("message", (message) => {
    if (typeof message === "string") return;
    const met = visitor.of("join_room").some(({ room, match }) => room === message.room && match.name === message.by);
    assert.ok(met || message.by === visitor.name, `${visitor.name} heard ${message.by}, whom they never met there`);
    delivered += met ? 1 : 0;
  });
  visitor.id = visitor.socket.id;
  return visitor;
}

const people = await Promise.all(Array.from({ length: COUNT }, (_, n) => arrive(n)));

async function live(n) {
  for (let step = 0; step < STEPS; step += 1) {
    const visitor = people[n];
    const room = visitor.now?.room;
    const code = codes[below(8) ? 0 : 1];
    const act = below(12);
    if (act < 4) await visitor.join(code, visitor.name);
    else if (act < 7 && room) {
      await visitor.emit("message", { room, by: visitor.name, message: `${step}` });
    } else if (act < 9 && room) await visitor.emit("leave", { room, return_to: code });
    else if (act === 9 && room) await visitor.emit("leave", { room });
    else if (act === 10) await visitor.emit("leave_room");
    else {
      // In the middle of something, without waiting for what comes of it.
      visitor.socket.emit("join_group", { access_code: code, name: visitor.name });
      visitor.gone();
      people[n] = await arrive(n);
    }
  }
}
await Promise.all(people.map((_, n) => live(n)));
assert.ok(delivered > COUNT, `only ${delivered} messages reached a partner: that says nothing`);

// All go out and come in again: everybody is placed but one or two who have just met.
for (const visitor of people) {
  await visitor.emit("leave_room");
  visitor.heard.length = 0;
}
await Promise.all(people.map((visitor) => visitor.emit("received", true)));
for (const visitor of people) visitor.heard.length = 0;
await Promise.all(people.map((visitor) => visitor.join(codes[0], `${visitor.name} again`)));
const partner = (visitor) => {
  const joined = visitor.of("join_room").at(-1);
  const other = joined && people.find(({ id }) => id === joined.match.sid);
  const theirs = other?.of("join_room").at(-1);
  return theirs?.room === joined?.room && theirs?.match.sid === visitor.id ? other : undefined;
};
await until("nearly all to be placed", () => people.filter(partner).length >= COUNT - 2);
for (const visitor of people) assert.ok(visitor.of("join_room").length <= 1, "somebody is in two rooms");
await done(parlor);

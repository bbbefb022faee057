// Ten wrong codes from one address within a minute, and nothing is let in from there, right codes included.
import assert from "node:assert/strict";
import { Parlor, done } from "../chat/parlor.mjs";
import { Visitor, makeGroup } from "./visitor.mjs";

const limited = { PARLOR_RATE_LIMITS: "on", PARLOR_COMPAT_CIRCLE_LIST: "off" };

const parlor = await Parlor.start(undefined, limited);
const { access_code: code } = await makeGroup(parlor);
const [one, other] = [await Visitor.arrive(parlor, { generation: 2 }), await Visitor.arrive(parlor, { face: "/" })];
const wrong = (n) => `0000000${n}`;
const narrowed = async (wanted) => fetch(`${parlor.url}/circle/groups?access_code=${wanted}`);

// A hidden list hides; the right code is found and costs nothing.
assert.deepEqual(await (await fetch(`${parlor.url}/groups`)).json(), []);
for (let n = 0; n < 20; n += 1) {
  const found = await (await narrowed(code)).json();
  assert.deepEqual(found.map((group) => group.access_code), [code]);
}

// Whoever could ask whether a code is one is asking for a code, however they ask.
await other.emit("join_room", { room: "0000beef" });
await other.hears("Welcome to the 0000beef room");
for (const n of [0, 1, 2]) assert.deepEqual(await (await narrowed(wrong(n))).json(), []);
for (const n of [3, 4, 5, 6, 7, 8]) {
  const from = n % 2 ? one : other;
  assert.equal(await from.refused("join_error", () => from.join(wrong(n))), "Group Not Found");
}
for (const visitor of [one, other]) {
  for (const tried of [wrong(9), code]) {
    assert.equal(await visitor.refused("join_error", () => visitor.join(tried)), "Too many attempts");
  }
  const asked = await visitor.refused("message_error", () => visitor.emit("join_room", { room: "0000cafe" }));
  assert.equal(asked, "Too many attempts");
}
assert.equal((await narrowed(code)).status, 429);
// What could not be a short code is no guess.
await one.emit("join_room", { room: "garden" });
await one.hears("Welcome to the garden room");

// Many at once are answered no more often than ten.
const crowd = await Parlor.start(undefined, limited);
const guessers = await Promise.all(Array.from({ length: 40 }, () => Visitor.arrive(crowd)));
await Promise.all(guessers.map((guesser, n) => guesser.join(`1111${String(n).padStart(4, "0")}`)));
const answers = guessers.flatMap((guesser) => guesser.of("join_error").map(({ error }) => error));
assert.equal(answers.length, 40);
assert.equal(answers.filter((error) => error === "Group Not Found").length, 10);
await done(parlor, crowd);

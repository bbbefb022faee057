// One who loses the connection comes back into the same room within twenty seconds, by the same code and name, and the
// partner notices nothing; one who does not is given up.
import assert from "node:assert/strict";
import { Parlor, done, until } from "../chat/parlor.mjs";
import { Visitor, WAYS, makeGroup, pair } from "./visitor.mjs";

const parlor = await Parlor.start();
const left = [];

for (const way of WAYS) {
  const { access_code: code } = await makeGroup(parlor, way.face);
  const [ada, bob, room] = await pair(parlor, code, [way, way]);

  // While the place is taken the same name is somebody else.
  const twin = await Visitor.arrive(parlor, way);
  await twin.join(code, "Bob");
  await twin.settled(code);
  assert.equal(twin.of("join_room").length, 0);

  const quiet = ada.heard.length;
  await bob.vanishes(parlor);
  // Two places of that name are empty now: whoever comes back is at home where somebody waits for them.
  await twin.vanishes(parlor);
  // Another name is somebody else also while it is empty.
  const bea = await Visitor.arrive(parlor, way);
  await bea.join(code, "Bea");
  await bea.settled(code);
  const back = await Visitor.arrive(parlor, way);
  await back.join(code, "Bob");
  assert.deepEqual(await back.inRoom(), { room, user: "Bob", match: { name: "Ada", sid: ada.socket.id } });
  assert.equal(back.strings().length, 0);
  await back.say(room, "where were we?");
  await ada.hears("where were we?");
  await ada.say(room, "here");
  await back.hears("here");
  assert.deepEqual(ada.heard.slice(quiet).map(([, { message }]) => message), ["where were we?", "here"]);
  assert.equal(bea.of("join_room").length, 0);
  await bea.vanishes(parlor);
  left.push({ ada, back });
}

// And nobody comes back.
const began = Date.now();
for (const { back } of left) back.gone();
const given = () => left.every(({ ada }) => ada.strings().includes("Bob disconnected."));
await until("all to be given up", given).catch(() => until("all to be given up", given));
const seconds = (Date.now() - began) / 1_000;
assert.ok(seconds > 19.9 && seconds < 23, `after ${seconds} s`);
for (const { ada } of left) assert.equal(ada.strings().filter((text) => text === "Bob disconnected.").length, 1);
await done(parlor);

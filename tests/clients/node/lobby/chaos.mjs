// Twenty-four people do anything at any moment, and lose their connections in the middle of it. At the end everybody who
// is in a room has a partner there who says the same, and nobody is in two.
import assert from "node:assert/strict";
import { Parlor, done, until } from "../chat/parlor.mjs";
import { Attendee } from "./attendee.mjs";

const PEOPLE = 24;
const STEPS = 1_500;
const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
console.error(`SEED=${seed}`);
let state = seed;
const chance = (sides) => {
  state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
  return Math.floor((state / 2 ** 31) * sides);
};

const parlor = await Parlor.start();
const owner = await parlor.person("owner");
const group = await parlor.group(owner);
const people = [];
for (let number = 0; number < PEOPLE; number += 1) {
  people.push(await Attendee.arrive(parlor, await parlor.guest(`Person ${number}`, group.access_code)));
}
const calls = [];
const call = (who, name, body) => {
  // Whatever the answer: it may be refused, or never come since the connection is gone.
  calls.push(who.socket.timeout(20_000).emitWithAck(name, body).catch(() => {}));
};
for (let step = 0; step < STEPS; step += 1) {
  const who = people[chance(PEOPLE)];
  if (!who.socket.connected) {
    await who.connect();
    call(who, "lobby_enter", { group: group.id });
    continue;
  }
  const room = who.room?.room ?? 1;
  const what = chance(10);
  if (what < 4) call(who, "lobby_enter", { group: group.id });
  else if (what === 4) call(who, "lobby_leave", {});
  else if (what === 5) call(who, "room_leave", { room });
  else if (what < 8) call(who, "room_next", { room });
  else if (what === 8) call(who, "room_send", { room, text: `step ${step}` });
  // Sometimes in the middle of a call.
  if (chance(6) === 0) {
    if (chance(2) === 0) call(who, "lobby_enter", { group: group.id });
    who.gone();
  }
}
await Promise.all(calls);

// Everybody comes back and asks where they are.
for (const who of people) if (!who.socket.connected) await who.connect();
const standing = async () => {
  const all = [];
  for (const who of people) all.push((await who.socket.emitWithAck("lobby_enter", { group: group.id })).room);
  return all;
};
await standing();
const rooms = await until("everybody but one to be in a room of two", async () => {
  const found = await standing();
  return found.filter((room) => !room).length <= 1 && found;
}).catch(async (error) => {
  // Two whose last partner was each other may wait beside each other.
  const found = await standing();
  if (found.filter((room) => !room).length === 2) return found;
  throw error;
});
people.forEach((who, at) => {
  const room = rooms[at];
  if (!room) return;
  assert.equal(room.me.id, who.person.account.id);
  assert.equal(room.partners.length, 1);
  const partner = people.findIndex((other) => other.person.account.id === room.partners[0].id);
  assert.equal(rooms[partner]?.room, room.room, "both say the same");
});
const { waiting } = await parlor.call("GET", `/groups/${group.id}/lobby`, owner);
assert.equal(waiting, rooms.filter((room) => !room).length);

// And in each of them one hears the other.
for (let at = 0; at < PEOPLE; at += 1) {
  if (!rooms[at]) continue;
  await people[at].say(`still here ${at}`, rooms[at].room);
  const partner = people.find((other) => other.person.account.id === rooms[at].partners[0].id);
  await partner.hears(`still here ${at}`);
}
await done(parlor);

// One who does not come back within twenty seconds has left; a crash of the server is only a lost connection for all.
import assert from "node:assert/strict";
import { Parlor, done, until } from "../chat/parlor.mjs";
import { Attendee } from "./attendee.mjs";

let parlor = await Parlor.start();
const owner = await parlor.person("owner");
const group = await parlor.group(owner);
const guests = [];
for (const name of ["Ada", "Bob"]) guests.push(await parlor.guest(name, group.access_code));
const meet = async () => {
  const [ada, bob] = [await Attendee.arrive(parlor, guests[0]), await Attendee.arrive(parlor, guests[1])];
  await ada.enter(group);
  await bob.enter(group);
  await Promise.all([ada.inRoom(), bob.inRoom()]);
  return [ada, bob];
};
const [, before] = await meet();
await parlor.crash();
parlor = await Parlor.start(parlor.folder);
const [ada, bob] = await meet();
assert.equal(bob.room.room, before.room.room, "the same room after the crash");
await ada.say("and on we go");
await bob.hears("and on we go");

const gone = Date.now();
bob.gone();
const ended = await until("Bob to be given up", () => ada.ended[0]).catch(() =>
  until("Bob to be given up", () => ada.ended[0]),
);
const seconds = (Date.now() - gone) / 1_000;
assert.equal(ended.reason, "vanished");
assert.ok(seconds > 19.9 && seconds < 23, `after ${seconds} s`);
await done(parlor);

// What both keep becomes a group that both own. A report brings the last lines to those who keep order, and nothing else
// of a room is anywhere in the data folder, not even after a crash.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Parlor, ask, done, until } from "../chat/parlor.mjs";
import { Attendee } from "./attendee.mjs";

const parlor = await Parlor.start();
const owner = await parlor.person("owner");
const group = await parlor.group(owner);
const meet = async (one, other) => {
  await one.enter(group);
  await other.enter(group);
  await Promise.all([one.inRoom(), other.inRoom()]);
};
const arrive = async (name) => Attendee.arrive(parlor, await parlor.guest(name, group.access_code));

const [ada, bob] = [await arrive("Ada"), await arrive("Bob")];
await meet(ada, bob);
await ada.say("quetzal in the first room");
await bob.hears("quetzal in the first room");
assert.equal((await ask(ada.socket, "room_keep", { room: ada.room.room, on: true })).group, null);
await until("Bob to see that she would", () => bob.signals.some((s) => s.type === "keep" && s.on));
const kept = await ask(bob.socket, "room_keep", { room: bob.room.room, on: true });
const ended = await until("the room to be a group", () => ada.ended[0]);
assert.deepEqual([ended.reason, ended.group], ["kept", kept.group]);
for (const who of [ada, bob]) {
  const { groups } = await parlor.call("GET", "/me", who.person);
  const mine = groups.find((each) => each.group.id === kept.group);
  assert.deepEqual([mine.role, mine.group.name], ["owner", "Ada & Bob"]);
  await who.refused("room_send", { room: ended.room, text: "x" }, "not_found");
}
await parlor.call("POST", `/groups/${kept.group}/messages`, {
  ...ada.person,
  body: { client_id: "a", text: "here we are" },
});

const [cleo, dan] = [await arrive("Cleo"), await arrive("Dan")];
await meet(cleo, dan);
for (let number = 0; number < 60; number += 1) await dan.say(`narwhal ${number}`);
await cleo.hears("narwhal 59");
const { report } = await ask(cleo.socket, "room_report", { room: cleo.room.room, reason: "too many narwhals" });
await ask(cleo.socket, "room_block", { room: cleo.room.room });
await ask(cleo.socket, "room_leave", { room: cleo.room.room });
const end = await until("Dan to see the end", () => dan.ended[0]);
assert.equal(end.reason, "left", "he is not told why");
await parlor.call("GET", `/groups/${group.id}/reports`, { ...dan.person, status: 403 });
const { reports } = await parlor.call("GET", `/groups/${group.id}/reports`, owner);
assert.deepEqual([reports.length, reports[0].id, reports[0].about.name], [1, report, "Dan"]);
assert.deepEqual([reports[0].lines.length, reports[0].lines[0].text], [50, "narwhal 10"]);
const { blocks } = await parlor.call("GET", "/me/blocks", cleo.person);
assert.deepEqual(blocks.map((block) => block.account.display_name), ["Dan"]);
const later = await Attendee.arrive(parlor, dan.person);
await cleo.enter(group);
assert.ok((await later.enter(group)).waiting_since, "never again");
await parlor.call("DELETE", `/me/blocks/${dan.person.account.id}`, { ...cleo.person, status: 204 });
await parlor.call("DELETE", `/me/blocks/${dan.person.account.id}`, { ...cleo.person, status: 404 });

const everything = () =>
  readdirSync(parlor.folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath ?? entry.path, entry.name), "latin1"))
    .join("");
assert.ok(everything().includes("narwhal 59"), "the search finds what is stored");
assert.ok(everything().includes("here we are"), "the search finds what is stored");
assert.ok(!everything().includes("quetzal"), "a word of a room is on the disk");
assert.ok(!everything().includes("narwhal 9\""), "more than was reported is on the disk");
await parlor.crash();
assert.ok(!everything().includes("quetzal"), "a word of a room is on the disk");
const again = await Parlor.start(parlor.folder);
assert.ok(!everything().includes("quetzal"), "a word of a room is on the disk");
await again.call("DELETE", `/groups/${group.id}/reports/${report}`, owner);
await done(again);

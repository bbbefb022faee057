// Two meet, talk, come back after a lost connection, go on, and never meet twice in a row; a third hears nothing.
import assert from "node:assert/strict";
import { Parlor, ask, done, open, until } from "../chat/parlor.mjs";
import { Attendee } from "./attendee.mjs";

const parlor = await Parlor.start();
const owner = await parlor.person("owner");
const group = await parlor.group(owner);
const people = [];
for (const name of ["Ada", "Bob", "Cleo"]) {
  people.push(await Attendee.arrive(parlor, await parlor.guest(name, group.access_code)));
}
const [ada, bob, cleo] = people;
const watching = await parlor.socket(owner);
const signals = [];
watching.on("signal", (signal) => signals.push(signal));
await open(watching, group);

const first = await ada.enter(group);
assert.ok(first.waiting_since && !first.room);
assert.equal((await ada.enter(group)).waiting_since, first.waiting_since, "a second time is the same place");
await until("the group to know that one waits", () => signals.some((s) => s.type === "lobby" && s.waiting === 1));
await until("how many wait", () => ada.state?.waiting === 1);
const second = await bob.enter(group);
assert.equal(second.room.partners[0].name, "Ada");
const room = await ada.inRoom();
assert.deepEqual([room.room, room.partners[0].name, room.me.name], [second.room.room, "Bob", "Ada"]);
await until("nobody waits", () => ada.state?.waiting === 0);

await cleo.enter(group);
await ada.say("only for Bob");
const line = await bob.hears("only for Bob");
assert.deepEqual(line.by, { key: room.me.key, id: ada.person.account.id, name: "Ada" });
await ada.hears("only for Bob");
await ask(bob.socket, "room_signal", { room: room.room, type: "typing", on: true });
await until("Bob to write", () => ada.signals.some((s) => s.type === "typing" && s.on));
await ask(bob.socket, "room_signal", { room: room.room, type: "ready" });
await until("Bob to be ready", () => ada.signals.some((s) => s.type === "ready"));
assert.equal(cleo.lines.length + cleo.signals.length, 0, "a third hears nothing");

// What is not theirs, and what is nonsense, is refused by name.
const stranger = await Attendee.arrive(parlor, await parlor.person("stranger"));
await stranger.refused("lobby_enter", { group: group.id }, "not_found");
await stranger.refused("lobby_state", { group: group.id }, "not_found");
for (const who of [cleo, stranger]) {
  await who.refused("room_send", { room: room.room, text: "hello" }, "not_found");
  await who.refused("room_signal", { room: room.room, type: "typing", on: true }, "not_found");
  for (const name of ["room_leave", "room_next", "room_report", "room_block"]) {
    await who.refused(name, { room: room.room }, "not_found");
  }
  await who.refused("room_keep", { room: room.room, on: true }, "not_found");
}
await ada.refused("room_send", { room: room.room, text: " " }, "invalid", "text");
await ada.refused("room_send", { room: room.room, text: "x".repeat(8_001) }, "invalid", "text");
await ada.refused("room_send", { room: 2 ** 60, text: "x" }, "not_found");
await ada.refused("room_send", { room: "1", text: "x" }, "invalid", "room");
await ada.refused("room_signal", { room: room.room, type: "nonsense" }, "invalid", "type");
await ada.refused("room_report", { room: room.room, reason: "x".repeat(501) }, "invalid", "reason");
await ada.refused("room_report", { room: room.room, about: "nobody" }, "not_found");
await ada.refused("room_report", { room: room.room, about: cleo.person.account.id.toString() }, "not_found");
await ada.refused("lobby_enter", {}, "invalid", "group");
await ada.refused("lobby_enter", [], "malformed");

// A lost connection: the place is kept, and the other hears nothing of it.
bob.gone();
await bob.connect();
assert.equal((await bob.enter(group)).room.room, room.room);
await bob.inRoom();
await ada.say("are you there?");
await bob.hears("are you there?");
assert.deepEqual([ada.ended, ada.left], [[], []]);

// A second tab finds the same place, and leaving in one is leaving in both.
const tab = await Attendee.arrive(parlor, bob.person);
assert.equal((await tab.enter(group)).room.room, room.room);
await ada.say("in both");
await Promise.all([bob.hears("in both"), tab.hears("in both")]);

// A tab that is refused elsewhere takes nobody along: the other one stays where it is and hears nothing of there.
const elsewhere = await parlor.group(await parlor.person("somebody"));
await tab.refused("lobby_enter", { group: elsewhere.id }, "not_found");
const theirs = await parlor.group(await parlor.person("another"));
await parlor.call("POST", "/groups/join", { ...bob.person, body: { access_code: theirs.access_code } });
await tab.refused("lobby_enter", { group: theirs.id }, "conflict");
const foreign = [];
bob.socket.on("lobby_state", (state) => state.group !== group.id && foreign.push(state));
const waiter = await Attendee.arrive(parlor, await parlor.guest("Waiter", theirs.access_code));
await waiter.enter(theirs);
await until("that one waits there", () => waiter.state?.waiting === 1);
await ada.say("still here");
await Promise.all([bob.hears("still here"), tab.hears("still here")]);
assert.deepEqual(foreign, []);

const next = await ask(ada.socket, "room_next", { room: room.room });
assert.equal(next.room.partners[0].name, "Cleo");
const ended = await until("the end", () => bob.ended[0]);
assert.deepEqual([ended.room, ended.reason, ended.group, ended.waiting], [room.room, "next", null, false]);
await ask(bob.socket, "room_leave", { room: room.room });
await until("the other tab to know", () => tab.out?.reason === "left");
await tab.refused("room_send", { room: room.room, text: "still here?" }, "not_found");

// Ada and Cleo part: they wait beside each other, and Bob is the next for one of them.
await cleo.inRoom();
assert.ok((await ask(cleo.socket, "room_next", { room: cleo.room.room })).waiting_since);
await until("the end", () => ada.ended.length === 1);
assert.ok((await ask(ada.socket, "room_next", { room: next.room.room })).waiting_since, "not Cleo again");
const third = await bob.enter(group);
assert.ok(["Ada", "Cleo"].includes(third.room.partners[0].name));

// Whoever is sent away is in no room any more.
await parlor.call("DELETE", `/groups/${group.id}/members/${bob.person.account.id}`, owner);
await until("Bob to know", () => bob.out?.reason === "group_left");
await bob.refused("room_send", { room: third.room.room, text: "still here?" }, "not_found");
await bob.refused("lobby_enter", { group: group.id }, "not_found");
await done(parlor);

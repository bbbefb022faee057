// Talking in rooms, in named ones and in the lobby; objects as they came; and what is refused.
import assert from "node:assert/strict";
import { Parlor, done, until } from "../chat/parlor.mjs";
import { Visitor, WAYS, makeGroup, pair } from "./visitor.mjs";

const parlor = await Parlor.start();

for (const way of WAYS) {
  const { access_code: code } = await makeGroup(parlor, way.face);
  const [ada, bob, room] = await pair(parlor, code, [way, way]);

  // An object arrives as it was sent, at the one who sent it too; as a string it is taken for the object that it holds.
  const odd = { room, user: "somebody else", message: "Grüße 🐍", n: 1.5, deep: [{ a: null }], "": true };
  await ada.emit("message", odd);
  await bob.emit("message", JSON.stringify({ room, message: "as a string" }));
  await bob.emit("received", true);
  for (const visitor of [ada, bob]) {
    await visitor.hears("as a string");
    assert.deepEqual(visitor.objects(), [odd, { room, message: "as a string" }]);
  }

  // The room greets who joins it by name, as the old front end does when it is told of it.
  await ada.emit("join_room", { room });
  for (const visitor of [ada, bob]) await visitor.hears(`Welcome to the ${room} room`);

  // What is refused is said by name, and reaches nobody.
  const told = ada.heard.length;
  const long = "x".repeat(8_001);
  for (const [payload, error] of [
    ["hello", "A message must be an object"],
    [["hello"], "A message must be an object"],
    [null, "A message must be an object"],
    [42, "A message must be an object"],
    ['"a string in a string"', "A message must be an object"],
    [{ message: "no room" }, "you are not in that room"],
    [{ room: "room_of_others", message: "x" }, "you are not in that room"],
    [{ room: "elsewhere", message: "x" }, "you are not in that room"],
    [{ room: code, message: "not while in a room" }, "you are not in that room"],
    [{ room: [room], message: "x" }, "you are not in that room"],
    [{ room, message: long }, "A message has at most 8,000 characters"],
    [{ room, content: long }, "A message has at most 8,000 characters"],
    [{ room, other: long }, "A message has at most 8,000 characters"],
  ]) {
    assert.equal(await bob.refused("message_error", () => bob.emit("message", payload)), error);
  }
  await bob.emit("message", { room, message: "𝄞".repeat(8_000) });
  await until("the longest message", () => ada.objects().at(-1).message?.length === 16_000);
  assert.equal(ada.heard.length, told + 1);

  // Names that anybody may join, by whichever face.
  const [cleo, dan] = [await Visitor.arrive(parlor, way), await Visitor.arrive(parlor, { generation: 4 })];
  await cleo.emit("join_room", { room: "kitchen" });
  await dan.emit("join_room", JSON.stringify({ room: "kitchen" }));
  await cleo.hears("Welcome to the kitchen room");
  await dan.hears("Welcome to the kitchen room");
  await dan.say("kitchen", "tea?");
  await cleo.hears("tea?");
  for (const [name, error] of [
    ["room_x", "you are not in that room"],
    [room, "you are not in that room"],
    [code, "The code of a group is no room"],
    [code.toUpperCase(), "The code of a group is no room"],
    ["", "A room has a name of 1 to 200 characters"],
    ["x".repeat(201), "A room has a name of 1 to 200 characters"],
    [7, "A room has a name of 1 to 200 characters"],
  ]) {
    assert.equal(await cleo.refused("message_error", () => cleo.emit("join_room", { room: name })), error, name);
  }
  const heard = dan.heard.length;
  await dan.emit("leave", { room: "elsewhere" });
  await cleo.emit("leave", { room: "kitchen" });
  await dan.hears("A User left the kitchen room");
  assert.equal(dan.heard.length, heard + 1);
  assert.equal(
    await cleo.refused("message_error", () => cleo.say("kitchen", "still here?")),
    "you are not in that room",
  );

  // Those who wait may talk by the code of their lobby; who leaves it hears nothing more and is not paired.
  const { access_code: other } = await makeGroup(parlor, way.face);
  await cleo.join(other, "Cleo");
  await cleo.settled(other);
  await cleo.emit("leave_room");
  assert.equal(await cleo.refused("message_error", () => cleo.say(other, "x")), "you are not in that room");
  await dan.join(other, "Dan");
  await dan.settled(other);
  assert.equal(dan.of("join_room").length, 0);

  // Joining twice while waiting is the same place; names are trimmed and cut, never empty.
  await dan.join(other, `  ${"D".repeat(50)}  `);
  await dan.settled(other);
  await cleo.join(other, " \u200b ");
  assert.equal((await cleo.inRoom()).match.name, "D".repeat(40));
  assert.equal((await dan.inRoom()).match.name, "Anonymous");

  // Joining again from within a room is answered with the same room, and the partner hears nothing of it.
  const quiet = cleo.heard.length;
  await dan.join(other, "Dan");
  const again = await dan.inRoom(2);
  assert.deepEqual([again.room, again.match.name], [(await cleo.inRoom()).room, "Anonymous"]);
  await cleo.settled(again.room);
  assert.deepEqual(cleo.heard.slice(quiet).map(([name]) => name), ["message"]);

  // `leave_room` takes one out of the room; who stays is told, and is told nothing twice.
  await dan.emit("leave_room");
  await cleo.hears(`A User left the ${again.room} room`);
  await dan.emit("leave_room");
  await dan.emit("leave", { room: again.room, return_to: other });
  await cleo.settled(again.room);
  assert.equal(cleo.strings().filter((text) => text.startsWith("A User left")).length, 1);
  assert.equal(dan.of("join_room").length, 2);

  // A code that is no group's.
  for (const wrong of ["00000000", "", "nonsense", undefined, 12345678, "x".repeat(1_000)]) {
    assert.equal(await dan.refused("join_error", () => dan.emit("join_group", { access_code: wrong })), "Group Not Found");
  }
  assert.equal(await dan.refused("join_error", () => dan.emit("join_group", "{")), "Group Not Found");
  await dan.emit("join_group", JSON.stringify({ access_code: ` ${other.toUpperCase()} ` }));
  await dan.settled(other);
  for (const visitor of [ada, bob, cleo, dan]) visitor.gone();
}
await done(parlor);

// What the old front end does, step by step: look the code up, join, be put together, join the room by name, chat,
// leave to meet somebody else, meet them.
import assert from "node:assert/strict";
import { Parlor, done, until } from "../chat/parlor.mjs";
import { Visitor, WAYS, makeGroup } from "./visitor.mjs";

const parlor = await Parlor.start();

for (const way of WAYS) {
  const rules = JSON.stringify(["Be kind.", "Listen."]);
  const made = await makeGroup(parlor, way.face, { name: `Group ${way.generation}${way.face}`, rules });
  const listed = await (await fetch(`${parlor.url}${way.face === "/" ? "" : way.face}/groups`)).json();
  const found = listed.find(({ access_code: code }) => code === made.access_code);
  assert.deepEqual(found, made);
  assert.deepEqual(JSON.parse(found.rules), ["Be kind.", "Listen."]);

  // With the client's own defaults: long-polling first, then the websocket.
  const people = [];
  for (const name of ["Ada", "Bob", "Cy"]) {
    const visitor = await Visitor.arrive(parlor, { ...way, transports: ["polling", "websocket"] });
    visitor.socket.on("join_room", ({ room }) => visitor.socket.emit("join_room", { room }));
    visitor.socket.on("message", () => visitor.socket.emit("received", true));
    visitor.name = name;
    people.push(visitor);
  }
  const [ada, bob, cy] = people;
  await ada.join(made.access_code, "Ada");
  await bob.join(made.access_code, "Bob");
  const { room, match } = await ada.inRoom();
  assert.deepEqual([match.name, match.sid, room], ["Bob", bob.socket.id, `room_${bob.socket.id}`]);
  await bob.inRoom();
  for (const visitor of [ada, bob]) {
    await until("both to be welcome", () => visitor.strings().filter((text) => text.startsWith("Welcome")).length === 2);
    assert.equal(visitor.strings()[0], "Bob connected.");
  }
  for (let n = 0; n < 20; n += 1) {
    const [from, to] = n % 2 ? [ada, bob] : [bob, ada];
    await from.say(room, `line ${n}`);
    await to.hears(`line ${n}`);
  }
  for (const visitor of [ada, bob]) {
    assert.deepEqual(
      visitor.objects().map(({ message }) => message),
      Array.from({ length: 20 }, (_, n) => `line ${n}`),
    );
  }
  await cy.join(made.access_code, "Cy");
  ada.socket.emit("leave", { room, return_to: made.access_code });
  const next = await ada.inRoom(2);
  assert.deepEqual([next.match.name, next.match.sid], ["Cy", cy.socket.id]);
  assert.equal(next.room, `room_${ada.socket.id}`);
  await cy.hears("Ada connected.");
  await bob.hears(`A User left the ${room} room`);
  await ada.say(next.room, "hello Cy");
  await cy.hears("hello Cy");

  // Whoever was left behind meets whoever comes next.
  bob.socket.emit("leave", { room, return_to: made.access_code });
  const dee = await Visitor.arrive(parlor, way);
  await dee.join(made.access_code, "Dee");
  assert.equal((await bob.inRoom(2)).match.name, "Dee");
  assert.ok(!bob.objects().some(({ message }) => message === "hello Cy"));
  for (const visitor of [...people, dee]) visitor.gone();
}
await done(parlor);

// The numbered cases of contracts/circle.md but the crowd, for both generations at both faces and across them.
import assert from "node:assert/strict";
import { Parlor, done, until } from "../chat/parlor.mjs";
import { Visitor, WAYS, makeGroup, pair } from "./visitor.mjs";

const parlor = await Parlor.start();

for (const one of WAYS) {
  for (const other of WAYS) {
    const { access_code: code } = await makeGroup(parlor, one.face);

    // 1. Two meet: one room, each other's names and ids, then who came last.
    const [ada, bob, room] = await pair(parlor, code, [one, other]);
    assert.equal(room, `room_${bob.socket.id}`);
    assert.deepEqual(ada.heard, [
      ["join_room", { room, user: "Ada", match: { name: "Bob", sid: bob.socket.id } }],
      ["message", "Bob connected."],
    ]);
    assert.deepEqual(bob.heard, [
      ["join_room", { room, user: "Bob", match: { name: "Ada", sid: ada.socket.id } }],
      ["message", "Bob connected."],
    ]);

    // 2. A third waits, and hears nothing of what the two say.
    const eve = await Visitor.arrive(parlor, other);
    await eve.join(code, "Eve");
    await ada.say(room, "a secret");
    await bob.hears("a secret");
    await eve.settled(code);
    assert.equal(await eve.refused("message_error", () => eve.say(room, "me too")), "you are not in that room");
    assert.equal(
      await eve.refused("message_error", () => eve.emit("join_room", { room })),
      "you are not in that room",
    );
    await ada.say(room, "another");
    await bob.hears("another");
    await eve.settled(code);
    assert.ok(eve.objects().every(({ message }) => message.startsWith("mark ")), "a third heard the two");
    assert.deepEqual([ada, bob].map((visitor) => visitor.objects().length), [2, 2]);

    // 3. The two leave at once, with a third there: one meets the third, the other waits.
    ada.socket.emit("leave", { room, return_to: code });
    bob.socket.emit("leave", { room, return_to: code });
    const { match } = await eve.inRoom();
    const [met, left] = match.name === "Ada" ? [ada, bob] : [bob, ada];
    await met.inRoom(2);
    assert.equal(met.of("join_room").at(-1).match.sid, eve.socket.id);
    await until("the other to wait", async () => {
      await left.say(code, "anybody?");
      return left.objects().some(({ message }) => message === "anybody?");
    });
    assert.equal(left.of("join_room").length, 1, "they met again at once");

    // And without a third: both wait, and whoever comes meets one of them.
    const { access_code: quiet } = await makeGroup(parlor, other.face);
    const [kim, lee, nook] = await pair(parlor, quiet, [other, one], ["Kim", "Lee"]);
    kim.socket.emit("leave", { room: nook, return_to: quiet });
    lee.socket.emit("leave", { room: nook, return_to: quiet });
    await until("both to wait", async () => {
      await Promise.all([kim.say(quiet, "hello"), lee.say(quiet, "hello")]);
      return [kim, lee].every((visitor) => visitor.objects().filter(({ message }) => message === "hello").length > 1);
    });
    assert.deepEqual([kim, lee].map((visitor) => visitor.of("join_room").length), [1, 1]);
    const max = await Visitor.arrive(parlor, one);
    await max.join(quiet, "Max");
    assert.ok(["Kim", "Lee"].includes((await max.inRoom()).match.name));

    // 5. One who waits and goes is never put together with anybody.
    const { access_code: empty } = await makeGroup(parlor, one.face);
    const ghost = await Visitor.arrive(parlor, one);
    await ghost.join(empty, "Ghost");
    await ghost.vanishes(parlor);
    const late = [];
    for (const name of ["Uma", "Val"]) {
      late.push(await Visitor.arrive(parlor, other));
      await late.at(-1).join(empty, name);
    }
    const [uma, val] = await Promise.all(late.map((visitor) => visitor.inRoom()));
    assert.deepEqual([uma.match.name, val.match.name], ["Val", "Uma"]);

    for (const visitor of [ada, bob, eve, kim, lee, max, ...late]) visitor.gone();
  }
}
await done(parlor);

// What is said in a room is in no file, after a loss of power and after a stop; a pair of a stranger and a member works
// from both sides.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Parlor, ask, done, until } from "../chat/parlor.mjs";
import { Attendee } from "../lobby/attendee.mjs";
import { Visitor, makeGroup, pair } from "./visitor.mjs";

let parlor = await Parlor.start();
const words = [];
const secret = () => {
  words.push(`unheard-of-${Math.random().toString(36).slice(2)}`);
  return words.at(-1);
};
const files = () =>
  readdirSync(parlor.folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath ?? entry.path, entry.name)));
const onDisk = () => {
  const read = files();
  assert.ok(read.some((file) => file.includes("Night owls")), "what is stored is not found, so nothing would be");
  return words.filter((word) => read.some((file) => file.includes(word)));
};

// Two of The Circle, in their room and in the lobby.
const { access_code: code } = await makeGroup(parlor);
const [ada, bob, room] = await pair(parlor, code, [{ generation: 2 }, { generation: 4 }]);
for (const [from, to] of [[ada, bob], [bob, ada]]) {
  const word = secret();
  await from.say(room, word);
  await to.hears(word);
}
const cleo = await Visitor.arrive(parlor);
await cleo.join(code, "Cleo");
const aloud = secret();
await cleo.say(code, aloud);
await cleo.hears(aloud);

// A member of a native group and somebody who has its code.
const owner = await parlor.person("owner");
const group = await parlor.group(owner);
const member = await Attendee.arrive(parlor, owner);
await member.enter(group);
const stranger = await Visitor.arrive(parlor, { generation: 2, face: "/" });
await stranger.join(group.access_code, "Stranger");
const joined = await stranger.inRoom();
assert.deepEqual([joined.user, joined.match.name, joined.match.sid], ["Stranger", "owner", member.socket.id]);
const shared = await member.inRoom();
// From The Circle nobody says that they are ready to talk: who has no account counts as ready.
assert.equal(shared.partners[0].id, null);
await ask(member.socket, "room_signal", { room: shared.room, type: "ready" });
const native = secret();
await member.say(native);
const heard = await stranger.hears(native);
assert.deepEqual(heard, { room: joined.room, user: "owner", message: native });
const answer = secret();
await stranger.emit("message", { room: joined.room, user: "x", text: answer, extra: 1 });
await member.hears(answer);

// The files as a loss of power leaves them, then as a stop does.
assert.deepEqual(onDisk(), []);
await parlor.crash();
assert.deepEqual(onDisk(), []);
parlor = await Parlor.start(parlor.folder);
await parlor.end();
assert.deepEqual(onDisk(), []);
await done(parlor);

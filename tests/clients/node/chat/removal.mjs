// Whoever is sent away hears of it and of nothing after it, before the call that sent them away has answered; whose
// session ends is disconnected; and nobody learns of a group that they are not in.
import assert from "node:assert/strict";
import { Parlor, ask, done, open, until } from "./parlor.mjs";

const parlor = await Parlor.start();
const owner = await parlor.person("owner");
const group = await parlor.group(owner);
const member = await parlor.person("member");
await parlor.call("POST", "/groups/join", { token: member.token, body: { access_code: group.access_code } });
const writer = await parlor.socket(owner);

const sockets = await Promise.all([1, 2, 3].map(() => parlor.socket(member)));
const heard = sockets.map((socket) => {
  const events = [];
  socket.on("event", (event) => events.push(event));
  return events;
});
for (const socket of sockets) await open(socket, group);

let writing = true;
let number = 0;
const flood = (async () => {
  while (writing) {
    await ask(writer, "send", { group: group.id, client_id: `n${number}`, text: "still here?" });
    number += 1;
  }
})();
await until("a live event at all", () => heard.every((events) => events.length > 5));
await parlor.call("DELETE", `/groups/${group.id}/members/${member.account.id}`, { token: owner.token });
const afterAnswer = heard.map((events) => events.length);
await until("more messages", () => number > 50 + heard[0].length);
writing = false;
await flood;
// A round trip on each socket: whatever was on its way is here now.
for (const socket of sockets) {
  const { groups } = await ask(socket, "open", { groups: [{ id: group.id }] });
  assert.equal(groups[0].error.code, "not_found");
}
heard.forEach((events, n) => {
  const last = events.at(-1);
  assert.deepEqual([last.type, last.data.reason, last.data.account.id], ["member_left", "kicked", member.account.id]);
  // What was on the wire when the answer left may still arrive, but the removal is the last of it.
  assert.ok(events.length >= afterAnswer[n]);
});
for (const [name, body] of [
  ["send", { group: group.id, client_id: "x", text: "let me in" }],
  ["edit", { group: group.id, seq: 3, text: "mine" }],
  ["delete", { group: group.id, seq: 3 }],
  ["react", { group: group.id, seq: 3, emoji: "👍", on: true }],
  ["read", { group: group.id, seq: 3 }],
  ["typing", { group: group.id, on: true }],
]) {
  const [gone, never] = await Promise.all([
    sockets[0].emitWithAck(name, body),
    sockets[0].emitWithAck(name, { ...body, group: 999_999 }),
  ]);
  assert.equal(gone.error?.code, "not_found", name);
  assert.deepEqual(gone, never, `${name} tells a group that exists from one that does not`);
}

// Sign-out of one session, then of all: its sockets go, at once.
const other = await parlor.call("POST", "/sessions", {
  body: { username: "member", password: "correct horse battery" },
});
const elsewhere = await parlor.socket(other);
const reasons = [];
for (const socket of [...sockets, elsewhere]) socket.on("disconnect", (reason) => reasons.push(reason));
await parlor.call("DELETE", "/sessions/current", { token: member.token });
await until("three sockets to go", () => reasons.length === 3);
assert.ok(elsewhere.connected);
await parlor.call("DELETE", "/sessions", { token: other.token });
await until("the fourth to go", () => reasons.length === 4);
assert.deepEqual([...new Set(reasons)], ["io server disconnect"]);
for (const token of [member.token, "nonsense", ""]) {
  await assert.rejects(parlor.socket({ token }), (error) => error.data.code === "unauthorized");
}
await done(parlor);

// The server is killed in the middle of a flood, three times. Every acknowledged message is in the log once, at the
// place that the ack named; what was sent again afterwards is not there twice; the log has no gap.
import assert from "node:assert/strict";
import { Parlor, ask, assertContiguous, done, until } from "./parlor.mjs";

let parlor = await Parlor.start();
const owner = await parlor.person("owner");
const groups = await Promise.all([parlor.group(owner, "one"), parlor.group(owner, "two")]);

const acked = new Map();
let unanswered = [];
let number = 0;
for (let crash = 0; crash < 3; crash++) {
  const sockets = await Promise.all([1, 2, 3, 4].map(() => parlor.socket(owner)));
  const send = (socket, message) => {
    unanswered.push(message);
    return socket.emitWithAck("send", message).then((answer) => {
      assert.ok(answer.ok, JSON.stringify(answer));
      unanswered = unanswered.filter((other) => other !== message);
      const before = acked.get(message.client_id);
      if (before) assert.equal(answer.event.seq, before.event.seq);
      acked.set(message.client_id, answer);
    }, (error) => assert.match(error.message, /disconnected/));
  };
  // What was under way when the server died is sent again under the same names, as a client does.
  const again = unanswered;
  unanswered = [];
  await Promise.all(again.map((message, i) => send(sockets[i % 4], message)));
  const target = acked.size + 400;
  let writing = true;
  for (const socket of sockets) {
    (async () => {
      while (writing) {
        const burst = Array.from({ length: 8 }, () => {
          const group = groups[number % 2];
          const message = { group: group.id, client_id: `m${number}`, text: `number ${number}` };
          number += 1;
          return send(socket, message);
        });
        await Promise.all(burst);
      }
    })();
  }
  await until("400 acknowledged messages", () => acked.size >= target);
  // Right in the middle: nobody stops writing first.
  await parlor.crash();
  writing = false;
  sockets.forEach((socket) => socket.disconnect());
  parlor = await Parlor.start(parlor.folder);
}
assert.ok(unanswered.length > 0, "nothing was under way when the server died");

const stored = new Map();
for (const group of groups) {
  const { events } = await parlor.log(owner, group);
  assertContiguous(events, 1);
  for (const event of events.filter((event) => event.type === "message")) {
    assert.ok(!stored.has(event.data.client_id), `${event.data.client_id} is there twice`);
    stored.set(event.data.client_id, event);
  }
}
for (const [client_id, answer] of acked) {
  assert.deepEqual(stored.get(client_id), answer.event, `${client_id} was acknowledged`);
}

// And the repeat of every acknowledged message still gives the first result.
const socket = await parlor.socket(owner);
const [client_id, first] = [...acked][0];
const body = { group: first.event.group, client_id, text: first.event.data.text };
const repeated = await ask(socket, "send", body);
assert.deepEqual([repeated.duplicate, repeated.event], [true, first.event]);
const other = await socket.emitWithAck("send", { ...body, text: "something else" });
assert.equal(other.error.code, "client_id_reused");
await done(parlor);

// Somebody comes back to many groups at once after a long time: the answer is bounded, says plainly which groups are to
// be paged, and the connection lives. A group that is answered with `behind` or `reload` is not heard any more.
import assert from "node:assert/strict";
import { Parlor, ask, assertContiguous, done, open, until } from "./parlor.mjs";

const parlor = await Parlor.start();
const owner = await parlor.person("owner");
const writer = await parlor.socket(owner);
const groups = await Promise.all([1, 2, 3, 4, 5, 6].map((n) => parlor.group(owner, `group ${n}`)));
for (const group of groups) {
  await Promise.all(
    Array.from({ length: 30 }, (_, i) =>
      ask(writer, "send", { group: group.id, client_id: `${i}`, text: "x".repeat(7_900) }),
    ),
  );
}
for (const transports of [["polling"], ["websocket"]]) {
  const socket = await parlor.socket(owner, { transports });
  const lost = [];
  socket.on("disconnect", (reason) => lost.push(reason));
  const wanted = groups.map((group) => ({ id: group.id, after: { epoch: group.epoch, seq: 0 } }));
  const answer = await ask(socket, "open", { groups: wanted });
  const opened = answer.groups.filter((group) => group.events);
  const behind = answer.groups.filter((group) => group.behind);
  assert.equal(opened.length + behind.length, groups.length);
  assert.ok(opened.length >= 2 && behind.length >= 1, `${opened.length} opened, ${behind.length} behind`);
  for (const group of opened) assertContiguous(group.events, 1);
  for (const group of behind) {
    const again = await open(socket, { id: group.id }, { epoch: group.epoch, seq: 0 });
    assertContiguous(again.events, 1);
    assert.equal(again.events.length, group.head);
  }
  assert.deepEqual(lost, []);

  // A group that was open and is not any more.
  const heard = [];
  socket.on("event", (event) => heard.push(event.group));
  const [one, two, three] = groups;
  const past = await open(socket, one, { epoch: one.epoch, seq: 1_000_000 });
  assert.equal(past.reload, true);
  const send = (group, id) => ask(writer, "send", { group: group.id, client_id: id, text: "hello" });
  await send(one, `unheard-${transports}`);
  await send(two, `heard-${transports}`);
  await until("the group that is open", () => heard.includes(two.id));
  assert.ok(!heard.includes(one.id), "a group that was answered with reload was heard");

  // And a new name is the one that is written under.
  await parlor.call("PATCH", "/me", { token: owner.token, body: { display_name: `Owner by ${transports}` } });
  let tries = 0;
  await until("the new name", async () => {
    const sent = await send(three, `named-${transports}-${(tries += 1)}`);
    return sent.event.by.name === `Owner by ${transports}`;
  });
  socket.disconnect();
}
await done(parlor);

// Typing and presence reach the others and never oneself; reading on one device reaches the other; bad calls are
// answered by name and change nothing.
import assert from "node:assert/strict";
import { Parlor, ask, done, open, until } from "./parlor.mjs";

const parlor = await Parlor.start();
const owner = await parlor.person("owner");
const group = await parlor.group(owner);
const ada = await parlor.guest("Ada", group.access_code);
const collect = async (person) => {
  const socket = await parlor.socket(person);
  const signals = [];
  socket.on("signal", (signal) => signals.push(signal));
  return { socket, signals };
};
const mine = await collect(owner);
const phone = await collect(owner);
const hers = await collect(ada);
await open(mine.socket, group);
await open(phone.socket, group);
await open(hers.socket, group);

await until("Ada to be here", () => mine.signals.some((s) => s.type === "presence" && s.online));
const here = await until("who is here", () => hers.signals.find((s) => s.type === "here"));
assert.deepEqual(here.accounts, [owner.account.id]);
await ask(hers.socket, "typing", { group: group.id, on: true });
const typing = await until("Ada to write", () => mine.signals.find((s) => s.type === "typing"));
assert.deepEqual(typing, { group: group.id, type: "typing", by: { id: ada.account.id, name: "Ada" }, on: true });
const sent = await ask(hers.socket, "send", { group: group.id, client_id: "a", text: "hello" });
const read = await ask(mine.socket, "read", { group: group.id, seq: sent.event.seq });
assert.equal(read.unread, 0);
const elsewhere = await until("the phone to know", () => phone.signals.find((s) => s.type === "read"));
assert.deepEqual([elsewhere.last_read, elsewhere.unread], [sent.event.seq, 0]);
assert.ok(!hers.signals.some((s) => s.type === "typing" || s.type === "read"), "a signal came back");
hers.socket.disconnect();
await until("Ada to be gone", () => mine.signals.some((s) => s.type === "presence" && !s.online));

const { events: before } = await parlor.log(owner, group);
const refused = async (name, body, code, field) => {
  const answer = await mine.socket.emitWithAck(name, ...body);
  assert.equal(answer.ok, false);
  assert.deepEqual([answer.error.code, answer.error.field], [code, field], `${name} ${JSON.stringify(body)}`);
};
const good = { group: group.id, client_id: "x", text: "x" };
await refused("nonsense", [{}], "unknown_event");
await refused("send", [], "malformed");
await refused("send", [[]], "malformed");
await refused("send", ["send"], "malformed");
await refused("send", [{ ...good, text: 5 }], "invalid", "text");
await refused("send", [{ ...good, text: " \n\t " }], "invalid", "text");
await refused("send", [{ ...good, text: "x".repeat(8_001) }], "invalid", "text");
await refused("send", [{ ...good, client_id: "" }], "invalid", "client_id");
await refused("send", [{ ...good, client_id: "x".repeat(65) }], "invalid", "client_id");
await refused("send", [{ ...good, client_id: "ü" }], "invalid", "client_id");
await refused("send", [{ ...good, reply_to: 1 }], "invalid", "reply_to");
await refused("send", [{ ...good, group: -1 }], "not_found");
await refused("send", [{ ...good, group: 2 ** 60 }], "not_found");
await refused("send", [{ ...good, group: "1" }], "invalid", "group");
await refused("open", [{ groups: [{ id: group.id }, { id: group.id }] }], "invalid", "groups");
await refused("open", [{ groups: {} }], "invalid", "groups");
await refused("react", [{ group: group.id, seq: sent.event.seq, emoji: "<b>", on: true }], "invalid", "emoji");
const { events: after } = await parlor.log(owner, group);
assert.deepEqual(after, before);
// 8,000 characters are counted as characters, whatever they take in bytes.
await ask(mine.socket, "send", { ...good, client_id: "long", text: "𝄞".repeat(8_000) });
await done(parlor);

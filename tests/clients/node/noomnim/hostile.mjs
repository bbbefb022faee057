// Whatever a client sends: it is refused in the words of this face, nothing is stored, and the next call works.
import assert from "node:assert/strict";
import { Parlor, done } from "../chat/parlor.mjs";
import { Member, WAYS } from "./member.mjs";

const parlor = await Parlor.start();
const EVENTS = ["create_group", "join_group", "leave_group", "send_message", "visit_group", "enter_group"];
const SHAPES = [
  undefined,
  null,
  0,
  true,
  [],
  {},
  "",
  "nonsense",
  "{",
  "[]",
  '"{}"',
  [{ username: "Mallory" }],
  { username: null, group_name: null, text: null },
  { username: ["Mallory"], group_name: ["Den"], text: ["x"] },
  { username: { $ne: null }, group_name: { $gt: "" }, text: {} },
  { username: 1, group_name: 2, text: 3 },
  { username: "Mallory" },
  { username: "Mallory", group_name: "" },
  { username: "Mallory", group_name: "   " },
  { username: "Mallory", group_name: "a\u0000b", text: "a" },
  { username: "Mallory", group_name: "a\u202eb", text: "a" },
  { username: "Mallory", group_name: "x".repeat(81), text: "a" },
  { username: "Mallory", group_name: "x".repeat(900_000), text: "a" },
  { username: "y".repeat(900_000), group_name: "Den", text: "a" },
  { username: "Mallory", group_name: "'; DROP TABLE groups; --", text: "a" },
];
const REFUSALS = [
  "name_not_found",
  "group_not_found",
  "group not found",
  "group_not_join",
  "group_already_created",
  "join_error",
  "leave_error",
];

for (const way of WAYS) {
  const mallory = await Member.named(parlor, "Mallory", way);
  for (const name of ["", "   ", "\u0000", "a\nb", "x".repeat(41), "x".repeat(900_000), 7, null, ["a"], { a: 1 }]) {
    const from = mallory.heard.length;
    await mallory.emit("find_user", { username: name });
    assert.deepEqual(mallory.heard.slice(from).map(([event]) => event), ["name_not_found"]);
  }
  for (const event of EVENTS) {
    for (const shape of SHAPES) {
      // The Circle has the event at the root where there is no `group_name`; a name that can be one is no refusal.
      if (event === "join_group" && way.face === "/" && shape?.group_name === undefined) continue;
      if (event === "create_group" && shape?.group_name?.startsWith?.("';")) continue;
      const from = mallory.heard.length;
      await (shape === undefined ? mallory.emit(event) : mallory.emit(event, shape));
      const told = mallory.heard.slice(from);
      const what = `${event} ${JSON.stringify(shape)?.slice(0, 60)}`;
      assert.ok(told.length > 0 && told.every(([name]) => REFUSALS.includes(name)), `${what}: ${JSON.stringify(told)}`);
      for (const [, body] of told) assert.equal(typeof (body.Error ?? body.error), "string");
    }
  }
  const den = `Den ${way.generation} ${way.face}`;
  await mallory.do("create_group", den);
  for (const text of ["", "  ", "a\u0000b", "a\u202eb", "x".repeat(8_001), "x".repeat(900_000), 7, null, [], {}]) {
    const [[refused, body]] = await mallory.answers("send_message", den, { text });
    assert.equal(refused, "group_not_join");
    assert.equal(typeof body.Error, "string");
  }
  const longest = "🦊".repeat(8_000);
  await mallory.say(den, longest);
  await mallory.hears(longest);
  assert.deepEqual((await mallory.answers("enter_group", den))[0][1].map((part) => part.length), [1, 0]);
  mallory.gone();
}

// A thousand unread messages of the longest kind come in parts: nothing is left out, nothing comes twice.
const loud = await Member.named(parlor, "Loud");
const late = await Member.named(parlor, "Late");
await loud.do("create_group", "Wall");
await late.do("join_group", "Wall");
const texts = Array.from({ length: 200 }, (_, n) => `${n} `.padEnd(8_000, "\n\""));
for (const text of texts) await loud.say("Wall", text);
const got = [];
for (let part = 0; got.length < texts.length; part += 1) {
  const [[event, [unread, read]]] = await late.answers("enter_group", "Wall");
  assert.equal(event, "enter_group");
  assert.ok(unread.length > 0 && JSON.stringify([unread, read]).length < 1_000_000);
  got.push(...unread.map(({ text }) => text));
}
assert.deepEqual(got, texts);
assert.deepEqual((await late.answers("enter_group", "Wall"))[0][1][0], []);
await done(parlor);

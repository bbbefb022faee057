// One group at a time: whoever goes from one to another, under a flood in both, gets each message once: live, or as
// unread when they come back. Who is sent away gets nothing more.
import assert from "node:assert/strict";
import { Parlor, done, until } from "../chat/parlor.mjs";
import { Member, WAYS, allDifferent } from "./member.mjs";

const MESSAGES = 150;
const parlor = await Parlor.start();
const groups = ["Left", "Right"];
const speakers = [];
for (const [n, group] of groups.entries()) {
  const speaker = await Member.named(parlor, `Speaker ${group}`, WAYS[n]);
  await speaker.do("create_group", group);
  speakers.push(speaker);
}

// Before the first visit: the group that was created or joined last.
const early = await Member.named(parlor, "Early");
for (const group of groups) await early.do("join_group", group);
await speakers[0].say("Left", "nobody here");
await speakers[1].say("Right", "for Early");
await early.hears("for Early");
assert.deepEqual(early.texts(), ["for Early"]);

// Visitors who go to and fro while both groups are talked into.
const visitors = [];
for (const [n, way] of WAYS.entries()) {
  const visitor = await Member.named(parlor, `Visitor ${n}`, way);
  for (const group of groups) await visitor.do("join_group", group);
  visitors.push(visitor);
}
let talking = true;
const talk = speakers.map(async (speaker, side) => {
  for (let n = 0; n < MESSAGES; n += 1) await speaker.say(groups[side], `${groups[side]} ${n}`);
});
const walk = visitors.map(async (visitor) => {
  visitor.unread = [];
  const takes = async (group) => {
    const [[event, [unread]]] = await visitor.answers("enter_group", group);
    assert.equal(event, "enter_group");
    visitor.unread.push(...unread);
  };
  for (let turn = 0; talking; turn += 1) {
    const group = groups[turn % 2];
    if (turn % 3 === 0) await visitor.do("visit_group", group);
    await takes(group);
  }
  for (const group of groups) await takes(group);
});
await Promise.all(talk);
talking = false;
await Promise.all(walk);
for (const visitor of visitors) {
  // What was heard live is in the list of unread too where it came after the last reading; what neither has is lost.
  const got = new Set([...visitor.texts(), ...visitor.unread.map(({ text }) => text)]);
  for (const group of groups) {
    for (let n = 0; n < MESSAGES; n += 1) assert.ok(got.has(`${group} ${n}`), `${visitor.username} missed ${group} ${n}`);
    const ids = visitor.messages().filter(({ group_name }) => group_name === group).map(({ _id }) => _id);
    allDifferent(ids);
    assert.deepEqual(ids, ids.toSorted());
  }
}

// Nothing of a group that was left for another.
const [one, two] = visitors;
for (const visitor of [one, two]) await visitor.do("visit_group", "Left");
await one.do("visit_group", "Right");
const heard = one.messages().length;
await speakers[0].say("Left", "only for those who stayed");
await two.hears("only for those who stayed");
await speakers[1].say("Right", "for those who went");
await one.hears("for those who went");
assert.deepEqual(one.texts().slice(heard), ["for those who went"]);

// More than a hundred before: the hundred nearest.
await one.answers("enter_group", "Right");
const [[, [unread, read]]] = await one.answers("enter_group", "Right");
const last = Array.from({ length: 99 }, (_, n) => `Right ${MESSAGES - 99 + n}`);
assert.deepEqual([unread, read.map(({ text }) => text)], [[], [...last, "for those who went"]]);

// Who made a group and has an account keeps order in it. Who is sent away hears nothing more, with no socket.
const { token } = await parlor.person("warden");
const warden = await Member.named(parlor, "warden", {}, "correct horse battery");
await warden.do("create_group", "Kept");
const rowdy = [await Member.named(parlor, "Rowdy"), await Member.named(parlor, "Rowdy", WAYS[0])];
await rowdy[0].do("join_group", "Kept");
for (const socket of rowdy) await socket.do("visit_group", "Kept");
await warden.say("Kept", "one more time");
for (const socket of rowdy) await socket.hears("one more time");
const { groups: mine } = await parlor.call("GET", "/me", { token });
const [{ group }] = mine;
const { members } = await parlor.call("GET", `/groups/${group.id}/members`, { token });
const { account } = members.find((member) => member.account.display_name === "Rowdy");
await parlor.call("DELETE", `/groups/${group.id}/members/${account.id}`, { token });
await warden.say("Kept", "quiet at last");
await warden.hears("quiet at last");
for (const socket of rowdy) {
  assert.deepEqual(await socket.answers("send_message", "Kept", { text: "hey" }), [
    ["group_not_join", { Error: "User is not in the group." }],
  ]);
  assert.ok(!socket.texts().includes("quiet at last"));
}
assert.deepEqual((await until("the log", () => warden.texts())).slice(-2), ["one more time", "quiet at last"]);
await done(parlor);

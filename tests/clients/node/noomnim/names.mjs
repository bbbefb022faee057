// Names: open ones, those with a password, and those that nobody comes back to.
import assert from "node:assert/strict";
import { Parlor, done, until } from "../chat/parlor.mjs";
import { Member, NOT_FOUND, WAYS } from "./member.mjs";

const parlor = await Parlor.start(undefined, { PARLOR_COMPAT_NOOMNIM_GUEST_TTL_S: "2" });
const { account, token } = await parlor.person("ada");
const password = "correct horse battery";

// A name with a password needs it, in whatever capitals.
for (const way of WAYS) {
  for (const [username, given] of [
    ["ada", undefined],
    ["ADA", undefined],
    ["ada", "wrong"],
    ["ada", ""],
    ["ada", { $ne: null }],
  ]) {
    const member = await Member.named(parlor, username, way, given);
    assert.deepEqual(member.heard, [["name_not_found", NOT_FOUND]], `${username} ${given}`);
    assert.deepEqual(await member.answers("create_group", "stolen"), [["name_not_found", NOT_FOUND]]);
    member.gone();
  }
}
const ada = await Member.named(parlor, "ADA", {}, password);
const _id = account.id.toString(16).padStart(24, "0");
assert.deepEqual(ada.heard, [["user_found", { _id, username: "ada", current_group: null, group_list: [] }]]);
await ada.do("create_group", "Hers");
await ada.say("Hers", "hello");
assert.equal((await ada.hears("hello")).username, "ada");

// Native groups are found by no name here.
await parlor.group({ token }, "Native");
for (const event of ["visit_group", "enter_group"]) {
  const [[told]] = await ada.answers(event, "Native");
  assert.equal(told, "group_not_found");
}
assert.equal((await ada.answers("join_group", "Native"))[0][0], "join_error");

// A session that ends takes the socket with it.
const twice = await Member.named(parlor, "ada", WAYS[0], password);
await twice.do("visit_group", "Hers");
await parlor.call("DELETE", "/sessions", { token });
for (const member of [ada, twice]) {
  assert.deepEqual(await member.answers("send_message", "Hers", { text: "still me?" }), [["name_not_found", NOT_FOUND]]);
}

// An open name is anybody's, several at once; with a socket it stays, without one it is free after its time.
const open = [await Member.named(parlor, "Bob"), await Member.named(parlor, "Bob", WAYS[0])];
await open[0].do("create_group", "Bob's");
for (const bob of open) await bob.do("visit_group", "Bob's");
await open[0].say("Bob's", "hello me");
for (const bob of open) await bob.hears("hello me");
const [first] = open[0].of("user_created");
await new Promise((resolve) => setTimeout(resolve, 3_500));
const still = await Member.named(parlor, "Bob");
assert.equal(still.heard[0][0], "user_found", "a name with a socket was forgotten");
for (const bob of [...open, still]) bob.gone();
const later = await until("Bob to be forgotten", async () => {
  // To ask is to be here: only now and then.
  await new Promise((resolve) => setTimeout(resolve, 4_500));
  const asks = await Member.named(parlor, "Bob");
  const [made] = asks.of("user_created");
  asks.gone();
  return made;
});
assert.notEqual(later._id, first._id);
assert.deepEqual(later.group_list, []);
await done(parlor);

// Every row of contracts/noomnim.md, for both generations at both faces and across them.
import assert from "node:assert/strict";
import { Parlor, done } from "../chat/parlor.mjs";
import { ID, Member, NOT_FOUND, NOT_IN, NO_GROUP, TIME, WAYS } from "./member.mjs";

const parlor = await Parlor.start();
let number = 0;

for (const one of WAYS) {
  for (const other of WAYS) {
    number += 1;
    const [ada, bob] = [`Ada ${number}`, `bob${number}`];
    const [owls, foxes] = [`Owls ${number}`, `Füchse 🦊 ${number}`];

    // find_user
    const a = await Member.named(parlor, ada, one);
    const [[created, { _id, ...user }]] = a.heard;
    assert.equal(created, "user_created");
    assert.match(_id, ID);
    assert.deepEqual(user, { username: ada, group_list: [] });
    const again = await Member.named(parlor, ada, other);
    assert.deepEqual(again.heard, [["user_found", { _id, username: ada, current_group: null, group_list: [] }]]);
    again.gone();
    const b = await Member.named(parlor, bob, other);

    // create_group
    const [[made, group]] = await a.answers("create_group", owls);
    assert.equal(made, "group_created");
    assert.match(group._id, ID);
    const [{ last_read: since }] = group.user;
    assert.match(since, TIME);
    assert.deepEqual(group, { _id: group._id, group_name: owls, user: [{ name_ID: ada, last_read: since }] });
    const taken = [["group_already_created", { Error: "Group has already been created." }]];
    assert.deepEqual(await b.answers("create_group", owls), taken);

    // send_message, join_group
    assert.deepEqual(await b.answers("send_message", owls, { text: "not yet" }), [["group_not_join", NOT_IN]]);
    const joined = { group_id: group._id, group_name: owls };
    assert.deepEqual(await b.answers("join_group", owls), [["join_success", joined]]);
    assert.deepEqual(await b.answers("join_group", "nowhere"), [
      ["join_error", { error: "Group that user selects can not be found." }],
    ]);
    const missing = [["group_not_found", NO_GROUP], ["group not found", NO_GROUP]];
    for (const event of ["send_message", "visit_group", "enter_group"]) {
      assert.deepEqual(await b.answers(event, "nowhere", { text: "hello" }), missing);
    }
    await a.say(owls, "hello");
    await b.say(owls, " <b>hello</b>\n\"you\" ");
    for (const member of [a, b]) {
      await member.hears(" <b>hello</b>\n\"you\" ");
      assert.deepEqual(member.messages(), a.messages());
    }
    const [first, second] = a.messages();
    assert.deepEqual(Object.keys(first).sort(), ["_id", "group_name", "text", "timestamp", "username"]);
    assert.deepEqual([first.username, first.group_name, first.text], [ada, owls, "hello"]);
    assert.equal(second.username, bob);
    for (const message of [first, second]) {
      assert.match(message._id, ID);
      assert.match(message.timestamp, TIME);
    }
    assert.ok(first._id < second._id);

    // enter_group: what came since the time of joining, one's own too
    const said = ({ timestamp, username, group_name, text }) => ({ timestamp, username, group_name, text });
    const both = [said(first), said(second)];
    assert.deepEqual(await b.answers("enter_group", owls), [["enter_group", [both, []]]]);
    assert.deepEqual(await b.answers("enter_group", owls), [["enter_group", [[], both]]]);
    await a.say(owls, "third");
    const third = said(await b.hears("third"));
    assert.deepEqual(await b.answers("enter_group", owls), [["enter_group", [[third], both]]]);
    const stranger = await Member.named(parlor, `Eve ${number}`, one);
    assert.deepEqual(await stranger.answers("enter_group", owls), [["group_not_join", NOT_IN]]);
    assert.deepEqual(await stranger.answers("visit_group", owls), [["group_not_join", NOT_IN]]);

    // visit_group
    const [[, fox]] = await a.answers("create_group", foxes);
    const visited = { _id, username: ada, group_name: owls, current_group: owls };
    assert.deepEqual(await a.answers("visit_group", owls), [
      ["user_visited", { ...visited, last_time_read_in_visiting_group: since }],
    ]);
    assert.deepEqual(await a.answers("visit_group", owls), [
      ["already_in_the_group", { Error: "User is already in selected chatroom." }],
    ]);
    const before = new Date().toISOString();
    const [[, away]] = await a.answers("visit_group", foxes);
    assert.equal(away.last_time_read_in_visiting_group, fox.user[0].last_read);
    const [[, back]] = await a.answers("visit_group", owls);
    assert.ok(back.last_time_read_in_visiting_group >= before, "leaving a group for another is to have read it");
    const twin = await Member.named(parlor, ada, other);
    assert.deepEqual(twin.heard, [
      ["user_found", { _id, username: ada, current_group: owls, group_list: [owls, foxes] }],
    ]);

    // leave_group
    assert.deepEqual(await b.answers("leave_group", owls), [["leave_success", joined]]);
    assert.deepEqual(await b.answers("leave_group", owls), [["leave_error", { error: NOT_IN.Error }]]);
    assert.deepEqual(await b.answers("leave_group", "nowhere"), [["leave_error", { error: NO_GROUP.Error }]]);
    assert.deepEqual(await b.answers("send_message", owls, { text: "still?" }), [["group_not_join", NOT_IN]]);
    assert.deepEqual(await a.answers("leave_group", owls), [["leave_success", joined]], "who made it may leave, too");
    assert.deepEqual(await a.answers("join_group", owls), [["join_success", joined]]);

    // Nobody speaks under another's name.
    for (const event of [
      "create_group",
      "join_group",
      "leave_group",
      "send_message",
      "visit_group",
      "enter_group",
    ]) {
      const forged = await b.answers(event, owls, { username: ada, text: "I am Ada" });
      assert.deepEqual(forged, [["name_not_found", NOT_FOUND]], event);
      const nobody = await Member.arrive(parlor, one);
      nobody.username = ada;
      assert.deepEqual(await nobody.answers(event, owls, { text: "hello" }), [["name_not_found", NOT_FOUND]]);
      nobody.gone();
    }

    // A JSON string instead of an object.
    const text = (payload) => JSON.stringify(payload);
    const from = b.heard.length;
    await b.emit("find_user", text({ username: bob }));
    await b.emit("join_group", text({ username: bob, group_name: owls }));
    assert.deepEqual(b.heard.slice(from).map(([event]) => event), ["user_found", "join_success"]);
    for (const member of [a, b, twin, stranger]) member.gone();
  }
}
await done(parlor);

// Two play a match to the end at each face, one of them loads the page anew in the middle; both have the same result,
// every event comes once, and whoever claims what is not so is refused.
import assert from "node:assert/strict";
import { Parlor, done } from "../chat/parlor.mjs";
import { Player, attempt, judgeIsThere } from "./player.mjs";

const parlor = await Parlor.start();

for (const base of ["", "/codemaze"]) {
  const suffix = base ? "2" : "1";
  const ada = await Player.register(parlor, `ada${suffix}`, base);
  const bob = await Player.register(parlor, `bob${suffix}`, base);
  const eve = await Player.register(parlor, `eve${suffix}`, base);
  await judgeIsThere(ada);

  // A problem of the lowest rank; nothing of it that is hidden.
  const problem = await ada.call("GET", "/problems/random");
  await bob.call("GET", "/problems/random");
  assert.deepEqual(Object.keys(problem).sort(), ["description", "examples", "id", "rank", "title"]);
  assert.deepEqual(problem.rank, [{ id: 1, name: "Bronze", min_xp: 0, max_xp: 250 }]);
  assert.ok(problem.examples.length >= 3 && Number.isInteger(problem.id));
  for (const example of problem.examples) {
    assert.deepEqual(Object.keys(example).sort(), ["explanation", "id", "input", "output", "test_case"]);
    assert.ok(Number.isInteger(example.id) && typeof example.output === "string");
  }

  // One waits, another comes; the third is alone.
  for (const player of [ada, bob, eve]) await player.connect();
  assert.deepEqual(await ada.join(), { success: true, room: ada.room });
  assert.match(ada.room, /^[A-Z]{4}$/);
  await ada.hears("message");
  const alone = { members: 1, users: [ada.name], user_ids: [ada.id], winner_id: null, question_data: null };
  assert.deepEqual(ada.heard, [
    ["receiveData", { room: ada.room, name: ada.name, success: true }],
    ["receiveRooms", { [ada.room]: alone }],
    ["receivemoredata", { [ada.name]: ada.room }],
    ["message", { name: ada.name, message: "has entered the room" }],
  ]);
  await bob.join(String(bob.id));
  assert.equal(bob.room, ada.room);
  assert.notEqual((await eve.join()).room, ada.room);
  assert.deepEqual(await ada.hears("message", 2), { name: bob.name, message: "has entered the room" });
  assert.deepEqual((await bob.hears("receivemoredata")), { [ada.name]: ada.room, [bob.name]: ada.room });
  assert.deepEqual(await bob.settled(), { [bob.name]: bob.room });

  // What one presses all see, and nobody else.
  for (const [said, heard] of [
    ["button_press", "button_pressed"],
    ["button_enable", "button_enabled"],
    ["display_popup", "displayed_popup"],
    ["hide_popup", "hidden_popup"],
  ]) {
    ada.socket.emit(said, { any: "thing" });
    for (const player of [ada, bob]) await player.hears(heard);
  }
  bob.socket.emit("check_answer", { x: [1, "a"] });
  for (const player of [ada, bob]) assert.deepEqual(await player.hears("checked_answer"), { x: [1, "a"] });
  ada.socket.emit("set_opponent", ada.id);
  bob.socket.emit("set_opponent", bob.id);
  assert.deepEqual([await ada.hears("opponent_set"), await bob.hears("opponent_set")], [bob.id, ada.id]);

  // The first problem counts; what is none counts for nothing.
  const [example] = problem.examples;
  const asked = { initialQ: problem.description, testCase: example.test_case, expectedOutcome: example.output };
  ada.socket.emit("setting_question", { initialQ: "no problem of ours", testCase: "1", expectedOutcome: "1" });
  ada.socket.emit("setting_question", asked);
  await ada.settled();
  const other = await eve.call("GET", "/problems/random");
  bob.socket.emit("setting_question", { initialQ: other.title, testCase: "2", expectedOutcome: "2" });
  await bob.settled();
  bob.socket.emit("getting_question");
  const question = { question: problem.description, testcases: example.test_case, expected: example.output };
  for (const player of [ada, bob]) assert.deepEqual(await player.hears("got_question"), question);

  // Claims without a solution, of another, from another room.
  assert.match(await ada.refused(), /has not seen you solve/);
  const wrong = await ada.run(`console.log(${JSON.stringify(example.output)})\n// ${example.test_case}`, "js");
  assert.deepEqual([wrong.output, wrong.error, wrong.status], [`${example.output}\n`, "", 200]);
  assert.match(await ada.refused(), /has not seen you solve/);
  assert.match(await ada.refused(bob.id), /only say so of yourself/);
  assert.match(await eve.refused(), /has not seen you solve/);
  const result = (winner) => ({ problem_id: problem.id, user_one_id: ada.id, user_two_id: bob.id, winner_id: winner.id });
  assert.equal((await ada.call("POST", "/sessions", result(ada), 409)).status, "fail");
  assert.equal((await ada.call("POST", "/sessions", result(eve), 400)).status, "fail");

  // Bob loads the page anew: the room and its problem are there again, and the others hear of it once.
  const before = ada.of("message").length;
  bob.socket.disconnect();
  assert.deepEqual(await ada.hears("message", before + 1), { name: bob.name, message: "has left the room" });
  await bob.connect();
  await bob.join();
  assert.equal(bob.room, ada.room);
  assert.deepEqual(await ada.hears("message", before + 2), { name: bob.name, message: "has entered the room" });
  const found = (await bob.hears("receiveRooms"))[bob.room];
  assert.deepEqual([found.users, found.question_data], [[ada.name, bob.name], question]);

  // Bob solves it, without a token like the old client at one face, with it at the other.
  const language = base ? "py" : "js";
  const ran = await bob.run(attempt(problem, language), language, { token: base ? bob.token : null });
  assert.deepEqual([ran.output.trim() !== "", ran.error, ran.status], [true, "", 200]);
  if (!base) {
    // Ada is at the same address: nothing but her own socket's claim is hers, and the run is spent by the first.
    assert.match(await ada.refused(bob.id), /only say so of yourself/);
  } else {
    assert.match(await ada.refused(), /has not seen you solve/);
  }
  bob.socket.emit("set_winner", bob.id);
  for (const player of [ada, bob]) assert.equal(await player.hears("winner_set"), bob.id);
  assert.match(await ada.refused(), /is decided/);
  bob.socket.emit("set_winner", bob.id);

  // Both see the same, and both record the same once.
  for (const player of [ada, bob]) {
    player.socket.emit("sendRooms", null);
    await player.settled();
  }
  await ada.hears("receiveRooms2", 2);
  for (const player of [ada, bob]) {
    const rooms = player.of("receiveRooms2").at(-1);
    assert.deepEqual(rooms, {
      [ada.room]: { members: 2, users: [ada.name, bob.name], user_ids: [ada.id, bob.id], winner_id: bob.id, question_data: question },
    });
    assert.equal(player.of("winner_set").length, 1);
  }
  const [one, two] = await Promise.all([ada, bob].map((player) => player.call("POST", "/sessions", result(bob), 201)));
  assert.deepEqual(one, two);
  assert.deepEqual(one.problem, [problem]);
  assert.deepEqual(one.winner, [{ id: bob.id, username: bob.name, xp: 10 }]);
  assert.deepEqual(one.users, [{ id: ada.id, username: ada.name, xp: 0 }, { id: bob.id, username: bob.name, xp: 10 }]);
  await ada.call("POST", "/sessions", result(ada), 409);
  await eve.call("POST", "/sessions", result(bob), 409);
  for (const [player, numbers] of [[ada, [0, 0, 1]], [bob, [10, 1, 0]]]) {
    const profile = await player.call("GET", "/users/profile");
    assert.deepEqual([profile.xp, profile.wins, profile.losses], numbers);
    assert.deepEqual(profile.sessions, [one]);
    assert.equal(profile.rank[0].name, "Bronze");
  }
  const board = await eve.call("GET", "/users/leaderboard");
  assert.equal(board[0].xp, 10);
  assert.deepEqual(board.find(({ id }) => id === bob.id), {
    id: bob.id, username: bob.name, avatar: "", xp: 10, wins: 1, losses: 0, rank: problem.rank,
  });
  assert.ok(board.some(({ id, xp }) => id === eve.id && xp === 0));

  // The native side has it as a duel.
  const native = await parlor.call("GET", `/accounts/${bob.id}/duels`, { token: ada.token });
  assert.deepEqual([native.xp, native.wins, native.history.map((played) => played.won)], [10, 1, [true]]);

  // Whoever leaves is gone, and everybody was heard once.
  ada.socket.emit("leave_room", { room: ada.room });
  assert.deepEqual(await bob.hears("message", 2), { name: ada.name, message: "has left the room" });
  await bob.settled();
  assert.equal(bob.of("message").filter(({ message }) => message === "has left the room").length, 1);
  for (const name of ["button_pressed", "checked_answer", "got_question", "opponent_set"]) {
    assert.equal(ada.of(name).length, 1, name);
    assert.equal(eve.of(name).length, 0, name);
  }
  for (const player of [ada, bob, eve]) player.socket.disconnect();
}

// Whoever only claims to be somebody plays for nothing: the result is known, and moves no points.
const cleo = await Player.register(parlor, "cleo");
const dan = await Player.register(parlor, "dan");
const problem = await cleo.call("GET", "/problems/random");
const stranger = Object.assign(new Player(), { parlor, base: "", name: "somebody", id: 987_654 });
for (const player of [cleo, stranger]) {
  await player.connect();
  await player.join();
}
stranger.socket.emit("setting_question", { initialQ: problem.id });
await stranger.settled();
await cleo.run(attempt(problem, "js"), "js", { token: cleo.token });
cleo.socket.emit("set_winner", cleo.id);
assert.equal(await stranger.hears("winner_set"), cleo.id);
const claimed = { problem_id: problem.id, user_one_id: cleo.id, user_two_id: stranger.id, winner_id: String(cleo.id) };
const kept = await cleo.call("POST", "/sessions", claimed, 201);
assert.equal((await cleo.call("POST", "/sessions", claimed, 201)).id, kept.id);
assert.deepEqual(kept.users.map(({ xp }) => xp), [0, 0]);
const profile = await cleo.call("GET", "/users/profile");
assert.deepEqual([profile.xp, profile.wins, profile.sessions], [0, 0, []]);
await dan.call("POST", "/sessions", claimed, 409);
await done(parlor);

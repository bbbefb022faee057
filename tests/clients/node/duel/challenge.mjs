// Members of a group challenge each other: four places, the shortest program, and what strangers learn of it: nothing.
import assert from "node:assert/strict";
import { Parlor, ask, done, until } from "../chat/parlor.mjs";
import { Duellist, judgeIsThere, solution, wrong } from "./duellist.mjs";

const parlor = await Parlor.start();
const owner = await parlor.person("ada");
const group = await parlor.group(owner);
const arrive = async (name) => {
  const person = await parlor.person(name);
  await parlor.call("POST", "/groups/join", { ...person, body: { access_code: group.access_code } });
  return Duellist.arrive(parlor, person);
};
const ada = await Duellist.arrive(parlor, owner);
const [bob, cleo, dora] = [await arrive("bob"), await arrive("cleo"), await arrive("dora")];
const guest = await Duellist.arrive(parlor, await parlor.guest("Guest", group.access_code));
const stranger = await Duellist.arrive(parlor, await parlor.person("stranger"));
await judgeIsThere(parlor, owner);

const asked = { group: group.id, players: 4, rounds: 1, mode: "shortest", minutes: 5, language: "javascript" };
await stranger.refused("duel_challenge", asked, "not_found");
const made = await ask(ada.socket, "duel_challenge", asked);
const duel = made.duel.id;
ada.take(made.duel);
assert.deepEqual([made.duel.phase, made.duel.owner, made.duel.players.length], ["open", ada.id, 1]);
for (const name of ["duel_open", "duel_join", "duel_start", "duel_leave", "duel_forfeit"]) {
  await stranger.refused(name, { duel }, "not_found");
}
await stranger.refused("duel_say", { duel, text: "hello" }, "not_found");
await stranger.refused("duel_react", { duel, emoji: "🎉" }, "not_found");
await parlor.call("GET", `/duels/${duel}`, { ...stranger.person, status: 404 });
await parlor.call("GET", `/duels?group=${group.id}`, { ...stranger.person, status: 404 });
assert.deepEqual((await parlor.call("GET", "/duels", stranger.person)).duels, [], "it is not public");
const listed = (await parlor.call("GET", `/duels?group=${group.id}`, bob.person)).duels;
assert.deepEqual(listed.map((card) => [card.id, card.phase, card.players.length]), [[duel, "open", 1]]);

await ada.refused("duel_start", { duel }, "conflict");
await ada.refused("duel_challenge", asked, "conflict");
for (const one of [bob, cleo]) one.take((await ask(one.socket, "duel_join", { duel })).duel);
await ask(bob.socket, "duel_leave", { duel });
await until("that he left", () => ada.duel.players.length === 2);
bob.take((await ask(bob.socket, "duel_join", { duel })).duel);
await dora.open(duel);
await bob.refused("duel_start", { duel }, "forbidden");
await dora.refused("duel_start", { duel }, "forbidden");
await ask(ada.socket, "duel_start", { duel });
await until("all to know", () => [ada, bob, cleo].every((one) => one.found[0]?.duel === duel && one.found[0].by === "challenge"));
await dora.refused("duel_join", { duel }, "conflict");
for (const one of [ada, bob, cleo, dora]) await one.phase("running", 1);
const { problem } = ada.duel.round;

// The language was agreed upon. A longer program first, a shorter one later: the shorter wins, when all are content.
await ada.refused("duel_submit", { duel, code: "x", language: "python" }, "conflict");
const right = solution(problem).trim();
assert.equal((await ada.submit(`// so much to say\n${right}`)).verdict, "AC");
assert.equal((await bob.submit(`\n\n${right}\n\n`)).verdict, "AC", "space around it counts nothing");
assert.equal((await cleo.submit(wrong(problem))).verdict, "WA");
assert.equal(ada.duel.phase, "running");
await ada.ask("duel_ready", { on: true });
await bob.ask("duel_ready", { on: true });
await cleo.ask("duel_forfeit");
const { outcome } = await until("the end", () => dora.over[0]);
assert.deepEqual([outcome.winner, outcome.unranked], [bob.id, null]);
assert.deepEqual(outcome.places.map((place) => place.player), [bob.id, ada.id, cleo.id]);
assert.deepEqual(
  dora.duel.results[0].places.map((place) => [place.player, place.length]),
  [[bob.id, right.length], [ada.id, right.length + 18], [cleo.id, null]],
);
const review = await parlor.call("GET", `/duels/${duel}`, dora.person);
assert.equal(review.rounds[0].solutions.length, 3);
assert.equal(review.replay, false);
await parlor.call("GET", `/duels/${duel}/replay`, { ...dora.person, status: 404 });
const seen = await parlor.call("GET", `/accounts/${bob.id}/duels`, stranger.person);
assert.deepEqual([seen.xp, seen.history[0].duel, seen.history[0].opponents], [10, null, []]);

// With a guest nothing moves; what both give up is void; a riddle has no words.
const two = { group: group.id, rounds: 1, mode: "reverse", minutes: 5 };
const riddle = (await ask(dora.socket, "duel_challenge", two)).duel.id;
await guest.open(riddle);
await ask(guest.socket, "duel_join", { duel: riddle });
await dora.open(riddle);
await dora.phase("running", 1);
const { statement, examples } = dora.duel.round.problem;
assert.deepEqual([statement, examples.every((example) => example.explanation === null && example.expected)], [null, true]);
assert.equal((await dora.submit(solution(dora.duel.round.problem))).verdict, "AC");
const unranked = await until("the end", () => guest.over.find((over) => over.duel === riddle));
assert.deepEqual([unranked.outcome.winner, unranked.outcome.unranked], [dora.id, "guest"]);
assert.ok((await guest.phase("over")).round.problem.statement, "when it is over it has");
assert.equal((await parlor.call("GET", `/accounts/${dora.id}/duels`, dora.person)).xp, 0);

const third = (await ask(ada.socket, "duel_challenge", { ...two, mode: "fastest" })).duel.id;
await ask(bob.socket, "duel_join", { duel: third });
await Promise.all([ada.open(third), bob.open(third)]);
await bob.ask("duel_abort", { on: true });
await until("the wish", () => ada.duel.players.some((player) => player.abort));
await ada.ask("duel_abort", { on: true });
const aborted = await until("the end", () => bob.over.find((over) => over.duel === third));
assert.deepEqual([aborted.outcome.reason, aborted.outcome.winner, aborted.outcome.unranked], ["aborted", null, "void"]);

// Whoever made a challenge takes it along.
const fourth = (await ask(ada.socket, "duel_challenge", two)).duel.id;
await bob.open(fourth);
await ask(ada.socket, "duel_leave", { duel: fourth });
const cancelled = await until("the end", () => bob.over.find((over) => over.duel === fourth));
assert.equal(cancelled.outcome.reason, "cancelled");
assert.deepEqual((await parlor.call("GET", `/duels?group=${group.id}`, bob.person)).duels, []);
await done(parlor);

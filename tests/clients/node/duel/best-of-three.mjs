// Two who seek are put together and play a best of three to its end; one of them comes back in the middle, a third
// watches, and whoever claims to have won is not believed.
import assert from "node:assert/strict";
import { Parlor, ask, done, until } from "../chat/parlor.mjs";
import { Duellist, judgeIsThere, solution, wrong } from "./duellist.mjs";

const parlor = await Parlor.start();
const people = [];
for (const name of ["ada", "bob", "cleo"]) people.push(await Duellist.arrive(parlor, await parlor.person(name)));
const [ada, bob, cleo] = people;
const status = await judgeIsThere(parlor, ada.person);
assert.deepEqual(status.problems.map(({ count }) => count), [15, 15, 15, 15]);
assert.ok(status.tier && status.languages.every((language) => language.missing === null), JSON.stringify(status));

const first = await ask(ada.socket, "duel_seek", { mode: "fastest", rounds: 3, minutes: 5 });
assert.ok(first.since && first.duel === null);
assert.equal((await ask(ada.socket, "duel_seek", { mode: "fastest", minutes: 5 })).since, first.since);
const { duel } = await ask(bob.socket, "duel_seek", { mode: "fastest" });
assert.ok(duel);
await until("both to know", () => [ada, bob].every((one) => one.found[0]?.duel === duel && one.found[0].by === "seek"));
for (const one of people) await one.open(duel);
assert.deepEqual([cleo.duel.rounds, cleo.duel.minutes, cleo.duel.public, cleo.duel.group], [3, 5, true, null]);
assert.equal((await parlor.call("GET", "/duels", cleo.person)).duels[0].id, duel);
await until("a spectator", () => ada.duel.spectators === 1);
await ada.refused("duel_seek", { mode: "fastest" }, "conflict");

// The countdown shows no problem; then everybody sees the same one, and nothing of what is hidden.
if (ada.duel.phase === "countdown") assert.equal(ada.duel.round.problem, null);
for (const one of people) await one.phase("running", 1);
const [problem, rounds] = [ada.duel.round.problem, ada.duel.round];
assert.deepEqual([bob.duel.round, cleo.duel.round], [rounds, rounds]);
assert.ok(problem.examples.length >= 3 && problem.hidden_tests >= 12 && problem.statement);
const shown = JSON.stringify(problem);
assert.ok(!/reference|"hidden"|expect"/.test(shown), shown);
const lasted = new Date(rounds.ends_at) - new Date(rounds.starts_at);
assert.equal(lasted, 5 * 60_000);

// A trial shows everything to its author and nothing to the others.
const trial = await bob.run(solution(problem), "javascript", problem.examples[0].call);
assert.equal(trial.verdict, "AC");
const tried = bob.tests(trial.job);
assert.equal(tried.length, problem.examples.length + 1);
assert.deepEqual([tried.at(-1).verdict, tried.at(-1).value], ["SHOWN", tried[0].value]);
const types = bob.verdicts.filter((one) => one.job === trial.job).map((one) => one.type);
assert.deepEqual([...new Set(types)], ["queued", "started", "test", "done"]);
assert.equal(ada.verdicts.length + cleo.verdicts.length, 0);
await until("the others to see that he tries", () => cleo.progress.some((one) => one.player === bob.id && one.activity === "running"));

// Whoever claims a win is not believed.
for (const name of ["duel_win", "duel_over", "duel_verdict", "duel"]) {
  await bob.refused(name, { duel, winner: bob.id, outcome: { winner: bob.id } }, "unknown_event");
}
const claim = await bob.judged("duel_submit", wrong(problem), "javascript", { verdict: "AC", passed: 99, winner: bob.id });
assert.deepEqual([claim.verdict, claim.passed], ["WA", 0]);
const told = bob.tests(claim.job);
assert.equal(told.length, 1, "the first wrong one ends it");
assert.deepEqual([told[0].value, told[0].output, told[0].error], [null, null, null], "of a hidden test nothing is told");
await cleo.refused("duel_submit", { duel, code: solution(problem), language: "javascript" }, "forbidden");
await cleo.refused("duel_say", { duel, text: "try the loop" }, "forbidden");
await ask(cleo.socket, "duel_react", { duel, emoji: "🎉" });
await until("an emoji", () => ada.cheers.some((cheer) => cheer.by.id === cleo.id));
await ask(ada.socket, "duel_say", { duel, text: "good luck" });
await until("the words", () => [bob, cleo].every((one) => one.lines[0]?.text === "good luck"));

// Round 1 is Ada's, in Python.
for (const one of [ada, bob]) await one.ask("duel_record", { on: true });
await ada.ask("duel_code", { code: "def half", language: "python" });
assert.equal((await ada.submit(solution(problem, "python"), "python")).verdict, "AC");
for (const one of people) await one.phase("pause");
const result = cleo.duel.results[0];
assert.deepEqual([result.winner, result.reason, result.problem], [ada.id, "solved", problem.id]);
assert.deepEqual(result.places.map((place) => [place.player, place.place, place.passed, place.wrong]), [
  [ada.id, 1, problem.hidden_tests, 0],
  [bob.id, 2, 0, 1],
]);
assert.ok(!people.some((one) => one.seen.some((seen) => JSON.stringify(seen).includes("certainly not"))), "no code is told");

// Before the next round all programs of the first can be read. Both would go on, so it begins at once.
const review = await parlor.call("GET", `/duels/${duel}`, cleo.person);
assert.deepEqual(review.rounds[0].solutions.map((one) => [one.player, one.verdict]), [[bob.id, "WA"], [ada.id, "AC"]]);
for (const one of [ada, bob]) await one.ask("duel_ready", { on: true });

// Round 2: Bob's page is loaded anew in the middle, and he finds everything as it was.
for (const one of people) await one.phase("running", 2);
const second = bob.duel.round;
assert.notEqual(second.problem.id, problem.id);
await bob.ask("duel_code", { code: "function half() {", language: "javascript" });
const vain = await bob.submit(wrong(second.problem));
await bob.ask("duel_code", { code: "function half() {", language: "javascript" });
bob.socket.disconnect();
await until("Ada to see that he is away", () => ada.duel.players.some((player) => player.presence === "away" && player.away_until));
await bob.connect();
bob.duel = undefined;
const back = await bob.open(duel);
assert.deepEqual(back.duel.round, second, "the clock and the problem");
assert.deepEqual([back.mine.code, back.mine.language], ["function half() {", "javascript"]);
assert.deepEqual(back.mine.submissions.map((one) => [one.job, one.verdict]), [[vain.job, "WA"]]);
assert.equal(back.lines[0].text, "good luck");
await until("Ada to see that he is back", () => ada.duel.players.every((player) => player.presence === "here"));
assert.equal((await bob.submit(solution(second.problem))).verdict, "AC");
for (const one of people) await one.phase("pause");
for (const one of [ada, bob]) await one.ask("duel_ready", { on: true });

// Round 3 decides. Both submit the same program; the one that was received first wins.
for (const one of people) await one.phase("running", 3);
const third = ada.duel.round.problem;
const [earlier] = await Promise.all([bob.submit(solution(third)), ada.ask("duel_submit", { code: wrong(third), language: "javascript" })]);
assert.equal(earlier.verdict, "AC");
const ended = await Promise.all(people.map((one) => until("the end", () => one.over[0])));
for (const over of ended) {
  const { outcome } = over;
  assert.deepEqual([outcome.winner, outcome.reason, outcome.unranked], [bob.id, "won", null]);
  assert.deepEqual(outcome.places.map((place) => [place.player, place.won, place.xp]), [[bob.id, 2, 10], [ada.id, 1, 0]]);
  assert.ok(outcome.places[0].rating > 1600 && outcome.places[1].rating < 1400);
}
for (const one of people) assert.equal((await one.phase("over")).outcome.winner, bob.id);

// The database agrees, everywhere.
const left = await parlor.call("GET", `/duels/${duel}`, ada.person);
assert.deepEqual([left.duel.outcome, left.rounds.length, left.replay], [ended[0].outcome, 3, true]);
assert.ok(left.rounds[2].solutions.some((one) => one.player === bob.id && one.verdict === "AC"));
const { players } = await parlor.call("GET", "/leaderboard", cleo.person);
assert.deepEqual(players.map((one) => [one.place, one.account.name, one.xp, one.wins, one.losses]), [[1, "bob", 10, 1, 0], [2, "ada", 0, 0, 1]]);
const profile = await parlor.call("GET", `/accounts/${bob.id}/duels`, cleo.person);
assert.deepEqual([profile.xp, profile.wins, profile.rank, profile.ratings.length], [10, 1, "bronze", 1]);
assert.deepEqual(profile.history.map((one) => [one.duel, one.won, one.opponents[0].name, one.xp_change]), [[duel, true, "ada", 10]]);
const { edits } = await parlor.call("GET", `/duels/${duel}/replay`, cleo.person);
assert.deepEqual(edits.map((edit) => [edit.player, edit.round, edit.code]).slice(0, 2), [[ada.id, 1, "def half"], [bob.id, 2, "function half() {"]]);

// Both would play again: another duel, with other problems.
await bob.ask("duel_rematch", { on: true });
await ada.ask("duel_rematch", { on: true });
const again = await until("another duel", () => ada.found.find((found) => found.by === "rematch"));
await until("the old one to lead there", () => cleo.duel.rematch === again.duel);
await ada.open(again.duel);
const played = [problem.id, second.problem.id, third.id];
await ada.phase("running", 1);
assert.ok(!played.includes(ada.duel.round.problem.id));

// What ran when the server died is void.
await parlor.crash();
const anew = await Parlor.start(parlor.folder);
const voided = await anew.call("GET", `/duels/${again.duel}`, ada.person);
assert.deepEqual([voided.duel.phase, voided.duel.outcome.reason, voided.duel.outcome.unranked], ["over", "fault", "void"]);
const kept = await anew.call("GET", `/duels/${duel}`, cleo.person);
assert.deepEqual([kept.duel.outcome.winner, kept.rounds.length], [bob.id, 3]);
assert.deepEqual(kept.duel.outcome.places, ended[0].outcome.places);
await done(anew);

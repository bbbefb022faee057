// Everything that a player may send and should not: each has a verdict or an error by name, and the round goes on.
import assert from "node:assert/strict";
import { Parlor, ask, done, until } from "../chat/parlor.mjs";
import { Duellist, judgeIsThere, solution } from "./duellist.mjs";

const parlor = await Parlor.start();
const [ada, bob] = [await Duellist.arrive(parlor, await parlor.person("ada")), await Duellist.arrive(parlor, await parlor.person("bob"))];
await judgeIsThere(parlor, ada.person);

// What can not be asked for is refused, and names its field.
for (const [name, body, code, field] of [
  ["duel_seek", {}, "invalid", "mode"],
  ["duel_seek", { mode: "easiest" }, "invalid", "mode"],
  ["duel_seek", { mode: "fastest", rounds: 2 }, "invalid", "rounds"],
  ["duel_seek", { mode: "fastest", minutes: 0 }, "invalid", "minutes"],
  ["duel_seek", { mode: "fastest", minutes: 61 }, "invalid", "minutes"],
  ["duel_seek", { mode: "fastest", language: "cobol" }, "invalid", "language"],
  ["duel_seek", [], "malformed", undefined],
  ["duel_challenge", { group: 1, rounds: 1, mode: "fastest", minutes: 5, players: 9 }, "invalid", "players"],
  ["duel_challenge", { group: 1, rounds: 1, mode: "fastest", minutes: 5 }, "not_found", undefined],
  ["duel_open", { duel: 1 }, "not_found", undefined],
  ["duel_open", { duel: 2 ** 60 }, "not_found", undefined],
  ["duel_open", { duel: "1" }, "invalid", "duel"],
  ["duel_submit", { duel: 1, code: "", language: "python" }, "not_found", undefined],
  ["duel_forfeit", { duel: 1 }, "not_found", undefined],
]) {
  await ada.refused(name, body, code, field);
}

await ask(ada.socket, "duel_seek", { mode: "fastest", rounds: 1, minutes: 30 });
const { duel } = await ask(bob.socket, "duel_seek", { mode: "fastest" });
await ada.open(duel);
await bob.open(duel);
if (ada.duel.phase === "countdown") {
  await ada.refused("duel_submit", { duel, code: "x", language: "python" }, "conflict");
}
await ada.phase("running", 1);
const { problem } = ada.duel.round;
const f = problem.signature.name;
const given = problem.signature.arguments.map((argument) => argument.name).join(", ");
const python = (body) => `def ${f}(${given}):\n${body.split("\n").map((line) => `    ${line}\n`).join("")}`;
const javascript = (body) => `function ${f}(${given}) { ${body} }`;

for (const [name, body, code, field] of [
  ["duel_submit", { duel, code: "#".repeat(64 * 1024 + 1), language: "python" }, "invalid", "code"],
  ["duel_run", { duel, code: "#".repeat(64 * 1024 + 1), language: "python" }, "invalid", "code"],
  ["duel_code", { duel, code: "#".repeat(64 * 1024 + 1), language: "python" }, "invalid", "code"],
  ["duel_submit", { duel, code: "x", language: "cobol" }, "invalid", "language"],
  ["duel_submit", { duel, code: 7, language: "python" }, "invalid", "code"],
  ["duel_submit", { duel, language: "python" }, "invalid", "code"],
  ["duel_run", { duel, code: "x", language: "python", call: "print(1)" }, "invalid", "call"],
  ["duel_run", { duel, code: "x", language: "python", call: `${f}(open("/etc/passwd"))` }, "invalid", "call"],
  ["duel_run", { duel, code: "x", language: "python", call: "x".repeat(4_001) }, "invalid", "call"],
  ["duel_say", { duel, text: " " }, "invalid", "text"],
  ["duel_say", { duel, text: "x".repeat(501) }, "invalid", "text"],
  ["duel_react", { duel, emoji: "no emoji" }, "invalid", "emoji"],
  ["duel_rematch", { duel, on: true }, "conflict", undefined],
  ["duel_ready", { duel, on: true }, "conflict", undefined],
  ["duel_start", { duel }, "conflict", undefined],
  ["duel_leave", { duel }, "conflict", undefined],
]) {
  await ada.refused(name, body, code, field);
}

// What a program may do wrong, by the verdict that it gets.
const programs = [
  ["the function is not there", "x = 1", "python", "CE"],
  ["the function is not there", "let x = 1", "javascript", "CE"],
  ["nothing at all", "", "javascript", "CE"],
  ["it can not be parsed", "def (", "python", "CE"],
  ["it never ends", python("while True: pass"), "python", "TLE"],
  ["it never ends", javascript("for (;;);"), "javascript", "TLE"],
  ["it prints a gigabyte", python("while True: print('x' * 1000)"), "python", "OLE"],
  ["it allocates", python("x = []\nwhile True: x.append(bytearray(1 << 20))"), "python", "MLE"],
  ["it opens a socket", python("import socket\nsocket.socket()"), "python", "RE"],
  ["it forks", python("import os\nos.fork()"), "python", "RE"],
  ["it reads a file", python("return open('/etc/passwd').read()"), "python", "RE"],
  ["it throws", javascript("throw new Error('x')"), "javascript", "RE"],
  ["it ends the process", python("import os\nos._exit(0)"), "python", "RE"],
  ["it gives what can not be compared", python("return object()"), "python", "WA"],
  ["it gives what can not be compared", javascript("return () => 1"), "javascript", "WA"],
];
for (const [what, code, language, expected] of programs) {
  const verdict = await ada.submit(code, language);
  assert.equal(verdict.verdict, expected, `${what}, in ${language}: ${JSON.stringify(verdict)}`);
}
assert.deepEqual(
  ada.verdicts.filter((one) => one.type === "test" && (one.value ?? one.output ?? one.error) !== null),
  [],
  "of hidden tests nothing is told",
);
const shown = await ada.run(python("print('hello')\nreturn 1 / 0"), "python");
assert.equal(shown.verdict, "RE");
const [test] = ada.tests(shown.job);
assert.match(test.output, /hello/);
assert.match(test.error.message, /ZeroDivisionError/);

// Nothing of it did the round any harm.
assert.equal(ada.duel.phase, "running");
assert.equal((await bob.submit(solution(problem))).verdict, "AC");
const { outcome } = await until("the end", () => ada.over[0]);
assert.equal(outcome.winner, bob.id);
assert.equal(ada.duel.results[0].places[1].wrong, programs.length);
await ada.refused("duel_submit", { duel, code: "x", language: "python" }, "conflict");
await ada.refused("duel_abort", { duel, on: true }, "conflict");

// With limits on: three at once, then one in two seconds.
await parlor.end();
const limited = await Parlor.start(parlor.folder, { PARLOR_RATE_LIMITS: "on" });
ada.parlor = bob.parlor = limited;
await judgeIsThere(limited, ada.person);
await ada.connect();
await bob.connect();
await ask(ada.socket, "duel_seek", { mode: "fastest" });
const again = await ask(bob.socket, "duel_seek", { mode: "fastest" });
ada.duel = undefined;
await ada.open(again.duel);
await ada.phase("running", 1);
const answers = await Promise.all(
  Array.from({ length: 6 }, () => ada.socket.emitWithAck("duel_submit", { duel: again.duel, code: "x", language: "python" })),
);
const codes = answers.filter((answer) => !answer.ok).map((answer) => answer.error.code);
assert.ok(codes.filter((code) => code === "rate_limited").length >= 3, JSON.stringify(answers));
assert.ok(codes.every((code) => ["rate_limited", "conflict"].includes(code)), JSON.stringify(answers));
assert.ok(answers.find((answer) => answer.error?.code === "rate_limited").error.retry_after >= 1);
await done(limited);

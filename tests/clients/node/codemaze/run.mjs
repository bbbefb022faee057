// `POST /run`: what a program prints and why it breaks, in the old shape; what is wrong has an error by name; and how
// often.
import assert from "node:assert/strict";
import { Parlor, done } from "../chat/parlor.mjs";
import { Player, judgeIsThere } from "./player.mjs";

const parlor = await Parlor.start();
const ada = await Player.register(parlor, "ada", "/codemaze");
await judgeIsThere(ada);

for (const [language, code, output, error, input] of [
  ["py", "print(1 + 1)\nprint('ä')", "2\nä\n", /^$/],
  ["py", "if __name__ == '__main__':\n    print(input(), input())", "a b\n", /^$/, "a\nb"],
  ["py", "print('before')\n1 / 0", "before\n", /^ZeroDivisionError: .*\(line 2\)$/],
  ["py", "def f(:", "", /SyntaxError.*line 1/],
  ["py", "import sys\nprint('out')\nsys.exit(3)", "out\n", /^$/],
  ["py", "while True: pass", "", /CPU time/],
  ["py", "import socket\nsocket.create_connection(('127.0.0.1', 1))", "", /./],
  ["js", "const f = (n) => n * 2;\nconsole.log(f(21), [1, 2]);", "42 [1,2]\n", /^$/],
  ["js", "console.log(readline(), prompt())", "a b\n", /^$/, "a\nb"],
  ["js", "async function main() { await null; console.log('later'); }\nmain()", "later\n", /^$/],
  ["js", "console.log('before'); missing()", "before\n", /^ReferenceError/],
  ["js", "let = ;", "", /^SyntaxError/],
  ["js", "for (;;) {}", "", /CPU time/],
  ["js", "", "", /^$/],
]) {
  const ran = await ada.run(code, language, { input });
  assert.deepEqual(Object.keys(ran).sort(), ["error", "output", "status"], code);
  assert.deepEqual([ran.output, ran.status], [output, 200], `${code}: ${ran.error}`);
  assert.match(ran.error, error, code);
}

// With a token too; with a void one not.
assert.equal((await ada.run("print(1)", "py", { token: ada.token })).output, "1\n");
assert.deepEqual(Object.keys(await ada.run("print(1)", "py", { token: "void", status: 401 })), ["msg"]);
for (const [body, status] of [
  [{ code: "1" }, 400],
  [{ language: "py" }, 400],
  [{ code: 1, language: "py" }, 400],
  [{ code: "1", language: "rb" }, 400],
  [{ code: "1", language: "py", input: 7 }, 400],
  [{ code: "x".repeat(65 * 1024), language: "py" }, 413],
]) {
  const refused = await ada.call("POST", "/run", body, status, null);
  assert.equal(refused.status, "fail");
  assert.ok(refused.message);
}
await parlor.stop();

// Twenty a minute from an address without a token; whoever has one is counted by themselves.
const strict = await Parlor.start(undefined, { PARLOR_RATE_LIMITS: "on" });
const bob = await Player.register(strict, "bob");
await judgeIsThere(bob);
let refused = 0;
for (let i = 0; i < 40 && refused === 0; i++) {
  const answer = await fetch(`${strict.url}/run`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ code: "1", language: "js" }),
  });
  assert.ok([200, 429].includes(answer.status));
  if (answer.status === 429) {
    refused = i;
    assert.equal((await answer.json()).status, "fail");
    assert.ok(Number(answer.headers.get("retry-after")) >= 1);
  }
}
assert.ok(refused >= 15, `refused after ${refused}`);
assert.equal((await bob.run("1", "js", { token: bob.token })).status, 200);
await done(strict);

// `POST /problems/generate`: a service on this machine writes a problem, makes a mistake first and is told so; what it
// wrote is a draft that only a race plays, until whoever runs the server promotes it; and it is there after a restart.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { Parlor, done, until } from "../chat/parlor.mjs";
import { Player, judgeIsThere } from "./player.mjs";

const right = {
  title: "Steps of the lighthouse",
  statement: `A keeper climbs the stairs of a lighthouse every evening. The stairs are counted, and on each of them lies dust that
weighs as much as the stair's number, in grams. After the storm the keeper sweeps all of them.\n\n- \`stairs\`: a whole number from
0 to 1000000\n\nReturn how many grams of dust are swept.`,
  tags: ["arithmetic"],
  function: "dust",
  args: [{ name: "stairs", type: "int" }],
  returns: "int",
  compare: "exact",
  cpu_ms: 2000,
  examples: [
    { args: [1], explanation: "One gram." },
    { args: [3], explanation: "1 + 2 + 3." },
    { args: [4], explanation: "1 + 2 + 3 + 4." },
  ],
  cases: `import random
def cases(seed):
    r = random.Random(seed)
    return [[0], [1], [2], [1000000], [999999]] + [[r.randrange(10, 1000000)] for _ in range(20)]`,
  reference: {
    python: "def dust(stairs):\n    return stairs * (stairs + 1) // 2",
    javascript: "function dust(stairs) { return (stairs * (stairs + 1)) / 2; }",
  },
  wrong: [
    { python: "def dust(stairs):\n    return stairs * (stairs - 1) // 2" },
    { javascript: "function dust(stairs) { return stairs * stairs; }" },
  ],
};
const mistaken = { ...right, reference: { ...right.reference, javascript: "function dust(n) { return n; }" } };

// The service: says what it is given to say, and keeps what it was asked.
const asked = [];
let answers = [];
const service = createServer(async (request, response) => {
  let body = "";
  for await (const part of request) body += part;
  asked.push({ path: request.url, key: request.headers.authorization, ...JSON.parse(body) });
  const answer = answers.shift();
  if (answer === undefined) return response.writeHead(500).end();
  const content = typeof answer === "string" ? answer : JSON.stringify(answer);
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify({ choices: [{ index: 0, message: { role: "assistant", content } }] }));
});
await new Promise((resolve) => service.listen(0, "127.0.0.1", resolve));

const settings = {
  PARLOR_AI_BASE_URL: `http://127.0.0.1:${service.address().port}/v1`,
  PARLOR_AI_KEY: "the-key",
  PARLOR_AI_MODEL: "a-model",
};
const parlor = await Parlor.start(undefined, settings);
const ada = await Player.register(parlor, "ada");
await judgeIsThere(ada);

answers = [mistaken, right];
const problem = await ada.call("POST", "/problems/generate", undefined, 201);
assert.deepEqual(Object.keys(problem).sort(), ["description", "examples", "id", "rank", "title"]);
assert.deepEqual([problem.title, problem.rank[0].name], [right.title, "Bronze"]);
assert.deepEqual(problem.examples.map(({ test_case, output }) => [test_case, output]), [["dust(1)", "1"], ["dust(3)", "6"], ["dust(4)", "10"]]);
assert.ok(!JSON.stringify(problem).includes("999999"), "of the hidden tests nothing is told");
assert.deepEqual(asked.map(({ path, key, model }) => [path, key, model]), Array(2).fill(["/v1/chat/completions", "Bearer the-key", "a-model"]));
assert.deepEqual(asked[1].messages.map(({ role }) => role), ["system", "user", "assistant", "user"]);
assert.match(asked[1].messages[3].content, /the references disagree/);

// What does not pass, or does not come, is no problem; nothing of it is told.
for (const words of [["nonsense", "nonsense", "nonsense"], []]) {
  answers = words;
  const refused = await ada.call("POST", "/problems/generate", undefined, 503);
  assert.deepEqual([refused.status, Object.keys(refused).length], ["fail", 2]);
  assert.match(refused.message, /gave none that is right/);
}

// The draft is known to a race, and no duel chooses it.
const bob = await Player.register(parlor, "bob");
for (const player of [ada, bob]) {
  await player.connect();
  await player.join();
}
ada.socket.emit("setting_question", { initialQ: problem.id, testCase: "dust(3)", expectedOutcome: "6" });
bob.socket.emit("getting_question");
await ada.settled();
bob.socket.emit("getting_question");
assert.equal((await bob.hears("got_question")).question, problem.id);
await bob.run(`${right.reference.python}\nprint(dust(3))`, "py");
bob.socket.emit("set_winner", bob.id);
assert.equal(await ada.hears("winner_set"), bob.id);
const bronze = async () => (await parlor.call("GET", "/duels/status", { token: ada.token })).problems[0].count;
assert.equal(await bronze(), 15);

// Who runs the server lets everybody play it.
const path = "/problems/steps-of-the-lighthouse/promote";
await parlor.call("POST", path, { token: ada.token, status: 403 });
const admin_token = await until("the link for the first admin", () => parlor.adminToken);
const body = { username: "root", password: "correct horse battery", admin_token };
const { token } = await parlor.call("POST", "/accounts", { body });
await parlor.call("POST", "/problems/no-such-problem/promote", { token, status: 404 });
await parlor.call("POST", path, { token, status: 204 });
await parlor.call("POST", path, { token, status: 404 });
assert.equal(await bronze(), 16);

await parlor.end();
const anew = await Parlor.start(parlor.folder, settings);
ada.parlor = anew;
await judgeIsThere(ada);
const status = await anew.call("GET", "/duels/status", { token });
assert.equal(status.problems[0].count, 16);
service.close();
await done(anew);

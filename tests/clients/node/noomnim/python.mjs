// The Python clients of both generations and the JavaScript ones in one group.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { Parlor, done } from "../chat/parlor.mjs";
import { Member, WAYS } from "./member.mjs";

const run = promisify(execFile);
const script = new URL("../../python/noomnim.py", import.meta.url).pathname;
const parlor = await Parlor.start();
let number = 0;

for (const python of [process.env.PYTHON_CLIENT_4, process.env.PYTHON_CLIENT]) {
  for (const way of WAYS) {
    number += 1;
    const [ada, group] = [await Member.named(parlor, `Ada ${number}`, way), `Snakes ${number}`];
    await ada.do("create_group", group);
    const told = run(python, [script, parlor.url, way.face, group], { timeout: 60_000 });
    await ada.hears("hello from Python");
    await ada.say(group, "hello from JavaScript");
    await told;
    assert.deepEqual(ada.texts(), ["hello from Python", "hello from JavaScript"]);
    ada.gone();
  }
}
await done(parlor);

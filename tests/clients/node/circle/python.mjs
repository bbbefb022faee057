// The Python clients of both generations meet each other and the JavaScript ones.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { Parlor, done } from "../chat/parlor.mjs";
import { WAYS, Visitor, makeGroup } from "./visitor.mjs";

const run = promisify(execFile);
const script = new URL("../../python/circle.py", import.meta.url).pathname;
const parlor = await Parlor.start();

for (const python of [process.env.PYTHON_CLIENT_4, process.env.PYTHON_CLIENT]) {
  for (const way of WAYS) {
    const { access_code: code } = await makeGroup(parlor, way.face);
    const ada = await Visitor.arrive(parlor, way);
    await ada.join(code, "Ada");
    const told = run(python, [script, parlor.url, way.face, code], { timeout: 60_000 });
    const { room, match } = await ada.inRoom();
    assert.equal(match.name, "Py");
    await ada.hears("Py connected.");
    await ada.hears("hello from Python");
    await ada.say(room, "hello from JavaScript");
    await ada.hears(`A User left the ${room} room`);
    await told;
    ada.gone();
  }
}
await done(parlor);

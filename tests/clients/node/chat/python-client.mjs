// The Python client's story needs a server and somebody in a group: this makes both and runs it.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { Parlor, done } from "./parlor.mjs";

const parlor = await Parlor.start();
const owner = await parlor.person("owner");
const group = await parlor.group(owner);
const script = new URL("../../python/chat.py", import.meta.url).pathname;
const told = spawnSync(process.env.PYTHON_CLIENT, [script, parlor.url, owner.token, String(group.id)], {
  encoding: "utf8",
  timeout: 60_000,
});
assert.equal(told.status, 0, told.stdout + told.stderr);
await done(parlor);

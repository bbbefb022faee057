// A parlor process, people on it and their sockets, for the stories beside this file.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { io } from "client4";

const deadline = setTimeout(() => fail(new Error("it took longer than 100 s")), 100_000);
deadline.unref();

/** Says what went wrong and ends. */
export function fail(error) {
  console.error(`FAILED ${process.argv[1]}: ${error.stack ?? error}`);
  for (const parlor of running) parlor.kill();
  process.exit(1);
}
process.on("unhandledRejection", fail);
process.on("uncaughtException", fail);

const running = new Set();

/** A server on a free port, by default with a data folder of its own. */
export class Parlor {
  static async start(folder = mkdtempSync(join(tmpdir(), "parlor-story-")), env = {}) {
    const parlor = new Parlor();
    parlor.folder = folder;
    parlor.child = spawn(process.env.PARLOR_BIN, ["serve"], {
      env: {
        PARLOR_DATA: folder,
        PARLOR_BIND: "127.0.0.1:0",
        PARLOR_TCP_BIND: "",
        PARLOR_RATE_LIMITS: "off",
        PARLOR_LOG: "warn",
        ...env,
      },
      stdio: ["ignore", "pipe", "inherit"],
    });
    running.add(parlor);
    const lines = createInterface({ input: parlor.child.stdout });
    parlor.url = await new Promise((resolve, reject) => {
      lines.on("line", (line) => {
        const found = line.match(/is at (http:\S+)/);
        if (found) resolve(found[1]);
        parlor.adminToken ??= line.match(/welcome\?admin=(\S+)/)?.[1];
      });
      parlor.child.on("exit", (code) => reject(new Error(`parlor ended with ${code}`)));
    });
    return parlor;
  }

  /** Ends it without a word, as a loss of power would. */
  async crash() {
    running.delete(this);
    if (this.child.exitCode !== null) return;
    const ended = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.removeAllListeners("exit");
    this.child.once("exit", () => {});
    const gone = new Promise((resolve) => this.child.once("close", resolve));
    this.child.kill("SIGKILL");
    await Promise.race([ended, gone]);
  }

  /** Ends it as whoever runs it does. */
  async end() {
    running.delete(this);
    this.child.removeAllListeners("exit");
    const ended = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill("SIGTERM");
    assert.equal(await ended, 0, "parlor did not end well");
  }

  async stop() {
    await this.crash();
    rmSync(this.folder, { recursive: true, force: true });
  }

  kill() {
    this.child.kill("SIGKILL");
  }

  async call(method, path, { token, body, status = [200, 201, 204] } = {}) {
    const answer = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(body && { "content-type": "application/json" }),
      },
      body: body && JSON.stringify(body),
    });
    const text = await answer.text();
    assert.ok([status].flat().includes(answer.status), `${method} ${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  }

  /** Somebody with an account. */
  async person(name) {
    const { account, token } = await this.call("POST", "/accounts", {
      body: { username: name, password: "correct horse battery" },
    });
    return { account, token };
  }

  /** Somebody without one, in the group of that code. */
  async guest(name, access_code) {
    return this.call("POST", "/guests", { body: { display_name: name, access_code } });
  }

  async group(owner, name = "Story") {
    return (await this.call("POST", "/groups", { token: owner.token, body: { name } })).group;
  }

  /** Everything in a group's log, page by page. */
  async log(person, group) {
    const events = [];
    let after = `${group.epoch}:0`;
    for (;;) {
      const page = await this.call("GET", `/groups/${group.id}/events?after=${after}&limit=200`, person);
      events.push(...page.events);
      if (page.events.length === 0) return { head: page.head, events };
      after = `${page.epoch}:${events.at(-1).seq}`;
    }
  }

  /** A socket that is connected. */
  async socket(person, options = {}) {
    const socket = io(`${this.url}/v1`, {
      auth: { token: person.token },
      transports: ["websocket"],
      forceNew: true,
      reconnection: false,
      ...options,
    });
    await new Promise((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("connect_error", reject);
    });
    return socket;
  }
}

/** Calls and insists on `ok`. */
export async function ask(socket, name, body) {
  const answer = await socket.timeout(20_000).emitWithAck(name, body);
  assert.ok(answer.ok, `${name}: ${JSON.stringify(answer)}`);
  return answer;
}

/** Opens one group and gives the answer for it. */
export async function open(socket, group, after) {
  const { groups } = await ask(socket, "open", { groups: [{ id: group.id, after }] });
  return groups[0];
}

/** Waits until `met()` gives something. Looks every few milliseconds; 20 s at most. */
export async function until(what, met) {
  const end = Date.now() + 20_000;
  for (;;) {
    const found = await met();
    if (found) return found;
    if (Date.now() > end) throw new Error(`within 20 s there was not: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Positions must follow each other without a gap or a double. */
export function assertContiguous(events, first = events[0]?.seq) {
  events.forEach((event, index) =>
    assert.equal(event.seq, first + index, `place ${index} holds ${event.seq}, not ${first + index}`),
  );
}

/** Ends the story well. */
export async function done(...parlors) {
  for (const parlor of parlors) await parlor.stop();
  process.exit(0);
}

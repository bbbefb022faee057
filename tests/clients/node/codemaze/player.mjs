// A player of Codemaze as its old front end is: tokens over REST, a Socket.IO 4 socket without one, and everything that
// the socket was told, in order. And the solutions of Parlor's own problems.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { io } from "client4";
import { until } from "../chat/parlor.mjs";

const PASSWORD = "maze";

export class Player {
  /** Registers and signs in at one of the two faces. */
  static async register(parlor, name, base = "") {
    const player = new Player();
    Object.assign(player, { parlor, name, base });
    await player.call("POST", "/auth/register", { username: name, password: PASSWORD }, 201);
    const { access_token: token } = await player.call("POST", "/auth/login", { username: name, password: PASSWORD });
    player.token = token;
    player.id = (await player.call("GET", "/users/profile")).id;
    return player;
  }

  async call(method, path, body, status = 200, token = this.token) {
    const answer = await fetch(this.parlor.url + this.base + path, {
      method,
      headers: { ...(token && { authorization: `Bearer ${token}` }), ...(body && { "content-type": "application/json" }) },
      body: body && JSON.stringify(body),
    });
    const text = await answer.text();
    assert.equal(answer.status, status, `${method} ${path}: ${answer.status} ${text}`);
    return JSON.parse(text);
  }

  async connect(options = {}) {
    this.heard = [];
    this.socket = io(this.parlor.url + this.base, { forceNew: true, reconnection: false, ...options });
    this.socket.onAny((name, ...said) => this.heard.push([name, ...said]));
    await new Promise((resolve, reject) => {
      this.socket.once("connect", resolve);
      this.socket.once("connect_error", reject);
    });
  }

  async join(id = this.id) {
    const answer = await this.socket.timeout(20_000).emitWithAck("join_room", { username: this.name, userId: id });
    this.room = answer.room;
    return answer;
  }

  of(name) {
    return this.heard.filter(([heard]) => heard === name).map(([, ...said]) => said[0]);
  }

  async hears(name, count = 1) {
    await until(`${count} ${name} for ${this.name}`, () => this.of(name).length >= count);
    return this.of(name).at(-1);
  }

  /** When everything that was said before has been heard. */
  async settled() {
    const before = this.of("sendback_user_rooms").length;
    this.socket.emit("send_user_rooms", { room: this.room, username: this.name });
    return this.hears("sendback_user_rooms", before + 1);
  }

  /** Runs a program; `token` is sent only where it is said. */
  run(code, language, { input, token = null, status = 200 } = {}) {
    return this.call("POST", "/run", { code, language, input }, status, token);
  }

  async refused(id = this.id) {
    const before = this.of("winner_refused").length;
    this.socket.emit("set_winner", id);
    return (await this.hears("winner_refused", before + 1)).message;
  }
}

/** Starts nothing before the judge is there. */
export async function judgeIsThere(player) {
  await until("a judge", async () => {
    const answer = await fetch(`${player.parlor.url}/run`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ code: "1", language: "js" }),
    });
    const said = await answer.json();
    if (answer.status === 503 && !/being started/.test(said.message)) throw new Error(said.message);
    return answer.status === 200;
  });
}

/** The reference of a problem, found by its title. */
export function solution({ title }, language) {
  const folder = new URL("../../../../problems/", import.meta.url);
  const texts = readdirSync(folder).filter((file) => file.endsWith(".toml"));
  const text = texts.map((file) => readFileSync(new URL(file, folder), "utf8")).find((one) => one.includes(`title = "${title}"`));
  const references = text.slice(text.indexOf("[reference]"));
  return references.match(new RegExp(`^${language} = '''\\n?([\\s\\S]*?)'''`, "m"))[1];
}

/** A program that solves a problem and calls an example of it, as the old client puts it together. */
export function attempt(problem, language) {
  const call = problem.examples[0].test_case;
  const last = language === "py" ? `print(${call})` : `console.log(${call})`;
  return `${solution(problem, language === "py" ? "python" : "javascript")}\n${last}`;
}

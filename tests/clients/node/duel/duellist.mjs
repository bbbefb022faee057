// Somebody in duels over /v1, who remembers what they were told; and the solutions of Parlor's own problems.
import { readFileSync } from "node:fs";
import { ask, until } from "../chat/parlor.mjs";

export class Duellist {
  static async arrive(parlor, person) {
    const duellist = new Duellist();
    Object.assign(duellist, { parlor, person, found: [], over: [], verdicts: [], progress: [], lines: [], seen: [], cheers: [] });
    await duellist.connect();
    return duellist;
  }

  async connect() {
    this.socket = await this.parlor.socket(this.person);
    this.socket.on("duel", (duel) => this.take(duel));
    this.socket.on("duel_found", (found) => this.found.push(found));
    this.socket.on("duel_over", (over) => this.over.push(over));
    this.socket.on("duel_verdict", (verdict) => this.verdicts.push(verdict));
    this.socket.on("duel_progress", (progress) => this.progress.push(progress));
    this.socket.on("duel_said", (line) => this.lines.push(line));
    this.socket.on("duel_reacted", (cheer) => this.cheers.push(cheer));
  }

  get id() {
    return this.person.account.id;
  }

  take(duel) {
    this.seen.push(duel);
    if (this.duel?.id !== duel.id || duel.rev >= this.duel.rev) this.duel = duel;
  }

  async open(duel) {
    const opened = await ask(this.socket, "duel_open", { duel });
    this.take(opened.duel);
    return opened;
  }

  me() {
    return this.duel.players.find((player) => player.account.id === this.id);
  }

  async phase(phase, number) {
    return until(`${phase} ${number ?? ""}`, () => this.duel?.phase === phase && (!number || this.duel.round.number === number) && this.duel);
  }

  ask(name, body = {}) {
    return ask(this.socket, name, { duel: this.duel.id, ...body });
  }

  /** Lets a program be judged, and gives how that ended. */
  async judged(name, code, language, more = {}) {
    const { job } = await this.ask(name, { code, language, ...more });
    return until(`a verdict on ${job}`, () => this.verdicts.find((one) => one.job === job && one.type === "done"));
  }

  submit(code, language = "javascript") {
    return this.judged("duel_submit", code, language);
  }

  run(code, language = "javascript", call = undefined) {
    return this.judged("duel_run", code, language, { call });
  }

  tests(job) {
    return this.verdicts.filter((one) => one.job === job && one.type === "test");
  }

  async refused(name, body, code, field) {
    const answer = await this.socket.emitWithAck(name, body);
    if (answer.ok || answer.error.code !== code || answer.error.field !== field) {
      throw new Error(`${name}: ${JSON.stringify(answer)}, not ${code} ${field ?? ""}`);
    }
  }
}

/** When nobody has to wait for the judge any more. */
export async function judgeIsThere(parlor, person) {
  return until("a judge", async () => {
    const status = await parlor.call("GET", "/duels/status", person);
    if (!status.available && !/being started/.test(status.reason)) throw new Error(status.reason);
    return status.available && status;
  });
}

/** The reference of a problem. */
export function solution(problem, language = "javascript") {
  const text = readFileSync(new URL(`../../../../problems/${problem.id}.toml`, import.meta.url), "utf8");
  const references = text.slice(text.indexOf("[reference]"));
  return references.match(new RegExp(`^${language} = '''\\n?([\\s\\S]*?)'''`, "m"))[1];
}

/** A program that has the function and is wrong. */
export function wrong({ signature }) {
  return `function ${signature.name}() { return "certainly not"; }`;
}

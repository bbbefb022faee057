// Three watch the same: one moves the player, all are told in one order, a latecomer and a restarted server have the exact
// state, and whoever may not changes nothing.
import assert from "node:assert/strict";
import { Parlor, ask, done, open, until } from "../chat/parlor.mjs";

let parlor = await Parlor.start();
const owner = await parlor.person("owner");
const group = await parlor.group(owner);
const people = [owner, await parlor.guest("Ada", group.access_code), await parlor.guest("Bob", group.access_code)];
let ids = 0;

/** Somebody who watches: their own copy of the state, made of what they are told alone. */
class Viewer {
  static async arrive(person) {
    const viewer = new Viewer();
    viewer.person = person;
    viewer.socket = await parlor.socket(person);
    viewer.changes = [];
    viewer.socket.on("event", (event) => event.type === "player" && viewer.take(event));
    viewer.socket.on("viewers", (viewers) => (viewer.viewers = viewers.viewers));
    viewer.socket.on("signal", (signal) => signal.type === "cheer" && (viewer.cheer = signal));
    await open(viewer.socket, group);
    viewer.state = await ask(viewer.socket, "watch_open", { group: group.id });
    return viewer;
  }

  take({ seq, data }) {
    if (this.state && seq <= this.state.head) return;
    this.changes.push({ seq, change: data.change, rev: data.play?.rev });
    if (data.play && this.state) this.state.play = data.play;
  }

  command(what, seen = this.state.play.rev) {
    ids += 1;
    return ask(this.socket, "player_command", { group: group.id, client_id: `c${ids}`, seen, ...what });
  }

  async refused(what, code, field) {
    ids += 1;
    const call = { group: group.id, client_id: `c${ids}`, seen: this.state.play.rev, ...what };
    const answer = await this.socket.emitWithAck("player_command", call);
    assert.deepEqual([answer.ok, answer.error?.code, answer.error?.field], [false, code, field], JSON.stringify(what));
  }

  report(state, more = {}) {
    const { rev } = this.state.play;
    return ask(this.socket, "player_report", { group: group.id, rev, state, drift_ms: 3, delay_ms: 20, ...more });
  }
}

const [one, two] = [await Viewer.arrive(people[0]), await Viewer.arrive(people[1])];
assert.equal(one.state.play.phase, "idle");
const film = { source: "https://example.org/films/first.mp4" };
await one.command({ do: "load", media: film });
await until("it to be prepared", () => two.state.play.phase === "preparing");
for (const viewer of [one, two]) {
  await viewer.report("paused");
  await ask(viewer.socket, "player_ready", { group: group.id, rev: viewer.state.play.rev });
}
await until("it to play", () => two.state.play.phase === "playing" && one.state.play.phase === "playing");
assert.ok(two.state.play.at_ms > one.state.now_ms);
await until("each other", () => one.viewers?.length === 2 && one.viewers.every((viewer) => viewer.state === "paused"));

// The clock: what the server says lies between what was sent and what came back, however the wall clock stands.
const times = await ask(one.socket, "time", {});
assert.ok(times.answered_ms >= times.received_ms && times.answered_ms - times.received_ms < 1_000);

await two.command({ do: "seek", to_ms: 90_000.5 });
await until("the place", () => one.state.play.pos_ms === 90_000);
await one.command({ do: "add", media: { source: "youtu.be/dQw4w9WgXcQ?t=30", title: "Song", kind: "music" } });
await two.command({ do: "add", media: { source: "https://example.org/b.webm" } });
const three = await Viewer.arrive(people[2]);
assert.deepEqual(three.state.queue.map((entry) => entry.item.title), ["Song", "b.webm"]);
assert.equal(three.state.item.title, "first.mp4");
const [song, clip] = three.state.queue.map((entry) => entry.item.id);
await three.command({ do: "move", item: clip, before: song });
await three.command({ do: "vote", item: song, on: true });
await one.command({ do: "pause" });
await one.command({ do: "rate", rate: 1.5 });
await ask(two.socket, "player_cheer", { group: group.id, emoji: "🎉" });
await until("the cheer", () => one.cheer?.emoji === "🎉");

// A repeat of a command whose answer was lost does nothing.
const repeated = { group: group.id, client_id: "the-same", seen: one.state.play.rev, do: "add", media: film };
assert.ok((await ask(one.socket, "player_command", repeated)).event);
assert.equal((await ask(one.socket, "player_command", repeated)).event, null);

// One order for all, and what is told makes the same state that is kept.
const kept = await parlor.call("GET", `/groups/${group.id}/watch`, owner);
for (const viewer of [one, two, three]) {
  await until("the same state", () => viewer.state.play.rev === kept.play.rev);
  assert.deepEqual(viewer.state.play, kept.play);
}
const told = two.changes.slice(-three.changes.length);
assert.deepEqual(three.changes, told);
assert.deepEqual(kept.queue.map((entry) => entry.item.title), ["b.webm", "Song", "first.mp4"]);
assert.deepEqual(kept.queue[1].votes, [people[2].account.id]);

// Nonsense is refused by name and changes nothing.
const before = await parlor.call("GET", `/groups/${group.id}/watch`, owner);
await one.refused({ do: "seek", to_ms: -1 }, "invalid", "to_ms");
await one.refused({ do: "seek", to_ms: 1e300 }, "invalid", "to_ms");
await one.refused({ do: "seek", to_ms: null }, "invalid", "to_ms");
await one.refused({ do: "seek", to_ms: "5" }, "invalid", "to_ms");
await new Promise((resolve) => setTimeout(resolve, 1_100)); // at most nine commands in any second
for (const rate of [0.1, 2.5, -1, 0]) await one.refused({ do: "rate", rate }, "invalid", "rate");
await one.refused({ do: "explode" }, "invalid", "do");
await one.refused({ do: "remove", item: 999 }, "not_found", undefined);
await new Promise((resolve) => setTimeout(resolve, 1_100));
for (const source of [
  "javascript:alert(1)",
  "file:///etc/passwd",
  "http://user:secret@example.org/a.mp4",
  "data:video/mp4;base64,AAAA",
  "upload:nonsense",
]) {
  await two.refused({ do: "load", media: { source } }, "invalid", "source");
}
await two.refused({ do: "add", media: { ...film, title: "x".repeat(301) } }, "invalid", "title");
const liar = await two.socket.emitWithAck("player_report", {
  group: group.id, rev: 1, state: "playing", drift_ms: 1e300,
});
assert.deepEqual([liar.ok, liar.error.code], [false, "invalid"]);
await two.report("playing", { rev: 1e15, length_ms: 5, drift_ms: -400_000 });
const stranger = await parlor.person("stranger");
const outside = await parlor.socket(stranger);
for (const [name, body] of [
  ["watch_open", {}],
  ["player_command", { client_id: "x", seen: 0, do: "pause" }],
  ["player_report", { rev: 0, state: "playing", drift_ms: 0 }],
  ["player_ready", { rev: 0 }],
  ["player_cheer", { emoji: "🎉" }],
]) {
  const answer = await outside.emitWithAck(name, { group: group.id, ...body });
  assert.deepEqual([name, answer.error?.code], [name, "not_found"]);
}
await parlor.call("GET", `/groups/${group.id}/watch`, { ...stranger, status: 404 });
const after = await parlor.call("GET", `/groups/${group.id}/watch`, owner);
assert.deepEqual({ ...after, now_ms: 0 }, { ...before, now_ms: 0 });

// Too fast: the tenth command within a second.
const answers = await Promise.all(
  Array.from({ length: 20 }, (_, at) =>
    three.socket.emitWithAck("player_command", {
      group: group.id, client_id: `fast${at}`, seen: kept.play.rev, do: "vote", item: song, on: at % 2 === 0,
    }),
  ),
);
assert.ok(answers.filter((answer) => answer.error?.code === "rate_limited").length >= 11);

// After a crash it stands where it was, and what was watched is known.
await one.command({ do: "play" });
await parlor.crash();
parlor = await Parlor.start(parlor.folder);
const again = await Viewer.arrive(people[1]);
assert.equal(again.state.play.phase, "paused");
assert.notEqual(again.state.play.epoch, kept.play.epoch);
assert.ok(Math.abs(again.state.play.pos_ms - 90_000) < 10_000, `${again.state.play.pos_ms}`);
assert.equal(again.state.queue.length, 3);
const { watched } = await parlor.call("GET", `/groups/${group.id}/watched`, owner);
assert.deepEqual([watched.length, watched[0].item.title, watched[0].until], [1, "first.mp4", null]);
await done(parlor);

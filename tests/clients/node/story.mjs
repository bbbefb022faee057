// The story of one official JavaScript client on one transport, against the server of
// crates/socketio/tests/real_clients.rs: `node story.mjs <2|4> <polling|websocket|upgrade> <url>`.
// Exits with 0, or says in one line which step failed.
import assert from "node:assert/strict";
import io2 from "client2";
import { io as io4 } from "client4";

const [version, transport, url] = process.argv.slice(2);
const io = { 2: io2, 4: io4 }[version];
const transports = { polling: ["polling"], websocket: ["websocket"], upgrade: ["polling", "websocket"] }[transport];
assert.ok(io && transports && url, "usage: node story.mjs <2|4> <polling|websocket|upgrade> <url>");

let step = "start";
setTimeout(() => fail(new Error("it took longer than 30 s")), 30_000).unref();

function fail(error) {
  console.error(`FAILED socket.io-client ${version} on ${transport}, step "${step}": ${error.stack ?? error}`);
  process.exit(1);
}
process.on("unhandledRejection", fail);
process.on("uncaughtException", fail);

/** A client that is on its way; `name` is what the server knows it by. */
function open(name, { namespace = "/", token = "right", options = {} } = {}) {
  // 2.x clients have no auth: theirs is in the query, which they send with each namespace too.
  return io(url + namespace, {
    transports,
    forceNew: true,
    reconnectionDelay: 20,
    reconnectionDelayMax: 40,
    query: version === "2" ? { name, token } : { name },
    auth: { token },
    ...options,
  });
}

const event = (socket, name) =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no "${name}" within 10 s`)), 10_000);
    socket.once(name, (...args) => {
      clearTimeout(timer);
      resolve(args);
    });
  });
const ask = (socket, name, ...args) =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no ack of "${name}" within 10 s`)), 10_000);
    socket.emit(name, ...args, (...answer) => {
      clearTimeout(timer);
      resolve(answer);
    });
  });
const connected = async (socket) => {
  await event(socket, "connect");
  return socket;
};
const upgraded = (socket) => {
  const engine = socket.io.engine;
  return transport !== "upgrade" || engine.transport.name === "websocket" ? undefined : event(engine, "upgrade");
};
const bytes = (...values) => Buffer.from(values);

const steps = {
  async connect() {
    const socket = await connected(open("connect"));
    assert.ok(socket.id);
    assert.deepEqual(await ask(socket, "who"), ["connect"]);
    await upgraded(socket);
    const now = transport === "polling" ? "polling" : "websocket";
    assert.equal(socket.io.engine.transport.name, now);
    socket.disconnect();
  },

  async "refuse, with data"() {
    for (const namespace of ["/", "/admin"]) {
      const socket = open("refused", { namespace, token: "wrong" });
      if (version === "2") {
        assert.deepEqual(await event(socket, "error"), [{ code: 7 }]);
      } else {
        const [error] = await event(socket, "connect_error");
        assert.equal(error.message, "not you");
        assert.deepEqual(error.data, { code: 7 });
      }
      assert.equal(socket.connected, false);
      socket.close();
    }
    const unknown = open("lost", { namespace: "/nowhere" });
    const [error] = await event(unknown, version === "2" ? "error" : "connect_error");
    assert.equal(version === "2" ? error : error.message, "Invalid namespace");
    unknown.close();
  },

  async "events and Unicode"(socket) {
    for (const args of [[], [1, "two", [3], { four: null }], ["𝒳 🎉 ñ 日本語 \u0000\u001e\ufeff"], [""], ["x".repeat(100_000)]]) {
      const back = event(socket, "echoed");
      socket.emit("echo", ...args);
      assert.deepEqual(await back, args);
    }
    assert.deepEqual(await ask(socket, "🎉 event", "🎉"), ["🎉 event", "🎉"]);
  },

  async "acknowledgements both ways"(socket) {
    assert.deepEqual(await ask(socket, "ask", 1, { b: ["🎉"] }), [1, { b: ["🎉"] }]);
    socket.once("question", (...args) => args.pop()(...args.map((value) => [value])));
    const answered = event(socket, "answered");
    socket.emit("ask-back", 1, "two");
    assert.deepEqual(await answered, [[1], ["two"]]);
    // Nobody answers this one: the server's deadline does.
    socket.once("question", () => {});
    const unanswered = event(socket, "unanswered");
    socket.emit("ask-back");
    assert.deepEqual(await unanswered, ["the acknowledgement did not come in time"]);
  },

  async "binary both ways"(socket) {
    const big = Buffer.alloc(200_000, 7);
    for (const args of [[bytes(1, 2, 3)], [{ a: bytes(), b: [bytes(255), "text"] }, bytes(0)], [big]]) {
      const back = event(socket, "echoed");
      socket.emit("echo", ...args);
      assert.deepEqual(await back, args);
      assert.deepEqual(await ask(socket, "ask", ...args), args);
      socket.once("question", (...asked) => asked.pop()(...asked));
      const answered = event(socket, "answered");
      socket.emit("ask-back", ...args);
      assert.deepEqual(await answered, args);
    }
  },

  async rooms(socket) {
    const other = await connected(open("other"));
    const heard = [];
    other.on("said", (text) => heard.push(text));
    socket.on("said", (text) => heard.push(`to its sender: ${text}`));
    await ask(other, "say", "den", "nobody is in it");
    assert.deepEqual(await ask(other, "join", "den"), [true]);
    assert.deepEqual(await ask(socket, "join", "den"), [true]);
    await ask(socket, "say", "den", "one");
    await ask(socket, "say", "another den", "not heard");
    await ask(other, "leave", "den");
    await ask(socket, "say", "den", "after leaving");
    const last = event(other, "said-to-all");
    socket.emit("say-to-all", "everybody");
    assert.deepEqual(await last, ["everybody"]);
    assert.deepEqual(heard, ["one"]);
    socket.off("said");
    other.disconnect();
  },

  async volatile(socket) {
    // On long-polling there may be no poll in this moment, and a volatile event is then dropped.
    let seen;
    socket.on("maybe", (value) => (seen = value));
    for (let attempt = 1; seen === undefined; attempt++) {
      assert.ok(attempt < 1000, "not one of 1000 volatile events arrived");
      await ask(socket, "volatile", attempt);
    }
    if (version === "4") socket.volatile.emit("echo", "no matter");
  },

  async "200 in order both ways, while upgrading"() {
    const socket = await connected(open("busy"));
    const total = 200;
    let next = 0;
    const done = new Promise((resolve, reject) => {
      socket.on("down", (number) => {
        if (number !== next) return reject(new Error(`${number} came instead of ${next}`));
        next += 1;
        // Four are on their way all the time, on whatever transport it is just now.
        if (number + 4 < total) socket.emit("up", number + 4);
        if (next === total) resolve();
      });
      socket.once("disconnect", (reason) => reject(new Error(`disconnected after ${next}: ${reason}`)));
    });
    for (let number = 0; number < 4; number++) socket.emit("up", number);
    await done;
    await upgraded(socket);
    assert.deepEqual(await ask(socket, "up-report"), [{ count: total, ordered: true }]);
    socket.disconnect();
  },

  async "bursts of 200 in order both ways, while upgrading"() {
    const socket = await connected(open("burst"));
    const total = 200;
    let next = 0;
    const done = new Promise((resolve, reject) => {
      socket.on("down", (number) => {
        if (number !== next++) reject(new Error(`${number} came instead of ${next - 1}`));
        if (next === 2 * total) resolve();
      });
      socket.once("disconnect", (reason) => reject(new Error(`disconnected after ${next}: ${reason}`)));
    });
    socket.emit("burst", total);
    for (let number = 0; number < total; number++) socket.emit("up", total + number);
    await done;
    assert.deepEqual(await ask(socket, "up-report"), [{ count: total, ordered: true }]);
    socket.disconnect();
  },

  async namespaces() {
    const main = await connected(open("both"));
    const admin = await connected(main.io.socket("/admin", { query: "token=right", auth: { token: "right" } }));
    assert.deepEqual(await ask(admin, "where"), ["/admin"]);
    assert.deepEqual(await ask(main, "where"), ["/"]);
    const back = event(admin, "echoed");
    admin.emit("echo", bytes(9));
    assert.deepEqual(await back, [bytes(9)]);
    const gone = event(admin, "disconnect");
    admin.emit("kick");
    assert.deepEqual((await gone)[0], "io server disconnect");
    assert.deepEqual(await ask(main, "where"), ["/"], "the main namespace goes on");
    main.disconnect();
  },

  async reconnect(watcher) {
    const socket = await connected(open("phoenix"));
    const gone = event(socket, "disconnect");
    const again = event(socket, "connect");
    socket.emit("drop");
    assert.equal((await gone)[0], "transport close");
    await again;
    assert.deepEqual(await ask(socket, "who"), ["phoenix"]);
    assert.deepEqual(await ask(watcher, "why", "phoenix"), ["forced server close"]);
    socket.disconnect();
  },

  async "disconnect reasons on both sides"(watcher) {
    const leaver = await connected(open("leaver"));
    const left = event(leaver, "disconnect");
    leaver.disconnect();
    assert.equal((await left)[0], "io client disconnect");
    assert.deepEqual(await ask(watcher, "why", "leaver"), ["client namespace disconnect"]);

    const kicked = await connected(open("kicked"));
    const out = event(kicked, "disconnect");
    kicked.emit("kick");
    assert.equal((await out)[0], "io server disconnect");
    assert.deepEqual(await ask(watcher, "why", "kicked"), ["server namespace disconnect"]);
    kicked.close();

    const cut = await connected(open("cut", { options: { reconnection: false } }));
    await upgraded(cut);
    const closed = event(cut, "disconnect");
    cut.io.engine.close();
    assert.equal((await closed)[0], "forced close");
    assert.deepEqual(await ask(watcher, "why", "cut"), ["transport close"]);
  },
};

const shared = await connected(open("shared"));
for (const [name, run] of Object.entries(steps)) {
  step = name;
  await run(shared);
}
shared.disconnect();
console.log(`socket.io-client ${version} on ${transport}: ${Object.keys(steps).length} steps`);
process.exit(0);

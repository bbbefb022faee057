// Somebody at The Circle, by either generation of the client and at either face, who remembers what they were told.
import assert from "node:assert/strict";
import io2 from "client2";
import { io as io4 } from "client4";
import { until } from "../chat/parlor.mjs";

/** Every way in which an old front end reaches the server. */
export const WAYS = [
  { generation: 2, face: "/circle" },
  { generation: 2, face: "/" },
  { generation: 4, face: "/circle" },
  { generation: 4, face: "/" },
];

const open = [];

export class Visitor {
  static async arrive(parlor, { generation = 4, face = "/circle", transports = ["websocket"] } = {}) {
    const visitor = new Visitor();
    Object.assign(visitor, { generation, heard: [] });
    const io = generation === 2 ? io2 : io4;
    const url = face === "/" ? parlor.url : parlor.url + face;
    visitor.socket = io(url, { transports, forceNew: true, reconnection: false });
    open.push(visitor.socket);
    for (const event of ["join_room", "join_error", "message", "message_error"]) {
      visitor.socket.on(event, (payload) => visitor.heard.push([event, payload]));
    }
    await new Promise((resolve, reject) => {
      visitor.socket.once("connect", resolve);
      visitor.socket.once("connect_error", reject);
      visitor.socket.once("error", reject);
    });
    return visitor;
  }

  /** What they were told of one kind, in order. */
  of(event) {
    return this.heard.filter(([name]) => name === event).map(([, payload]) => payload);
  }

  /** The plain strings, which are the server's. */
  strings() {
    return this.of("message").filter((message) => typeof message === "string");
  }

  /** The objects, which are other clients' and their own. */
  objects() {
    return this.of("message").filter((message) => typeof message === "object");
  }

  /** Emits, and waits until the server has handled it. */
  emit(event, ...payload) {
    return new Promise((resolve) => this.socket.emit(event, ...payload, resolve));
  }

  join(code, name) {
    return this.emit("join_group", name === undefined ? { access_code: code } : { access_code: code, name });
  }

  /** The newest room that they were told of, the first at least. */
  async inRoom(count = 1) {
    await until(`${count} rooms`, () => this.of("join_room").length >= count);
    return this.of("join_room").at(-1);
  }

  async hears(text) {
    return until(`hearing ${text}`, () =>
      this.of("message").find((message) => message === text || message.message === text),
    );
  }

  say(room, text) {
    return this.emit("message", { room, user: "me", message: text });
  }

  /**
   * Waits until everything that was decided before this call has been told: something said now comes back behind it.
   * `room` is one that they are in, or the code of the lobby in which they wait.
   */
  async settled(room) {
    const mark = `mark ${Math.random()}`;
    await this.say(room, mark);
    await this.hears(mark);
  }

  /** Waits for one more refusal of that kind and gives its text. */
  async refused(event, act) {
    const before = this.of(event).length;
    await act();
    await until(`a ${event}`, () => this.of(event).length > before);
    return this.of(event).at(-1).error;
  }

  gone() {
    this.socket.disconnect();
  }

  /** Goes, and waits until the server has noticed. Nobody else may come or go meanwhile. */
  async vanishes(parlor) {
    const before = await connections(parlor);
    this.gone();
    await until("the server to notice", async () => (await connections(parlor)) < before);
  }
}

async function connections(parlor) {
  const metrics = await (await fetch(`${parlor.url}/metrics`)).text();
  return Number(metrics.match(/^parlor_sockets_websocket_open (\d+)/m)[1]);
}

/** A group of The Circle. */
export async function makeGroup(parlor, face = "/circle", body = {}) {
  const answer = await fetch(`${parlor.url}${face === "/" ? "" : face}/groups`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name: "Night owls", description: "Who is awake?", ...body }),
  });
  assert.equal(answer.status, 200, await answer.clone().text());
  return answer.json();
}

/** Two who are put together: the one who waited, the newcomer, and their room. */
export async function pair(parlor, code, ways = [{}, {}], names = ["Ada", "Bob"]) {
  const one = await Visitor.arrive(parlor, ways[0]);
  await one.join(code, names[0]);
  const other = await Visitor.arrive(parlor, ways[1]);
  await other.join(code, names[1]);
  const [{ room }] = await Promise.all([one.inRoom(), other.inRoom()]);
  await Promise.all([one, other].map((visitor) => visitor.hears(`${names[1]} connected.`)));
  return [one, other, room];
}

// Somebody of Social Community: REST with its cookie, and sockets by either generation of the client.
import assert from "node:assert/strict";
import io2 from "client2";
import { io as io4 } from "client4";
import { until } from "../chat/parlor.mjs";

/** Every way in which a front end has its socket. */
export const WAYS = [
  { generation: 2, transports: ["polling"] },
  { generation: 2, transports: ["polling", "websocket"] },
  { generation: 4, transports: ["websocket"] },
  { generation: 4, transports: ["polling", "websocket"] },
];

let registered = 0;

export class User {
  static async register(parlor, first_name, face = "/social") {
    const user = new User();
    Object.assign(user, { parlor, face, email: `${first_name}.${registered++}@example.org` });
    const body = { first_name, last_name: "Story", email: user.email, password: "secret" };
    user.self = await user.call("POST", "/users/register", body);
    return user;
  }

  /** Another session of somebody. */
  async signIn(parlor, email, face = "/social") {
    Object.assign(this, { parlor, face, email });
    this.self = await this.call("POST", "/users/login", { email, password: "secret" });
    return this;
  }

  /** A call that must be answered with this status; gives what is in the envelope. */
  async call(method, path, body, status = 200) {
    const answer = await fetch(`${this.parlor.url}${this.face}${path}`, {
      method,
      headers: { ...(this.cookie && { cookie: this.cookie }), ...(body && { "content-type": "application/json" }) },
      body: body && JSON.stringify(body),
    });
    const [set] = answer.headers.getSetCookie();
    if (set) this.cookie = set.split(";")[0];
    const envelope = await answer.json();
    assert.equal(answer.status, status, `${method} ${path}: ${JSON.stringify(envelope)}`);
    assert.equal(envelope.status, status);
    return envelope.data;
  }

  /** The same person in Parlor's own interface. */
  get token() {
    return this.cookie.split("=")[1];
  }

  async socket(way = WAYS[2], cookie = this.cookie) {
    return Ear.open(this.parlor, way, cookie);
  }

  say(group, message) {
    return this.call("POST", "/messages", { group_fk: group.id, message });
  }
}

/** A socket that remembers what it heard. */
export class Ear {
  static async open(parlor, { generation, transports }, cookie, options = {}) {
    const ear = new Ear();
    ear.heard = [];
    const io = generation === 2 ? io2 : io4;
    ear.socket = io(`${parlor.url}/social`, {
      transports,
      forceNew: true,
      reconnection: false,
      ...(cookie && { extraHeaders: { cookie } }),
      ...options,
    });
    ear.socket.on("message", (message) => ear.heard.push(message));
    await new Promise((resolve, reject) => {
      for (const [event, then] of [["connect", resolve], ["connect_error", reject], ["error", reject]]) {
        ear.socket.once(event, then);
      }
    });
    return ear;
  }

  /** Emits, and gives the envelope of the acknowledgement. */
  emit(event, payload) {
    return new Promise((resolve) => this.socket.emit(event, payload, resolve));
  }

  async must(status, event, payload) {
    const envelope = await this.emit(event, payload);
    assert.equal(envelope.status, status, `${event} ${JSON.stringify(payload)}: ${JSON.stringify(envelope)}`);
    assert.deepEqual(envelope.data, {});
    assert.ok(envelope.message);
  }

  hears(text) {
    return until(`hearing ${text}`, () => this.heard.find((heard) => heard.message === text));
  }

  /** The texts that it heard, in order. */
  get texts() {
    return this.heard.map((heard) => heard.message);
  }
}

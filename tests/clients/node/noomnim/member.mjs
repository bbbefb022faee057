// Somebody on Noomnim, by either generation of the client and at either face, who remembers what they were told.
import assert from "node:assert/strict";
import io2 from "client2";
import { io as io4 } from "client4";
import { until } from "../chat/parlor.mjs";

/** Every way in which an old front end reaches the server. */
export const WAYS = [
  { generation: 2, face: "/noomnim" },
  { generation: 2, face: "/" },
  { generation: 4, face: "/noomnim" },
  { generation: 4, face: "/" },
];

const EVENTS = [
  "user_created",
  "user_found",
  "name_not_found",
  "group_created",
  "group_already_created",
  "join_success",
  "join_error",
  "leave_success",
  "leave_error",
  "message_sent",
  "group_not_join",
  "group_not_found",
  "group not found",
  "user_visited",
  "already_in_the_group",
  "enter_group",
];

export const ID = /^[0-9a-f]{24}$/;
export const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
export const NOT_FOUND = { Error: "User could not be found." };
export const NO_GROUP = { Error: "Group that user selects can not be found." };
export const NOT_IN = { Error: "User is not in the group." };

export class Member {
  static async arrive(parlor, { generation = 4, face = "/noomnim", transports = ["websocket"] } = {}) {
    const member = new Member();
    member.heard = [];
    const io = generation === 2 ? io2 : io4;
    const url = face === "/" ? parlor.url : parlor.url + face;
    member.socket = io(url, { transports, forceNew: true, reconnection: false });
    for (const event of EVENTS) member.socket.on(event, (payload) => member.heard.push([event, payload]));
    await new Promise((resolve, reject) => {
      member.socket.once("connect", resolve);
      member.socket.once("connect_error", reject);
      member.socket.once("error", reject);
    });
    return member;
  }

  /** Arrives under a name. */
  static async named(parlor, username, way = {}, password = undefined) {
    const member = await Member.arrive(parlor, way);
    member.username = username;
    await member.emit("find_user", { username, password });
    return member;
  }

  /** Emits, and waits until the server has handled it. */
  emit(event, ...payload) {
    return new Promise((resolve) => this.socket.emit(event, ...payload, resolve));
  }

  /** Emits something about a group under their own name. */
  do(event, group_name, more = {}) {
    return this.emit(event, { username: this.username, group_name, ...more });
  }

  /** Emits, and answers with all that was told meanwhile but messages. */
  async answers(event, group_name, more) {
    const from = this.heard.length;
    await this.do(event, group_name, more);
    return this.heard.slice(from).filter(([name]) => name !== "message_sent");
  }

  say(group_name, text) {
    return this.do("send_message", group_name, { text });
  }

  /** What they were told of one kind, in order. */
  of(event) {
    return this.heard.filter(([name]) => name === event).map(([, payload]) => payload);
  }

  messages() {
    return this.of("message_sent");
  }

  texts() {
    return this.messages().map(({ text }) => text);
  }

  hears(text) {
    return until(`${this.username} to hear ${text}`, () => this.messages().find((message) => message.text === text));
  }

  gone() {
    this.socket.close();
  }
}

/** That a list has no two of the same. */
export function allDifferent(list) {
  assert.equal(new Set(list).size, list.length, "something came twice");
}

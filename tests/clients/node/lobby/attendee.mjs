// Somebody in a lobby over /v1, who remembers what they were told.
import { ask, until } from "../chat/parlor.mjs";

export class Attendee {
  static async arrive(parlor, person) {
    const attendee = new Attendee();
    Object.assign(attendee, { parlor, person, lines: [], ended: [], left: [], signals: [], rooms: [] });
    await attendee.connect();
    return attendee;
  }

  async connect() {
    this.socket = await this.parlor.socket(this.person);
    this.socket.on("room", (room) => {
      this.room = room;
      if (!this.rooms.includes(room.room)) this.rooms.push(room.room);
    });
    this.socket.on("room_message", (line) => this.lines.push(line));
    this.socket.on("room_signal", (signal) => this.signals.push(signal));
    this.socket.on("room_left", (left) => this.left.push(left));
    this.socket.on("room_ended", (ended) => {
      this.ended.push(ended);
      if (this.room?.room === ended.room) this.room = undefined;
    });
    this.socket.on("lobby_state", (state) => (this.state = state));
    this.socket.on("lobby_left", (left) => (this.out = left));
  }

  enter(group) {
    return ask(this.socket, "lobby_enter", { group: group.id });
  }

  say(text, room = this.room.room) {
    return ask(this.socket, "room_send", { room, text });
  }

  async inRoom() {
    return until("a room", () => this.room);
  }

  async hears(text) {
    return until(`hearing ${text}`, () => this.lines.find((line) => line.text === text));
  }

  async refused(name, body, code, field) {
    const answer = await this.socket.emitWithAck(name, body);
    if (answer.ok || answer.error.code !== code || answer.error.field !== field) {
      throw new Error(`${name} ${JSON.stringify(body)}: ${JSON.stringify(answer)}, not ${code} ${field ?? ""}`);
    }
  }

  gone() {
    this.room = undefined;
    this.socket.disconnect();
  }
}

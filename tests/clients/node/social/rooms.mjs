// The socket events of Social Community, with both generations of the client: who may join, what is passed on, what is
// announced, and that nothing comes after a membership or a session has ended.
import assert from "node:assert/strict";
import { Parlor, done } from "../chat/parlor.mjs";
import { Ear, User, WAYS } from "./user.mjs";

const parlor = await Parlor.start();

for (const way of WAYS) {
  const [ada, bob, eve] = await Promise.all(["Ada", "Bob", "Eve"].map((name) => User.register(parlor, name)));
  const group = await ada.call("POST", "/groups", { name: "Rooms" });
  const place = await ada.call("POST", "/members", { group_fk: group.id, member_fk: bob.self.id });
  const room = group.id;

  // Who is a member joins; the cookie of the handshake says who, and nothing else does.
  const [adas, bobs, eves] = await Promise.all([ada, bob, eve].map((user) => user.socket(way)));
  const nobody = await Ear.open(parlor, way, undefined);
  await adas.must(200, "join", { room });
  await adas.must(200, "join", { room });
  await bobs.must(200, "join", JSON.stringify({ room: `${room}` }));
  await eves.must(404, "join", { room });
  await eves.must(404, "join", { room: 999_999, user: ada.self.id });
  await nobody.must(401, "join", { room });
  for (const wrong of [{}, { room: null }, [], "room", 7]) await adas.must(400, "join", wrong);
  for (const wrong of [{ room: "x" }, { room: [room] }, { room: -1 }, { room: 0 }]) await adas.must(404, "join", wrong);

  // An object is passed on as it came, to all who joined, once. Who is no member says nothing.
  const odd = { room, user: "Grüße 🐍", message: "as it came", n: 1.5, deep: [{ a: null }] };
  await bobs.must(200, "message", odd);
  await eves.must(404, "message", { room, message: "let me in" });
  await nobody.must(401, "message", { room, message: "me too" });
  await bobs.must(400, "message", "as it came");
  for (const ear of [adas, bobs]) {
    await ear.hears("as it came");
    assert.deepEqual(ear.heard, [odd]);
  }

  // What is posted is announced, and so is what is sent natively; in the order of the log.
  const posted = await bob.say(group, "posted");
  const native = { client_id: "1", text: "sent natively" };
  await parlor.call("POST", `/groups/${room}/messages`, { token: ada.token, body: native });
  for (let number = 0; number < 20; number++) await (number % 2 ? ada : bob).say(group, `number ${number}`);
  for (const ear of [adas, bobs]) {
    await ear.hears("number 19");
    const { room: announced, ...message } = ear.heard[1];
    assert.equal(announced, room);
    assert.deepEqual(message, posted);
    assert.deepEqual(ear.texts.slice(1), [
      "posted",
      "sent natively",
      ...Array.from({ length: 20 }, (_, number) => `number ${number}`),
    ]);
  }
  assert.deepEqual([eves.heard, nobody.heard], [[], []]);

  // Who leaves hears no more, and who comes back hears again.
  const before = bobs.heard.length;
  await bobs.must(200, "leave", { room });
  await ada.say(group, "without Bob");
  await adas.hears("without Bob");
  await bobs.must(200, "join", { room });
  await ada.say(group, "with Bob");
  await bobs.hears("with Bob");
  assert.equal(bobs.heard.length, before + 1);

  // A membership ends, and a session.
  const second = await ada.socket(way);
  await second.must(200, "join", { room });
  await ada.call("DELETE", `/members/${place.id}`);
  await ada.say(group, "Bob is gone");
  await second.hears("Bob is gone");
  await bobs.must(404, "join", { room });
  await bobs.must(404, "message", { room, message: "I am back" });
  const other = await new User().signIn(parlor, ada.email);
  await ada.call("GET", "/users/logout");
  await second.must(401, "join", { room });
  const others = await other.socket(way);
  await others.must(200, "join", { room });
  await other.say(group, "after the session");
  await others.hears("after the session");
  await others.must(200, "message", { room, message: "the last word" });
  await others.hears("the last word");
  for (const ear of [bobs, second]) {
    // Everything that was on its way to it has come before this answer.
    await ear.must(200, "leave", { room });
    assert.ok(!ear.texts.includes("after the session") && !ear.texts.includes("the last word"));
  }
  assert.ok(!bobs.texts.includes("Bob is gone") && !bobs.texts.includes("I am back"));
  for (const ear of [adas, bobs, eves, nobody, second, others]) ear.socket.disconnect();

  // A page elsewhere may have a socket, but its cookie counts only where the page is named.
  for (const [origin, status] of [["https://evil.example", 401], ["http://localhost:3000", 200], [parlor.url, 200]]) {
    const page = await Ear.open(parlor, way, undefined, { extraHeaders: { cookie: other.cookie, origin } });
    await page.must(status, "join", { room });
    await page.must(status, "message", { room, message: "from a page" });
    page.socket.disconnect();
  }
}

await done(parlor);

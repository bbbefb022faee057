// Two of Social Community and one in Parlor's own client: the same group, the same messages, the same player.
import assert from "node:assert/strict";
import { Parlor, ask, done, open, until } from "../chat/parlor.mjs";
import { User } from "./user.mjs";

const parlor = await Parlor.start();

for (const face of ["/social", "", "/social/api/v1"]) {
  const [ada, bob] = [await User.register(parlor, "Ada", face), await User.register(parlor, "Bob", face)];
  const { id } = await ada.call("POST", "/groups", { name: "Cinema" });
  await ada.call("POST", "/members", { group_fk: id, member_fk: bob.self.id });

  // Grace comes with the code, as to any group.
  const grace = await parlor.person(`grace${face.length}`);
  const { group } = await parlor.call("GET", `/groups/${id}`, { token: ada.token });
  await parlor.call("POST", "/groups/join", { token: grace.token, body: { access_code: group.access_code } });
  const hers = await parlor.socket(grace);
  const events = [];
  hers.on("event", (event) => events.push(event));
  await open(hers, group);
  const bobs = await bob.socket();
  await bobs.must(200, "join", { room: id });

  const said = await ada.say({ id }, "which one?");
  await until("Grace to read it", () => events.find((event) => event.data.text === "which one?"));
  await ask(hers, "send", { group: id, client_id: "1", text: "the long one" });
  await bobs.hears("the long one");
  await ada.call("PUT", `/messages/${said.id}`, { message: "which film?" });
  await until("the edit", () => events.find((event) => event.type === "edit" && event.data.text === "which film?"));
  await ada.call("DELETE", `/messages/${said.id}`);
  await until("the deletion", () => events.find((event) => event.type === "delete"));
  const texts = (await bob.call("GET", `/messages?group_fk=${id}`)).map((message) => message.message);
  assert.deepEqual(texts, ["the long one"]);

  // What one of them puts on, all watch; and what is done to the player is done for all.
  const watch = await ask(hers, "watch_open", { group: id });
  assert.equal(watch.item ?? null, null);
  const film = "https://a.example/the-long-one.mp4";
  const player = await bob.call("POST", "/players", { group_fk: id, name: film });
  assert.deepEqual([player.id, player.name], [id, film]);
  const loaded = await until("the film", () => events.find((event) => event.data.change === "loaded"));
  assert.equal(loaded.data.item.source, film);
  const other = "https://a.example/the-short-one.mp4";
  const load = { group: id, client_id: "2", seen: loaded.data.play.rev, do: "load", media: { source: other } };
  await ask(hers, "player_command", load);
  const [now] = await ada.call("GET", `/players?group_fk=${id}`);
  assert.equal(now.name, other);
  for (const socket of [hers, bobs.socket]) socket.disconnect();
}

await done(parlor);

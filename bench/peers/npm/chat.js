// Peer of the chat bench: npm socket.io with a SQLite table, one durable transaction per message.
// `node chat.js PORT FOLDER`. The events `open` and `send` of namespace /v1 have the shape of Parlor's.
const { createServer } = require("node:http");
const path = require("node:path");
const Database = require("better-sqlite3");
const { Server } = require("socket.io");

const db = new Database(path.join(process.argv[3], "chat.db"));
db.pragma("journal_mode = WAL");
db.pragma("synchronous = FULL");
db.exec(`CREATE TABLE IF NOT EXISTS messages (
  group_id INTEGER, seq INTEGER, at TEXT, author TEXT, client_id TEXT, text TEXT,
  PRIMARY KEY (group_id, seq), UNIQUE (author, group_id, client_id)) WITHOUT ROWID`);
const head = db.prepare("SELECT coalesce(max(seq), 0) AS seq FROM messages WHERE group_id = ?");
const insert = db.prepare("INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?)");
const append = db.transaction((group, at, author, clientId, text) => {
  const seq = head.get(group).seq + 1;
  insert.run(group, seq, at, author, clientId, text);
  return seq;
});

const http = createServer();
const chat = new Server(http, { transports: ["websocket"] }).of("/v1");
chat.on("connection", (socket) => {
  const by = socket.handshake.auth.token;
  socket.on("open", ({ groups }, ack) => {
    for (const { id } of groups) socket.join(`group-${id}`);
    ack({ ok: true, groups: groups.map(({ id }) => ({ id, epoch: 1, head: head.get(id).seq, events: [] })) });
  });
  socket.on("send", ({ group, client_id, text }, ack) => {
    const at = new Date().toISOString();
    const seq = append(group, at, by, client_id, text);
    const event = { group, epoch: 1, seq, at, by, type: "message", data: { text, client_id, reply_to: null } };
    chat.to(`group-${group}`).emit("event", event);
    ack({ ok: true, event, duplicate: false });
  });
});
http.listen(Number(process.argv[2]), "127.0.0.1");

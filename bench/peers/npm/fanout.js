// Peer of the fan-out bench: npm socket.io, everybody in one room. `node fanout.js PORT`
const { createServer } = require("node:http");
const { Server } = require("socket.io");

const http = createServer();
const io = new Server(http, { transports: ["websocket"] });
io.on("connection", (socket) => {
  socket.join("room");
  socket.on("message", (...args) => io.to("room").emit("message", ...args));
});
http.listen(Number(process.argv[2]), "127.0.0.1");

"""Peer of the chat bench: Flask-SocketIO on gevent with a SQLite table, one durable transaction per message.

`python chat.py PORT FOLDER`. The events `open` and `send` of namespace /v1 have the shape of Parlor's.
"""

from gevent import monkey

monkey.patch_all()

import logging
import os
import sqlite3
import sys
from datetime import datetime, timezone

from flask import Flask, request
from flask_socketio import SocketIO, emit, join_room

logging.getLogger("geventwebsocket").setLevel(logging.ERROR)
app = Flask(__name__)
socketio = SocketIO(app, async_mode="gevent", transports=["websocket"])
authors = {}

db = sqlite3.connect(os.path.join(sys.argv[2], "chat.db"), isolation_level=None)
db.execute("PRAGMA journal_mode = WAL")
db.execute("PRAGMA synchronous = FULL")
db.execute(
    """CREATE TABLE IF NOT EXISTS messages (
    group_id INTEGER, seq INTEGER, at TEXT, author TEXT, client_id TEXT, text TEXT,
    PRIMARY KEY (group_id, seq), UNIQUE (author, group_id, client_id)) WITHOUT ROWID"""
)


def head(group):
    return db.execute("SELECT coalesce(max(seq), 0) FROM messages WHERE group_id = ?", (group,)).fetchone()[0]


@socketio.on("connect", namespace="/v1")
def connect(auth):
    authors[request.sid] = auth["token"]


@socketio.on("open", namespace="/v1")
def open_groups(call):
    for group in call["groups"]:
        join_room(f"group-{group['id']}")
    items = [{"id": g["id"], "epoch": 1, "head": head(g["id"]), "events": []} for g in call["groups"]]
    return {"ok": True, "groups": items}


@socketio.on("send", namespace="/v1")
def send(call):
    group, client_id, text = call["group"], call["client_id"], call["text"]
    by = authors[request.sid]
    at = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
    db.execute("BEGIN IMMEDIATE")
    seq = head(group) + 1
    db.execute("INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?)", (group, seq, at, by, client_id, text))
    db.execute("COMMIT")
    data = {"text": text, "client_id": client_id, "reply_to": None}
    event = {"group": group, "epoch": 1, "seq": seq, "at": at, "by": by, "type": "message", "data": data}
    emit("event", event, to=f"group-{group}", namespace="/v1")
    return {"ok": True, "event": event, "duplicate": False}


if __name__ == "__main__":
    socketio.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_output=False)

"""Peer of the fan-out bench: Flask-SocketIO on gevent, everybody in one room. `python fanout.py PORT`"""

from gevent import monkey

monkey.patch_all()

import logging
import sys

from flask import Flask
from flask_socketio import SocketIO, emit, join_room

logging.getLogger("geventwebsocket").setLevel(logging.ERROR)
app = Flask(__name__)
socketio = SocketIO(app, async_mode="gevent", transports=["websocket"])


@socketio.on("connect")
def connect():
    join_room("room")


@socketio.on("message")
def message(text):
    emit("message", text, to="room")


if __name__ == "__main__":
    socketio.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_output=False)

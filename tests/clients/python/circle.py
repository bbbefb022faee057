"""Somebody at The Circle with python-socketio 4 or 5: `circle.py URL FACE CODE`.

Is put together with the one who waits, says hello, is answered, and leaves."""

import queue
import sys

import socketio


def main(url: str, face: str, code: str) -> None:
    client = socketio.Client(reconnection=False)
    heard: queue.Queue = queue.Queue()
    for event in ["join_room", "join_error", "message", "message_error"]:
        client.on(event, lambda payload, event=event: heard.put((event, payload)), namespace=face)
    client.connect(url, namespaces=[face])
    client.emit("join_group", {"access_code": code, "name": "Py"}, namespace=face)

    def expect(*expected):
        got = heard.get(timeout=20)
        assert got == expected, (got, expected)

    event, joined = heard.get(timeout=20)
    assert (event, joined["user"], joined["match"]["name"]) == ("join_room", "Py", "Ada"), (event, joined)
    room = joined["room"]
    expect("message", "Py connected.")
    said = {"room": room, "user": "Py", "message": "hello from Python", "ünï": "🐍"}
    client.emit("message", said, namespace=face)
    expect("message", said)
    expect("message", {"room": room, "user": "me", "message": "hello from JavaScript"})
    client.emit("leave", {"room": room}, namespace=face)
    client.emit("message", said, namespace=face)
    event, refused = heard.get(timeout=20)
    assert (event, refused["error"]) == ("message_error", "you are not in that room"), (event, refused)
    client.disconnect()


main(sys.argv[1], sys.argv[2], sys.argv[3])

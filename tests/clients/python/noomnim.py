"""Somebody on Noomnim with python-socketio 4 or 5: `noomnim.py URL FACE GROUP`.

Comes into the group, says hello, is answered, reads what there is, and leaves."""

import json
import queue
import sys

import socketio

EVENTS = ["user_created", "join_success", "join_error", "message_sent", "user_visited", "enter_group", "leave_success"]


def main(url: str, face: str, group: str) -> None:
    client = socketio.Client(reconnection=False)
    heard: queue.Queue = queue.Queue()
    for event in EVENTS:
        client.on(event, lambda payload, event=event: heard.put((event, payload)), namespace=face)
    client.connect(url, namespaces=[face])
    name = f"Py of {group}"

    def expect(event):
        got = heard.get(timeout=20)
        assert got[0] == event, (got, event)
        return got[1]

    def emit(event, **more):
        client.emit(event, {"username": name, "group_name": group, **more}, namespace=face)

    client.emit("find_user", json.dumps({"username": name}), namespace=face)
    assert expect("user_created")["group_list"] == []
    emit("join_group")
    assert expect("join_success")["group_name"] == group
    emit("visit_group")
    assert expect("user_visited")["current_group"] == group
    emit("send_message", text="hello from Python")
    first = expect("message_sent")
    assert (first["username"], first["text"]) == (name, "hello from Python"), first
    second = expect("message_sent")
    assert second["text"] == "hello from JavaScript" and second["_id"] > first["_id"], second
    emit("enter_group")
    unread, read = expect("enter_group")
    assert [message["text"] for message in unread] == ["hello from Python", "hello from JavaScript"], unread
    assert read == [], read
    emit("leave_group")
    assert expect("leave_success")["group_name"] == group
    client.disconnect()


main(sys.argv[1], sys.argv[2], sys.argv[3])

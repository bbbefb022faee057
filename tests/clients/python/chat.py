"""A chat with python-socketio 5 against a parlor process: `chat.py URL TOKEN GROUP`.

Opens the group from its beginning, sends, is acknowledged, and hears itself and everything before, in order."""

import asyncio
import sys

import socketio


async def main(url: str, token: str, group: int) -> None:
    client = socketio.AsyncClient(reconnection=False)
    heard = []
    client.on("event", heard.append, namespace="/v1")
    await client.connect(url, auth={"token": token}, namespaces=["/v1"])

    async def ask(name, body):
        answer = await client.call(name, body, namespace="/v1", timeout=20)
        assert answer["ok"], (name, answer)
        return answer

    opened = (await ask("open", {"groups": [{"id": group}]}))["groups"][0]
    for number in range(100):
        sent = await ask("send", {"group": group, "client_id": f"py-{number}", "text": f"Grüße {number} 🐍"})
        assert not sent["duplicate"]
    repeated = await ask("send", {"group": group, "client_id": "py-0", "text": "Grüße 0 🐍"})
    assert repeated["duplicate"]
    async with asyncio.timeout(20):
        while len(heard) < 100:
            await asyncio.sleep(0.01)
    assert [event["seq"] for event in heard] == list(range(opened["head"] + 1, opened["head"] + 101)), heard
    assert heard[-1]["data"]["text"] == "Grüße 99 🐍"
    after = {"epoch": opened["epoch"], "seq": opened["head"]}
    again = (await ask("open", {"groups": [{"id": group, "after": after}]}))["groups"][0]
    assert again["events"] == heard
    refused = await client.call("send", {"group": group, "client_id": "py-0", "text": "x"}, namespace="/v1")
    assert refused["error"]["code"] == "client_id_reused", refused
    await client.disconnect()


asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))

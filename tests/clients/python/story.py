"""The story of one Python client on one transport, against the server of
crates/socketio/tests/real_clients.rs: `python story.py <4|5> <polling|websocket|upgrade> <url>`.

Exits with 0, or says which step failed. Most steps use the asyncio client: the threaded one handles
each message in a thread of its own, so that no order could be seen through it; it has one step."""

import asyncio
import sys
import traceback

import socketio

VERSION, TRANSPORT, URL = sys.argv[1:4]
TRANSPORTS = {"polling": ["polling"], "websocket": ["websocket"], "upgrade": ["polling", "websocket"]}[TRANSPORT]
OPTIONS = {"reconnection_delay": 0.02, "reconnection_delay_max": 0.04, "randomization_factor": 0}
DEADLINE = 10


class Story:
    """A client that keeps what it hears, so that a step can wait for it."""

    def __init__(self, name, namespaces=("/",), token="right", **options):
        self.name, self.namespaces, self.token = name, list(namespaces), token
        self.client = socketio.AsyncClient(**{**OPTIONS, **options})
        self.heard = {}
        self.answers = {}
        for namespace in self.namespaces:
            for event in ("connect", "connect_error", "disconnect"):
                self.listen(event, namespace)

    def inbox(self, event, namespace="/"):
        return self.heard.setdefault((namespace, event), asyncio.Queue())

    def listen(self, event, namespace="/", answer=None):
        inbox = self.inbox(event, namespace)

        def handler(*args):
            inbox.put_nowait(args)
            return answer(*args) if answer else None

        self.client.on(event, handler, namespace=namespace)

    async def event(self, event, namespace="/"):
        try:
            return await asyncio.wait_for(self.inbox(event, namespace).get(), DEADLINE)
        except asyncio.TimeoutError:
            raise AssertionError(f'{self.name}: no "{event}" within {DEADLINE} s') from None

    async def dial(self):
        more = {} if VERSION == "4" else {"auth": {"token": self.token}, "wait_timeout": DEADLINE}
        namespaces = [each for each in self.namespaces if VERSION == "5" or each != "/"]
        await self.client.connect(
            f"{URL}/?name={self.name}&token={self.token}", transports=TRANSPORTS, namespaces=namespaces, **more
        )

    async def connect(self):
        await self.dial()
        for namespace in self.namespaces:
            await self.event("connect", namespace)
        return self

    async def ask(self, event, *args, namespace="/"):
        answered = asyncio.get_running_loop().create_future()
        await self.client.emit(event, args, namespace=namespace, callback=lambda *answer: answered.set_result(answer))
        return await asyncio.wait_for(answered, DEADLINE)

    async def emit(self, event, *args, namespace="/"):
        await self.client.emit(event, args, namespace=namespace)

    async def close(self):
        await self.client.disconnect()


def equal(seen, expected):
    assert seen == expected, f"saw {seen!r:.300}, expected {expected!r:.300}"


def reason(args, expected):
    """Only 5.x says why."""
    equal(args, (expected,) if VERSION == "5" else ())


async def connect(_shared):
    story = await Story("connect").connect()
    equal(await story.ask("who"), ("connect",))
    equal(story.client.transport() if VERSION == "5" else story.client.eio.transport(), TRANSPORTS[-1])
    await story.close()


async def refuse_with_data(_shared):
    for namespace in ("/", "/admin") if VERSION == "5" else ("/",):
        story = Story("refused", [namespace], token="wrong")
        if VERSION == "5":
            try:
                await story.dial()
                raise AssertionError("the refusal was not seen")
            except socketio.exceptions.ConnectionError:
                pass
            equal(await story.event("connect_error", namespace), ({"message": "not you", "data": {"code": 7}},))
        else:
            await story.dial()
            equal(await story.event("connect_error"), ({"code": 7},))
        await story.client.eio.disconnect()


async def events_and_unicode(story):
    story.listen("echoed")
    cases = [(), (1, "two", [3], {"four": None}), ("ñ 日本語 \u0000\ufeff",), ("",), ("x" * 100_000,), ("🎉 𝒳",)]
    for args in cases:
        await story.emit("echo", *args)
        equal(await story.event("echoed"), args)
    equal(await story.ask("🎉 event", "🎉"), ("🎉 event", "🎉"))


async def acknowledgements_both_ways(story):
    equal(await story.ask("ask", 1, {"b": ["🎉"]}), (1, {"b": ["🎉"]}))
    story.listen("question", answer=lambda *args: tuple([value] for value in args))
    story.listen("answered")
    await story.emit("ask-back", 1, "two")
    equal(await story.event("answered"), ([1], ["two"]))


async def binary_both_ways(story):
    # 4.x reads empty bytes as None.
    empty = b"" if VERSION == "5" else b"-"
    for args in [(b"\1\2\3",), ({"a": empty, "b": [b"\xff", "text"]}, b"\0"), (b"\7" * 200_000,)]:
        await story.emit("echo", *args)
        equal(await story.event("echoed"), args)
        equal(await story.ask("ask", *args), args)
        story.listen("question", answer=lambda *asked: asked)
        await story.emit("ask-back", *args)
        equal(await story.event("answered"), args)


async def rooms(story):
    other = Story("other")
    other.listen("said")
    other.listen("said-to-all")
    story.listen("said")
    await other.connect()
    await other.ask("say", "den", "nobody is in it")
    equal(await other.ask("join", "den"), (True,))
    equal(await story.ask("join", "den"), (True,))
    await story.ask("say", "den", "one")
    await story.ask("say", "another den", "not heard")
    await other.ask("leave", "den")
    await story.ask("say", "den", "after leaving")
    await story.emit("say-to-all", "everybody")
    equal(await other.event("said-to-all"), ("everybody",))
    equal(await other.event("said"), ("one",))
    assert other.inbox("said").empty() and story.inbox("said").empty()
    await other.close()


async def volatile(story):
    # On long-polling there may be no poll in this moment, and a volatile event is then dropped.
    story.listen("maybe")
    for attempt in range(1000):
        await story.ask("volatile", attempt)
        if not story.inbox("maybe").empty():
            return
    raise AssertionError("not one of 1000 volatile events arrived")


async def two_hundred_in_order(_shared):
    total = 200
    story = Story("busy")
    story.listen("down")
    await story.connect()
    for number in range(4):
        await story.emit("up", number)
    for number in range(total):
        equal(await story.event("down"), (number,))
        if number + 4 < total:
            await story.emit("up", number + 4)
    equal(await story.ask("up-report"), ({"count": total, "ordered": True},))
    await story.close()


async def bursts_of_200(_shared):
    total = 200
    story = Story("burst")
    story.listen("down")
    await story.connect()
    await story.emit("burst", total)
    for number in range(total):
        await story.emit("up", total + number)
    for number in range(2 * total):
        equal(await story.event("down"), (number,))
    equal(await story.ask("up-report"), ({"count": total, "ordered": True},))
    await story.close()


async def namespaces(_shared):
    both = Story("both", ["/", "/admin"])
    both.listen("echoed", "/admin")
    await both.connect()
    equal(await both.ask("where", namespace="/admin"), ("/admin",))
    equal(await both.ask("where"), ("/",))
    await both.emit("echo", b"\t", namespace="/admin")
    equal(await both.event("echoed", "/admin"), (b"\t",))
    await both.emit("kick", namespace="/admin")
    reason(await both.event("disconnect", "/admin"), "server disconnect")
    equal(await both.ask("where"), ("/",))
    await both.close()


async def reconnect(watcher):
    story = await Story("phoenix").connect()
    await story.emit("drop")
    if TRANSPORT == "polling":
        # These clients take the packet `close` for a goodbye and stay away, whatever server says it.
        reason(await story.event("disconnect"), "server disconnect")
        while story.client.eio.state != "disconnected":
            await asyncio.sleep(0)
        await story.dial()
    else:
        reason(await story.event("disconnect"), "transport error")
    await story.event("connect")
    equal(await story.ask("who"), ("phoenix",))
    equal(await watcher.ask("why", "phoenix"), ("forced server close",))
    await story.close()


async def disconnect_reasons(watcher):
    leaver = await Story("leaver").connect()
    await leaver.close()
    if VERSION == "5":
        reason(await leaver.event("disconnect"), "client disconnect")
    # On websocket these clients may close the stream before what they wrote last has left; 4.x on
    # long-polling forgets itself even while its goodbye is on the way.
    if (VERSION, TRANSPORT) != ("4", "polling"):
        (why,) = await watcher.ask("why", "leaver")
        assert why in ("client namespace disconnect", "transport close"), why
    kicked = await Story("kicked").connect()
    await kicked.emit("kick")
    reason(await kicked.event("disconnect"), "server disconnect")
    equal(await watcher.ask("why", "kicked"), ("server namespace disconnect",))
    await kicked.close()
    cut = await Story("cut", reconnection=False).connect()
    await cut.client.eio.disconnect()
    reason(await cut.event("disconnect"), "client disconnect")
    equal(await watcher.ask("why", "cut"), ("transport close",))


async def the_threaded_client(_shared):
    def run():
        client = socketio.Client(**OPTIONS)
        more = {} if VERSION == "4" else {"auth": {"token": "right"}, "namespaces": ["/"]}
        client.connect(f"{URL}/?name=threads&token=right", transports=TRANSPORTS, **more)
        equal(client.call("ask", ("🎉", b"\1"), timeout=DEADLINE), ("🎉", b"\1"))
        client.disconnect()

    await asyncio.to_thread(run)


STEPS = [
    connect,
    refuse_with_data,
    events_and_unicode,
    acknowledgements_both_ways,
    binary_both_ways,
    rooms,
    volatile,
    two_hundred_in_order,
    bursts_of_200,
    namespaces,
    reconnect,
    disconnect_reasons,
    the_threaded_client,
]


async def main():
    shared = await Story("shared").connect()
    for step in STEPS:
        try:
            await asyncio.wait_for(step(shared), 30)
        except BaseException:
            traceback.print_exc()
            print(f'FAILED python-socketio {VERSION} on {TRANSPORT}, step "{step.__name__}"', file=sys.stderr)
            sys.exit(1)
    await shared.close()
    print(f"python-socketio {VERSION} on {TRANSPORT}: {len(STEPS)} steps")


asyncio.run(main())

"""What is measured beside the table: a context that the hub has kept, against nginx with a file of the same bytes; the
same context of forty systems under TLS, by HTTP/2 and by HTTP/1.1; the same over one connection, HTTP/2 in the clear,
against the floor; memory, idle and with a thousand clients."""
import contextlib
import http.client
import json
import pathlib
import statistics
import tempfile
import time

import files
import measure
import peers
import report

SYSTEMS = 40
IDLE_CLIENTS = 1000
BUSY_CLIENTS = 32
KEPT_MS = 600_000


@contextlib.contextmanager
def places(binaries, count):
    """So many, over the same systems."""
    with contextlib.ExitStack() as running:
        made = []
        for _ in range(count):
            folder = pathlib.Path(running.enter_context(tempfile.TemporaryDirectory(prefix="plugboard-bench-")))
            made.append(peers.Place(folder, binaries, measure.HERE, measure.cores(), SYSTEMS))
            running.callback(made[-1].stop)
        made[0].start_systems(0)
        for place in made[1:]:
            place.systems = made[0].systems
        yield made


def together(arms, count):
    """ARMS: name to (place, server, requests, more words). All at one time on the server's core, a few rounds."""
    figures = {name: [] for name in arms}
    for _ in range(count):
        running = {name: measure.Measuring(place, server, requests, SYSTEMS, 0.8, **more)
                   for name, (place, server, requests, more) in arms.items()}
        for name, one in running.items():
            figures[name].append(one.figures())
    return figures


def connectors(place, scheme="http", **more):
    return {name: {**peers.rest(f"{scheme}://127.0.0.1:{port}/{name}", port, ["orders"], scheme), **more}
            for name, port in place.systems.items()}


def kept(binaries, count):
    with places(binaries, 1) as (place,):
        hub = peers.start_hub(place, connectors(place, cache_ttl_ms=KEPT_MS))
        bodies = place.questions(SYSTEMS)
        contexts = [hub.ask(body) for body in bodies]
        fetched = lambda context: {name: section["fetched_at"] for name, section in json.loads(context)["sections"].items()}
        before, now = fetched(contexts[0]), fetched(hub.ask(bodies[0]))
        if anew := [name for name in now if now[name] != before[name]]:
            raise SystemExit(f"the hub asked anew what it should have kept: {[(before[n], now[n]) for n in anew[:3]]}")
        port, = files.free_ports(1)
        names = [f"context-{customer}.json" for customer in peers.CUSTOMERS]
        process, _ = files.nginx(place, "server", [port], dict(zip(names, contexts)), "@FOLDER@/access.log")
        static = peers.Server("nginx with a file", port, process, place.key)
        arms = {"hub": (place, hub, place.file_of("kept", bodies), {}),
                "file": (place, static, place.file_of("paths", [f"/{name}" for name in names]), {"method": "GET"})}
        return together(arms, count)


def secure(binaries, count):
    with places(binaries, 2) as (one, two):
        ports = files.free_ports(2 * SYSTEMS)
        by_1, by_2 = ports[:SYSTEMS], ports[SYSTEMS:]
        listen = [f"{port} ssl" for port in by_1] + [f"{port} ssl http2" for port in by_2]
        _, certificate = files.nginx(one, "systems", listen, files.documents(one))
        trust = {"upstreams": {"tls": {"ca": {"file": str(certificate)}}}}
        arms = {}
        for name, place, where in (("http/1.1", one, by_1), ("http/2", two, by_2)):
            place.systems = dict(zip(place.names, where))
            hub = peers.start_hub(place, connectors(place, "https"), **trust)
            questions = place.questions(SYSTEMS)
            if len(place.data_of(hub.ask(questions[0]))) != SYSTEMS:
                raise SystemExit(f"over {name} not all sections came")
            arms[name] = (place, hub, place.file_of("questions", questions), {})
        return together(arms, count)


def in_the_clear(binaries, count):
    """The hub over one nginx that answers for all systems, by HTTP/2 without TLS; the floor over the systems, as ever."""
    with places(binaries, 2) as (one, two):
        peers.start_hub(one, connectors(one))  # the floor goes by its sessions
        floor = peers.floor(one)
        port, = files.free_ports(1)
        files.nginx(one, "systems", [f"{port} http2"], files.documents(one))
        two.systems = dict.fromkeys(two.names, port)
        hub = peers.start_hub(two, {name: peers.rest(f"http://127.0.0.1:{port}/{name}", port, ["orders"], "h2c") for name in two.names})
        questions = two.questions(SYSTEMS)
        if len(two.data_of(hub.ask(questions[0]))) != SYSTEMS:
            raise SystemExit("over HTTP/2 in the clear not all sections came")
        return together({"floor": (one, floor, one.requests_file(SYSTEMS), {}),
                         "hub": (two, hub, two.file_of("questions", questions), {})}, count)


def resident_mb(server):
    fields = dict(line.split(":", 1) for line in pathlib.Path(f"/proc/{server.process.pid}/status").read_text(encoding="ascii").splitlines())
    return int(fields["VmRSS"].split()[0]) / 1024


def memory(binaries):
    """Each of the thousand has asked for one context, and stays."""
    with places(binaries, 1) as (place,), contextlib.ExitStack() as lines:
        hub = peers.start_hub(place, connectors(place))
        time.sleep(2)
        idle = resident_mb(hub)
        bodies = place.questions(SYSTEMS)
        words = {"Authorization": f"Bearer {place.key}", "Content-Type": "application/json"}
        for i in range(IDLE_CLIENTS):
            line = http.client.HTTPConnection("127.0.0.1", hub.port, timeout=peers.PATIENCE_S)
            lines.callback(line.close)
            line.request("POST", "/v1/context", bodies[i % len(bodies)], words)
            if line.getresponse().read().count(b'"status":"ok"') != SYSTEMS:
                raise SystemExit("one of the clients that idle got no whole context")
        busy = measure.Measuring(place, hub, place.file_of("questions", bodies), SYSTEMS, 3, at_once=BUSY_CLIENTS)
        highest = 0
        while busy.load.poll() is None:
            highest = max(highest, resident_mb(hub))
            time.sleep(0.05)
        busy.figures()
        return {"idle_mb": idle, "crowd_mb": highest}


def all_figures(binaries, quick):
    count = 3 if quick else 8
    return {"kept": kept(binaries, count), "secure": secure(binaries, count), "clear": in_the_clear(binaries, count),
            "memory": memory(binaries)}


def over(figures, one, other):
    return [mine["cpu_us"] / theirs["cpu_us"] for mine, theirs in zip(figures[one], figures[other])]


def rows(figures):
    """What is wanted, at most how much, what was reached, and of how many rounds' spread."""
    pairs = [("a kept context over nginx with a file", 1.5, over(figures["kept"], "hub", "file")),
             ("forty systems under TLS, HTTP/2 over HTTP/1.1", 1.0, over(figures["secure"], "http/2", "http/1.1")),
             ("forty systems by HTTP/2 in the clear, over the floor", 1.0, over(figures["clear"], "hub", "floor"))]
    for what, most, ratios in pairs:
        yield what, most, statistics.median(ratios), report.spread(ratios)
    yield "MiB idle with forty connectors", 25, figures["memory"]["idle_mb"], ""
    yield f"MiB with {IDLE_CLIENTS:,} idle clients and {BUSY_CLIENTS} busy", 60, figures["memory"]["crowd_mb"], ""

"""What grows with what: a hub with a thousand connectors, a million live sessions, a hundred thousand cached sections.

  python3 -B tests/bench/size.py [--quick] [--build FOLDER]

Builds the release, prints a table of start-up time, resident memory and what a look-up costs, and writes size.json into
FOLDER/bench. Twenty minutes; --quick takes a tenth of the sizes. README.md says how to read it.
"""
import argparse
import concurrent.futures
import contextlib
import http.client
import json
import multiprocessing
import pathlib
import random
import statistics
import tempfile
import time

import measure
import peers

PROCESSES = 3
LOOKUPS = 3000
SECTIONS = 40  # of a customer, that are kept
KEPT_MS = 3_600_000


@contextlib.contextmanager
def place_of(binaries):
    with tempfile.TemporaryDirectory(prefix="plugboard-size-") as folder, contextlib.ExitStack() as running:
        place = peers.Place(pathlib.Path(folder), binaries, measure.HERE, measure.cores(), 1)
        running.callback(place.stop)
        yield place


def resident_mb(process):
    fields = dict(line.split(":", 1) for line in pathlib.Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines())
    return int(fields["VmRSS"].split()[0]) / 1024


def cpu_s(process):
    """Of all its threads, so far."""
    return sum(int(task.joinpath("schedstat").read_text(encoding="ascii").split()[0])
               for task in pathlib.Path(f"/proc/{process}/task").iterdir()) / 1e9


class Caller:
    """One kept connection."""

    def __init__(self, port, key):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=peers.PATIENCE_S)
        self.headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

    def ask(self, path, words):
        for _ in range(10):  # a disk that others keep busy may be too slow for the audit trail: the hub says so then
            self.connection.request("POST", path, json.dumps(words), self.headers)
            answer = self.connection.getresponse()
            text = answer.read()
            if answer.status != 503:
                break
            time.sleep(1)
        if answer.status not in (200, 201):
            raise SystemExit(f"{path} was answered {answer.status}: {text.decode()}")
        return json.loads(text)


def log_in(port, key, customers):
    caller = Caller(port, key)
    words = lambda customer: {"connector": "login", "credential": {"token": peers.token_of(str(customer))}}
    return [caller.ask("/v1/sessions", words(customer))["session"] for customer in customers]


def log_in_many(server, first, count):
    """Their tokens."""
    parts = [range(first + turn, first + count, PROCESSES) for turn in range(PROCESSES)]
    with concurrent.futures.ProcessPoolExecutor(PROCESSES, multiprocessing.get_context("fork")) as pool:
        done = [pool.submit(log_in, server.port, server.key, part) for part in parts]
        return [token for one in done for token in one.result()]


def cost_of(server, asks, path):
    """The hub's processor time for each, in µs, and the median time to the answer, in µs."""
    caller = Caller(server.port, server.key)
    took, before = [], cpu_s(server.process.pid)
    for words in asks:
        began = time.perf_counter()
        caller.ask(path, words)
        took.append(time.perf_counter() - began)
    return (cpu_s(server.process.pid) - before) / len(asks) * 1e6, statistics.median(took) * 1e6


def connectors(binaries, count):
    with place_of(binaries) as place:
        place.start_systems(0)
        port = place.systems["s01"]
        wanted = {f"c{number:04}": peers.rest(f"http://127.0.0.1:{port}/s01", port, ["orders"]) for number in range(count)}
        began = time.monotonic()
        server = peers.start_hub(place, wanted)
        ready = time.monotonic() - began
        idle = resident_mb(server.process.pid)
        session = next(iter(place.sessions))
        asks = [{"session": session, "sections": [f"c{random.randrange(count):04}.orders"]} for _ in range(LOOKUPS)]
        cpu, median = cost_of(server, asks, "/v1/context")
        return {"connectors": count, "start_s": ready, "resident_mb": idle, "context_cpu_us": cpu, "context_us": median}


def sessions(binaries, steps):
    found = []
    with place_of(binaries) as place:
        server = peers.start_hub(place, {}, sessions={"idle_s": 43200})  # a million logins may take longer than half an hour
        tokens, nothing = [], resident_mb(server.process.pid)
        for count in steps:
            began, had = time.monotonic(), len(tokens)
            tokens += log_in_many(server, 100000 + had, count - had)
            rate = (count - had) / (time.monotonic() - began)
            late = [{"session": token} for token in tokens[-LOOKUPS // 2:] * 2]
            any_of = [{"session": token} for token in random.choices(tokens, k=LOOKUPS)]
            warm, cold = cost_of(server, late, "/v1/context"), cost_of(server, any_of, "/v1/context")
            disk = sum(file.stat().st_size for file in (place.folder / "hub").glob("*.db*")) / 1e6
            found.append({"sessions": count, "resident_mb": resident_mb(server.process.pid), "without_mb": nothing,
                          "store_mb": disk, "logins_a_second": rate, "late_cpu_us": warm[0], "late_us": warm[1],
                          "any_cpu_us": cold[0], "any_us": cold[1]})
            print(f"{count} sessions: measured", flush=True)
    return found


def kept(binaries, steps):
    """Answers in the cache, forty of each customer: what they take, and what one costs to find."""
    found = []
    with place_of(binaries) as place:
        place.start_systems(0)
        port = place.systems["s01"]
        names = [f"c{number:02}" for number in range(SECTIONS)]
        wanted = {name: {**peers.rest(f"http://127.0.0.1:{port}/s01", port, ["orders"]), "cache_ttl_ms": KEPT_MS} for name in names}
        server = peers.start_hub(place, wanted, cache={"max_bytes": 1 << 30})
        sections = [f"{name}.orders" for name in names]
        asks, nothing = [], resident_mb(server.process.pid)
        for count in steps:
            had = len(asks)
            tokens = log_in_many(server, 100000 + had, count // SECTIONS - had)
            asks += [{"session": token, "sections": sections} for token in tokens]
            caller = Caller(server.port, server.key)
            for ask in asks[had:]:
                caller.ask("/v1/context", ask)
            cpu, median = cost_of(server, random.choices(asks, k=LOOKUPS // 10), "/v1/context")
            found.append({"kept": count, "resident_mb": resident_mb(server.process.pid), "without_mb": nothing,
                          "context_cpu_us": cpu, "context_us": median})
            print(f"{count} kept answers: measured", flush=True)
    return found


def show(figures):
    print("\n| connectors | ready after s | resident MB | CPU µs a context of one |\n|---|---|---|---|")
    for one in figures["connectors"]:
        print(f"| {one['connectors']} | {one['start_s']:.2f} | {one['resident_mb']:.0f} | {one['context_cpu_us']:.0f} |")
    print("\n| live sessions | resident MB | on disk MB | CPU µs to look up a late one | any one |\n|---|---|---|---|---|")
    for one in figures["sessions"]:
        print(f"| {one['sessions']} | {one['resident_mb']:.0f} | {one['store_mb']:.0f} | {one['late_cpu_us']:.0f} | "
              f"{one['any_cpu_us']:.0f} |")
    print("\n| kept answers | resident MB | CPU µs a context of forty of them |\n|---|---|---|")
    for one in figures["kept"]:
        print(f"| {one['kept']} | {one['resident_mb']:.0f} | {one['context_cpu_us']:.0f} |")


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--quick", action="store_true")
    words.add_argument("--build", type=pathlib.Path)
    wish = words.parse_args()
    binaries = (wish.build or measure.build()).resolve()
    part = 10 if wish.quick else 1
    figures = {"connectors": [connectors(binaries, count // part) for count in (10, 400, 1000)],
               "kept": kept(binaries, [count // part for count in (10_000, 100_000)]),
               "sessions": sessions(binaries, [count // part for count in (10_000, 100_000, 1_000_000)])}
    show(figures)
    out = binaries / "bench"
    out.mkdir(exist_ok=True)
    (out / "size.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

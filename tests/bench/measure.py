"""What a context costs: the hub beside a bare epoll floor, nginx+lua and Node+undici, all doing the same work.

  tests/bench/run [--quick] [--build FOLDER] [--peers hub,floor,nginx,node] [--only-compare]

Builds the release, compares what all answer, measures in interleaved rounds, prints a table, and
writes figures.json, table.md and cost.svg into FOLDER/bench. --quick takes a minute and a half, the whole five.
--only-compare measures nothing. README.md says what is measured, and how to read it.
"""
import argparse
import contextlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import chart
import peers
import report

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SYSTEMS = (1, 8, 40)
AT_ONCE = {1: 32, 8: 16, 40: 8}  # requests under way while the server is kept busy
STARTS = 6  # of all servers, for the ratios
DELAY_MS = 5  # of every system, where answering times are measured


def build(*targets):
    """The release, of it what is to be measured; its folder."""
    run = lambda *command: subprocess.run(command, cwd=ROOT, check=True, stdout=sys.stderr)
    run("cmake", "--preset", "release", "--log-level=WARNING")
    run("cmake", "--build", "--preset", "release", "--target", "plugboardd", "plugin_jwt", "plugin_rest", "bench_load",
        "bench_systems", *targets)
    return ROOT / "build" / "release"


def cores():
    """Who runs where: the server alone, if there are two; what loads it alone too, if there are three."""
    free = sorted(os.sched_getaffinity(0))
    return {"server": free[0], "systems": free[min(1, len(free) - 1)], "load": free[min(2, len(free) - 1)]}


@contextlib.contextmanager
def stage(names, binaries, delay_ms):
    """Systems, and one server of each name that asks them."""
    with tempfile.TemporaryDirectory(prefix="plugboard-bench-") as folder, contextlib.ExitStack() as running:
        place = peers.Place(pathlib.Path(folder), binaries, HERE, cores(), max(SYSTEMS))
        running.callback(place.stop)
        place.start_systems(delay_ms)
        yield place, {name: peers.START[name](place) for name in names}


def compare(place, servers):
    """Each server's answer to each question holds, section for section, what the hub's holds, byte for byte."""
    for systems in SYSTEMS:
        for body in place.questions(systems)[:3]:
            answers = {name: place.data_of(server.ask(body)) for name, server in servers.items()}
            expected = answers["hub"]
            if len(expected) != systems:
                raise SystemExit(f"the hub answered {len(expected)} of {systems} sections")
            for name, answer in answers.items():
                if answer != expected:
                    raise SystemExit(f"{name} answers otherwise than the hub, with {systems} systems: {answer}"[:2000])


class Measuring:
    """One server under load, from its making on."""

    def __init__(self, place, server, questions, systems, seconds, rate=0, at_once=None):
        connections = at_once or (AT_ONCE[systems] if rate == 0 else 64)
        words = {"--port": server.port, "--key": place.key, "--requests": questions, "--sections": systems,
                 "--connections": connections, "--seconds": seconds, "--rate": rate,
                 "--measure": ",".join(map(str, server.processes()))}
        command = [place.binaries / "bin" / "bench_load", *(word for pair in words.items() for word in pair)]
        self.what = f"{server.name} with {systems} systems"
        self.load = subprocess.Popen(peers.on_core(place.cores["load"], command), stdout=subprocess.PIPE, text=True)

    def figures(self):
        said, _ = self.load.communicate()
        if self.load.returncode != 0:
            raise SystemExit(f"{self.what} answered wrongly: {said}")
        return json.loads(said)


def rounds(servers, count):
    """Interleaved, and each round starting with another, so that whatever else the machine does meets all."""
    names = list(servers)
    for number in range(count):
        turn = number % len(names)
        yield from names[turn:] + names[:turn]


def let_node_compile(place, servers):
    """It does so with what it has run often."""
    for systems in SYSTEMS if "node" in servers else ():
        Measuring(place, servers["node"], place.requests_file(systems), systems, 0.8).figures()


def all_figures(names, binaries, quick):
    """kept busy: each alone, in turns; at once: all on the server's core at one time; steady: at one rate for all."""
    figures = {f"{kind}-{systems}": {name: [] for name in names}
               for systems in SYSTEMS for kind in ("busy", "at-once", "steady")}
    with stage(names, binaries, 0) as (place, servers):
        compare(place, servers)
        let_node_compile(place, servers)
        for systems in SYSTEMS:
            questions = place.requests_file(systems)
            for name in rounds(servers, 2 if quick else 6):
                alone = Measuring(place, servers[name], questions, systems, 1)
                figures[f"busy-{systems}"][name].append(alone.figures())
            print(f"kept busy, {systems} systems: measured", file=sys.stderr)
    for start in range(STARTS):  # a process may be lucky with where its memory lies, for as long as it lives
        with stage(names, binaries, 0) as (place, servers):
            let_node_compile(place, servers)
            for systems in SYSTEMS:
                questions = place.requests_file(systems)
                for _ in range(1 if quick else 3):
                    together = {name: Measuring(place, servers[name], questions, systems, 0.8) for name in names}
                    for name, one in together.items():
                        figures[f"at-once-{systems}"][name].append(one.figures())
        print(f"at once, start {start + 1} of {STARTS}: measured", file=sys.stderr)
    with stage(names, binaries, DELAY_MS) as (place, servers):
        let_node_compile(place, servers)
        for systems in SYSTEMS:
            questions = place.requests_file(systems)
            rate = 0.5e6 / max(report.median(runs, "cpu_us") for runs in figures[f"busy-{systems}"].values())
            for name in rounds(servers, 1 if quick else 3):
                one = Measuring(place, servers[name], questions, systems, 1 if quick else 2.5, rate)
                figures[f"steady-{systems}"][name].append(one.figures())
            print(f"at {rate:,.0f} a second, {systems} systems: measured", file=sys.stderr)
    return figures


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--quick", action="store_true")
    words.add_argument("--build", type=pathlib.Path)
    words.add_argument("--peers", default="hub,floor,nginx,node")
    words.add_argument("--only-compare", action="store_true")
    wish = words.parse_args()
    names = wish.peers.split(",")
    binaries = (wish.build or build("bench_floor")).resolve()
    if wish.only_compare:
        with stage(names, binaries, 0) as (place, servers):
            compare(place, servers)
        return print(f"{', '.join(names)}: the same answers")
    figures = all_figures(names, binaries, wish.quick)
    out = binaries / "bench"
    out.mkdir(exist_ok=True)
    (out / "figures.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    table = report.table(figures, SYSTEMS, DELAY_MS)
    (out / "table.md").write_text(table, encoding="utf-8")
    (out / "cost.svg").write_text(chart.cost(figures, SYSTEMS), encoding="utf-8")
    print(table)
    print(f"written: {out}/figures.json, table.md, cost.svg")


if __name__ == "__main__":
    main()

"""What a context costs: the hub beside a bare epoll floor, nginx+lua and Node+undici, all doing the same work.

  tests/bench/run [--quick] [--build FOLDER] [--peers hub,floor,nginx,node] [--only-compare]

Builds the release, compares what all answer, measures in interleaved rounds, prints a table, and
writes figures.json, table.md and cost.svg into FOLDER/bench. --quick takes two minutes, the whole six.
--only-compare measures nothing. README.md says what is measured, and how to read it.
"""
import argparse
import contextlib
import json
import pathlib
import sys
import tempfile

import chart
import marks
import measure
import peers
import report

SYSTEMS = (1, 8, 40)
STARTS = 6  # of all servers, for the ratios
DELAY_MS = 5  # of every system, where answering times are measured


@contextlib.contextmanager
def stage(names, binaries, delay_ms):
    """Systems, and one server of each name that asks them."""
    with tempfile.TemporaryDirectory(prefix="plugboard-bench-") as folder, contextlib.ExitStack() as running:
        place = peers.Place(pathlib.Path(folder), binaries, measure.HERE, measure.cores(), max(SYSTEMS))
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


def let_node_compile(place, servers):
    """It does so with what it has run often."""
    for systems in SYSTEMS if "node" in servers else ():
        measure.Measuring(place, servers["node"], place.requests_file(systems), systems, 0.8).figures()


def all_figures(names, binaries, quick):
    """kept busy: each alone, in turns; at once: all on the server's core at one time; steady: at one rate for all."""
    figures = {f"{kind}-{systems}": {name: [] for name in names}
               for systems in SYSTEMS for kind in ("busy", "at-once", "steady")}
    with stage(names, binaries, 0) as (place, servers):
        compare(place, servers)
        let_node_compile(place, servers)
        for systems in SYSTEMS:
            questions = place.requests_file(systems)
            for name in measure.rounds(servers, 2 if quick else 6):
                alone = measure.Measuring(place, servers[name], questions, systems, 1)
                figures[f"busy-{systems}"][name].append(alone.figures())
            print(f"kept busy, {systems} systems: measured", file=sys.stderr)
    for start in range(STARTS):  # a process may be lucky with where its memory lies, for as long as it lives
        with stage(names, binaries, 0) as (place, servers):
            let_node_compile(place, servers)
            for systems in SYSTEMS:
                questions = place.requests_file(systems)
                for _ in range(1 if quick else 3):
                    together = {name: measure.Measuring(place, servers[name], questions, systems, 0.8) for name in names}
                    for name, one in together.items():
                        figures[f"at-once-{systems}"][name].append(one.figures())
        print(f"at once, start {start + 1} of {STARTS}: measured", file=sys.stderr)
    with stage(names, binaries, DELAY_MS) as (place, servers):
        let_node_compile(place, servers)
        for systems in SYSTEMS:
            questions = place.requests_file(systems)
            rate = 0.5e6 / max(report.median(runs, "cpu_us") for runs in figures[f"busy-{systems}"].values())
            for name in measure.rounds(servers, 1 if quick else 3):
                one = measure.Measuring(place, servers[name], questions, systems, 1 if quick else 2.5, rate)
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
    binaries = (wish.build or measure.build("bench_floor")).resolve()
    if wish.only_compare:
        with stage(names, binaries, 0) as (place, servers):
            compare(place, servers)
        return print(f"{', '.join(names)}: the same answers")
    figures = all_figures(names, binaries, wish.quick)
    out = binaries / "bench"
    out.mkdir(exist_ok=True)
    figures["marks"] = marks.all_figures(binaries, wish.quick)
    table = report.table(figures, SYSTEMS, DELAY_MS)
    if {"hub", "floor", "nginx"} <= set(names):
        table += "\n" + report.marks([*report.ratio_rows(figures, SYSTEMS, DELAY_MS), *marks.rows(figures["marks"])])
    (out / "figures.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    (out / "table.md").write_text(table, encoding="utf-8")
    (out / "cost.svg").write_text(chart.cost(figures, SYSTEMS), encoding="utf-8")
    print(table)
    print(f"written: {out}/figures.json, table.md, cost.svg")


if __name__ == "__main__":
    main()

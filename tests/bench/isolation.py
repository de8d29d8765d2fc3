"""What it costs to keep a connector in a process of its own: the hub with its connectors in workers beside the hub with
the same ones in process, in interleaved rounds.

  python3 -B tests/bench/isolation.py [--quick] [--build FOLDER]

Builds the release, prints tables, and writes isolation.json and isolation.md into FOLDER/bench. README.md says what
is measured, and how to read it. Two minutes and a half; --quick: one.
"""
import argparse
import contextlib
import json
import os
import pathlib
import statistics
import sys
import tempfile

import measure
import peers
import report

ARMS = ("in_process", "worker")
KILOBYTES = (4, 256)
AT_ONCE = (1, 40)
SECTIONS, CONTEXTS = 40, 32


def cores():
    """Who runs where: load and systems on a core each, hub and workers on all others; with two, all but the load share."""
    free = sorted(os.sched_getaffinity(0))
    load, systems = free[-1], free[max(0, len(free) - 2)]
    return {"server": ",".join(map(str, free[:-2] or free[:1])), "systems": systems, "load": load}


def plugins_of(folder, binaries):
    """All plugins that are asked, in one folder."""
    plugins = folder / "plugins"
    plugins.mkdir()
    for name, built in (("jwt", "plugins"), ("rest", "plugins"), ("from_memory", "bench_plugins"),
                        ("from_memory_blocking", "bench_plugins")):
        (plugins / name).symlink_to(binaries / built / name)
    return plugins


def from_memory(_):
    return {f"{plugin}_{size}": {"plugin": plugin, "config": {"bytes": size * 1024}}
            for plugin in ("from_memory", "from_memory_blocking") for size in KILOBYTES}


def over(workers):
    """SECTIONS sections of rest, over so many connectors."""
    def connectors(place):
        names = [f"orders_{i + 1}" for i in range(SECTIONS // workers)]
        return {name: peers.rest(f"http://127.0.0.1:{port}/{name}", port, names)
                for name, port in list(place.systems.items())[:workers]}
    return connectors


@contextlib.contextmanager
def stage(binaries, connectors):
    """Two hubs over the same systems: the places and servers by arm."""
    with contextlib.ExitStack() as running:
        places, servers = {}, {}
        for arm in ARMS:
            folder = pathlib.Path(running.enter_context(tempfile.TemporaryDirectory(prefix="plugboard-isolation-")))
            place = places[arm] = peers.Place(folder, binaries, measure.HERE, cores(), SECTIONS)
            running.callback(place.stop)
            if arm == ARMS[0]:
                place.start_systems(0)
            place.systems = places[ARMS[0]].systems
            servers[arm] = peers.start_hub(place, connectors(place), arm, plugins_of(folder, binaries))
        for arm in ARMS:
            print(f"{arm}: {len(servers[arm].processes())} process(es)", file=sys.stderr)
        yield places, servers


def rounds_of(places, servers, sections, at_once, count, seconds):
    """The figures of each arm, a dictionary a round."""
    figures = {arm: [] for arm in ARMS}
    answers = {arm: places[arm].data_of(servers[arm].ask(places[arm].bodies(sections)[0])) for arm in ARMS}
    if answers[ARMS[0]] != answers[ARMS[1]] or len(answers[ARMS[0]]) != len(sections):
        raise SystemExit(f"{sections}: the hubs do not answer the same")
    for arm in measure.rounds(servers, count):
        place = places[arm]
        requests = place.file_of("requests", place.bodies(sections))
        one = measure.Measuring(place, servers[arm], requests, len(sections), seconds, at_once=at_once)
        figures[arm].append(one.figures())
    return figures


def proportional_kb(process):
    """Resident, with what several share divided by how many they are."""
    for line in pathlib.Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    raise SystemExit(f"/proc/{process}/smaps_rollup tells no Pss")


def memory(server):
    """kB of the hub, of each worker, and of the launcher before each."""
    hub, *_ = server.processes()
    lines = [peers.descendants(launcher) for launcher in peers.children(hub)]
    return {"hub": proportional_kb(hub), "workers": [proportional_kb(line[-1]) for line in lines],
            "launchers": [sum(map(proportional_kb, line[:-1])) for line in lines]}


def all_figures(binaries, quick):
    count, seconds = (3, 0.5) if quick else (7, 1)
    figures = {"calls": {}, "sections": {}, "memory": {}}
    with stage(binaries, from_memory) as (places, servers):
        for name in from_memory(None):
            for at_once in AT_ONCE:
                figures["calls"][f"{name}, {at_once}"] = rounds_of(places, servers, [f"{name}.orders"], at_once, count, seconds)
            print(f"{name}: measured", file=sys.stderr)
    for workers in (8, SECTIONS):
        with stage(binaries, over(workers)) as (places, servers):
            sections = [f"{name}.{section}" for name, one in over(workers)(places[ARMS[0]]).items() for section in one["config"]["sections"]]
            figures["sections"][workers] = rounds_of(places, servers, sections, CONTEXTS, count, seconds)
            figures["memory"][workers] = {arm: memory(servers[arm]) for arm in ARMS}
        print(f"{SECTIONS} sections over {workers}: measured", file=sys.stderr)
    return figures


def added(case, what):
    """What the worker adds, round by round: the median."""
    return statistics.median(other[what] - one[what] for one, other in zip(case["in_process"], case["worker"]))


def shares(case):
    """CPU µs of hub and of its workers."""
    hub = report.median(case["worker"], "first_cpu_us")
    return f"{report.median(case['worker'], 'cpu_us'):.0f} (hub {hub:.0f})"


def tables(figures):
    text = report.row(["one call, plugin", "reply KB", "at once", "p50 µs in process", "in a worker", "added", "CPU µs in process",
                       "in a worker, all", "added"])
    text += report.row(["---"] + ["--:"] * 8)
    for name, case in figures["calls"].items():
        plugin, _, rest = name.rpartition("_")
        size, at_once = rest.split(", ")
        median = lambda arm, what: f"{report.median(case[arm], what):.0f}"
        text += report.row([plugin, size, at_once, median("in_process", "p50_us"), median("worker", "p50_us"),
                            f"**{added(case, 'p50_us'):.0f}**", median("in_process", "cpu_us"), shares(case),
                            f"**{added(case, 'cpu_us'):.0f}**"])
    text += "\n" + report.row([f"{SECTIONS} sections over", "CPU µs a context in process", "in workers, all", "p50 ms in process",
                               "in workers", "PSS MiB: hub in process", "hub with workers", "a worker", "a launcher", "all"])
    text += report.row(["---"] + ["--:"] * 9)
    for workers, case in figures["sections"].items():
        held = figures["memory"][workers]["worker"]
        alone = figures["memory"][workers]["in_process"]["hub"]
        mib = lambda kb: f"{kb / 1024:.1f}"
        whole = held["hub"] + sum(held["launchers"]) + sum(held["workers"])
        text += report.row([f"{workers} workers", f"{report.median(case['in_process'], 'cpu_us'):.0f}", f"**{shares(case)}**",
                            *(f"{report.median(case[arm], 'p50_us') / 1000:.1f}" for arm in ARMS), mib(alone), mib(held["hub"]),
                            mib(statistics.median(held["workers"])), mib(statistics.median(held["launchers"])), mib(whole)])
    return text


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--quick", action="store_true")
    words.add_argument("--build", type=pathlib.Path)
    wish = words.parse_args()
    binaries = (wish.build or measure.build("plugboard-worker", "bench_plugins")).resolve()
    figures = all_figures(binaries, wish.quick)
    out = binaries / "bench"
    out.mkdir(exist_ok=True)
    (out / "isolation.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    (out / "isolation.md").write_text(tables(figures), encoding="utf-8")
    print(tables(figures))
    print(f"written: {out}/isolation.json, isolation.md")


if __name__ == "__main__":
    main()

"""What the audit trail adds to a context: a hub that keeps it beside one that does not, over systems that take 20 ms, in
interleaved rounds.

  python3 -B tests/bench/audit.py [--quick] [--build FOLDER]

Builds the release, prints the median latency of both and their difference with its error, and writes audit.json into
FOLDER/bench. Leaves with 1 when the difference is more than its error. README.md says how to read it.
"""
import argparse
import contextlib
import json
import math
import pathlib
import statistics
import sys
import tempfile

import measure
import peers

ARMS = {"on": {}, "off": {"audit": {"enabled": False}}}
SYSTEMS, DELAY_MS, RATE = 8, 20, 100


@contextlib.contextmanager
def stage(binaries):
    """Two hubs over the same systems: the places and servers by arm."""
    with contextlib.ExitStack() as running:
        places, servers = {}, {}
        for arm, config in ARMS.items():
            folder = pathlib.Path(running.enter_context(tempfile.TemporaryDirectory(prefix="plugboard-audit-")))
            place = places[arm] = peers.Place(folder, binaries, measure.HERE, measure.cores(), SYSTEMS)
            running.callback(place.stop)
            if not places["on"].systems:
                place.start_systems(DELAY_MS)
            place.systems = places["on"].systems
            connectors = {name: peers.rest(f"http://127.0.0.1:{port}/{name}", port, ["orders"])
                          for name, port in place.systems.items()}
            servers[arm] = peers.start_hub(place, connectors, **config)
        yield places, servers


def rounds_of(places, servers, count, seconds):
    """Median latencies in µs, by arm, round by round; one before them is not counted."""
    medians = {arm: [] for arm in ARMS}
    for turn in range(count + 1):
        for arm in list(ARMS) if turn % 2 else list(ARMS)[::-1]:
            one = measure.Measuring(places[arm], servers[arm], places[arm].requests_file(SYSTEMS), SYSTEMS, seconds, rate=RATE)
            if turn:
                medians[arm].append(one.figures()["p50_us"])
            else:
                one.figures()
    return medians


def median_and_error(values):
    """The median, and what it may be off by: twice its standard error, from the median absolute deviation."""
    median = statistics.median(values)
    deviation = statistics.median(abs(value - median) for value in values)
    return median, 2 * 1.4826 * 1.2533 * deviation / math.sqrt(len(values))


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--quick", action="store_true")
    words.add_argument("--build", type=pathlib.Path)
    wish = words.parse_args()
    binaries = (wish.build or measure.build()).resolve()
    with stage(binaries) as (places, servers):
        medians = rounds_of(places, servers, 12 if wish.quick else 30, 1 if wish.quick else 2)
        records = sum(file.read_bytes().count(b'"kind":"disclosure"') for file in (places["on"].folder / "hub/audit").glob("*.jsonl"))
        if not records or (places["off"].folder / "hub/audit").exists():
            raise SystemExit("the hubs keep no trail, or both do")
    added, error = median_and_error([on - off for on, off in zip(medians["on"], medians["off"])])
    off = statistics.median(medians["off"])
    nothing, its_error = median_and_error([later - earlier for earlier, later in zip(medians["off"], medians["off"][1:])])
    print(f"median latency without audit {off / 1000:.2f} ms, with audit {statistics.median(medians['on']) / 1000:.2f} ms\n"
          f"audit adds {added:+.0f} ± {error:.0f} µs ({records} disclosures on record, {len(medians['on'])} rounds); "
          f"the same hub against itself {nothing:+.0f} ± {its_error:.0f} µs")
    out = binaries / "bench"
    out.mkdir(exist_ok=True)
    (out / "audit.json").write_text(json.dumps({"p50_us": medians, "added_us": added, "error_us": error}, indent=1) + "\n",
                                    encoding="utf-8")
    sys.exit(0 if added <= error else 1)


if __name__ == "__main__":
    main()

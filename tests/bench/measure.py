"""What every benchmark does: builds the release, says who runs on which core, and measures one server under load."""
import json
import os
import pathlib
import subprocess
import sys

import peers

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
AT_ONCE = {1: 32, 8: 16, 40: 8}  # requests under way while the server is kept busy


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


class Measuring:
    """One server under load, from its making on."""

    def __init__(self, place, server, questions, systems, seconds, rate=0, at_once=None, method="POST"):
        connections = at_once or (AT_ONCE[systems] if rate == 0 else 64)
        words = {"--port": server.port, "--key": place.key, "--requests": questions, "--sections": systems,
                 "--connections": connections, "--seconds": seconds, "--rate": rate,
                 "--method": method, "--measure": ",".join(map(str, server.processes()))}
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

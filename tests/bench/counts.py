"""What a context costs in the steady state, counted, not timed: instructions, allocations and system calls.

  python3 -B tests/bench/counts.py --build FOLDER [--write]

Runs the hub under valgrind's callgrind, which sees all that the hub's own code does and nothing of the kernel, asks it
for one context after the other, and holds what each cost against counts.json. --write writes that instead: with a change
that costs less, or that is worth what it costs. Leaves with 77 where there is no valgrind.
"""
import argparse
import collections
import contextlib
import http.client
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import peers

HERE = pathlib.Path(__file__).resolve().parent
FIGURES = HERE / "counts.json"
SKIPPED = 77
COUNT = 40
CONTEXTS = 40  # that are counted
WARM = 20  # before, so that buffers, pools and connections are there
MORE = 1.03  # of instructions: another build of a library, another order of events
SOME = 1.02  # of allocations: those of timers and turns come when they come; one more a section is forty
ALLOCATIONS = ("malloc", "calloc", "realloc", "memalign", "aligned_alloc", "posix_memalign")
# Without those whose number depends on the time that things take: epoll_wait, futex, timerfd_settime.
CALLS = ("accept4", "clock_nanosleep", "close", "connect", "eventfd", "fdatasync", "fsync", "getrandom", "getsockopt",
         "ioctl", "lseek", "mmap", "mprotect", "munmap", "nanosleep", "open", "openat", "poll", "pread64", "pwrite64", "read",
         "readv", "recv", "recvfrom", "recvmsg", "send", "sendmsg", "sendto", "setsockopt", "shutdown", "socket",
         "write", "writev")
TURNS = ("epoll_ctl",)  # at most one a turn; no turn has more than one message
CASES = {"rest-40": ("s", 40), "rest-8": ("s", 8), "rest-1": ("s", 1), "memory-40": ("m", 40)}


class Place(peers.Place):
    """Where the hub, and nothing else, runs under callgrind."""

    def start(self, role, command, log="log", **more):
        if role == "server":
            more["env"]["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin"
            command = [shutil.which("valgrind"), "--tool=callgrind", "--instr-atstart=no", f"--callgrind-out-file={self.folder}/counts",
                       f"--log-file={self.folder}/valgrind.log", *command]
        return super().start(role, command, log, **more)


def plugins(folder, binaries):
    place = folder / "plugins"
    place.mkdir()
    for name, built in (("jwt", "plugins"), ("rest", "plugins"), ("from_memory", "bench_plugins")):
        (place / name).symlink_to(binaries / built / name)
    return place


@contextlib.contextmanager
def stage(binaries):
    """A hub over forty systems, asked by way of rest, and over forty connectors that answer from memory."""
    with tempfile.TemporaryDirectory(prefix="plugboard-counts-") as name, contextlib.ExitStack() as running:
        folder = pathlib.Path(name)
        any_core = dict.fromkeys(("server", "systems", "load"), min(peers.os.sched_getaffinity(0)))
        place = Place(folder, binaries, HERE, any_core, COUNT)
        running.callback(place.stop)
        place.start_systems(0)
        connectors = {name: peers.rest(f"http://127.0.0.1:{port}/{name}", port, ["orders"]) for name, port in place.systems.items()}
        connectors |= {f"m{i + 1:02}": {"plugin": "from_memory", "config": {"bytes": 1024}} for i in range(COUNT)}
        yield place, peers.start_hub(place, connectors, plugins=plugins(folder, binaries))


class Asking:
    def __init__(self, place, server):
        self.folder, self.server, self.dumps = place.folder, server, 0
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=peers.PATIENCE_S)
        self.bodies = place.bodies

    def ask(self, sections, times):
        bodies = self.bodies(sections)
        headers = {"Authorization": f"Bearer {self.server.key}", "Content-Type": "application/json"}
        for i in range(times):
            self.connection.request("POST", "/v1/context", bodies[i % len(bodies)], headers)
            answer = self.connection.getresponse()
            text = answer.read().decode()
            if answer.status != 200 or '"complete":true' not in text:
                raise SystemExit(f"the hub answered {answer.status}: {text[:2000]}")

    def control(self, *words):
        subprocess.run(["callgrind_control", *words, str(self.server.process.pid)], check=True, stdout=subprocess.DEVNULL)

    def profile(self, sections):
        """What callgrind saw of CONTEXTS of them: a file."""
        self.ask(sections, WARM)
        self.control("-i", "on")
        self.ask(sections, 2)  # those that were under way when it began
        self.control("-z")
        self.ask(sections, CONTEXTS)
        self.control("-d")
        self.control("-i", "off")
        self.dumps += 1
        return self.folder / f"counts.{self.dumps}"


def counted(file):
    """Instructions, and calls by function."""
    names, calls, instructions, callee = {}, collections.Counter(), 0, None
    for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
        if line.startswith("cfn=") or line.startswith("fn="):
            number, name = re.fullmatch(r"c?fn=\((\d+)\)(?: (.*))?", line).groups()
            if name:
                names[number] = re.sub(r"@.*|'\d+$", "", name).removeprefix("__libc_").removeprefix("__")
            if line.startswith("c"):
                callee = names[number]
        elif line.startswith("calls="):
            calls[callee] += int(line[6:].split()[0])
        elif line.startswith(("summary:", "totals:")):
            instructions = int(line.split()[1])
    return instructions, calls


def figures_of(file):
    instructions, calls = counted(file)
    system = {name: round(calls[name] / CONTEXTS, 1) for name in CALLS + TURNS if calls[name] >= CONTEXTS / 10}
    return {"instructions": instructions // CONTEXTS,
            "allocations": -(-sum(calls[name] for name in ALLOCATIONS) // CONTEXTS), "system_calls": system}


def faults(case, now, before):
    if now["instructions"] > before["instructions"] * MORE:
        yield f"{case}: {now['instructions']:,} instructions a context, at most {before['instructions'] * MORE:,.0f} are allowed"
    if now["allocations"] > before["allocations"] * SOME + 3:
        yield f"{case}: {now['allocations']} allocations a context, at most {before['allocations'] * SOME + 3:,.0f} are allowed"
    for name, count in now["system_calls"].items():
        most = before["system_calls"].get(name, 0)
        if count > (max(2 * most, COUNT / 2) if name in TURNS else most + 0.5):
            yield f"{case}: {count} {name} a context, at most {most} are allowed"


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--build", type=pathlib.Path, required=True)
    words.add_argument("--write", action="store_true")
    wish = words.parse_args()
    if shutil.which("valgrind") is None:
        print("skipped: there is no valgrind; .ci/install tests installs it")
        return SKIPPED
    with stage(wish.build.resolve()) as (place, server):
        asking = Asking(place, server)
        now = {case: figures_of(asking.profile([f"{letter}{i + 1:02}.orders" for i in range(count)]))
               for case, (letter, count) in CASES.items()}
    print(json.dumps(now, indent=1))
    if wish.write:
        FIGURES.write_text(json.dumps(now, indent=1) + "\n", encoding="utf-8")
        return 0
    figures = json.loads(FIGURES.read_text(encoding="utf-8"))
    found = [fault for case in CASES for fault in faults(case, now[case], figures[case])]
    if found:
        print("\n".join(found), "Where that is worth it: tests/bench/counts.py --write", sep="\n", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

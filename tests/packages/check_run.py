"""check_run.py PREFIX: `plugboard plugin run` shows what a plugin's sections are, in a hub and a worker that are real,
shows them again when the source is saved, goes on when that is wrong, and leaves nothing behind."""
import argparse
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time

PATIENCE = 300  # seconds; a build is part of it


def told(process, wanted):
    """The next line of standard output that is JSON, which must have this in it."""
    line = process.stdout.readline()
    assert wanted in line, f"{wanted} is not in {line!r}"
    return json.loads(line)


class Trying:
    def __init__(self, args):
        self.plugboard, self.work = args.prefix / "bin/plugboard", args.work
        shutil.rmtree(self.work, ignore_errors=True)
        (self.work / "tmp").mkdir(parents=True)
        self.environment = {**os.environ, "CC": args.c, "CXX": args.cxx, "TMPDIR": str(self.work / "tmp")}

    def ends(self, *words, with_code=0):
        done = subprocess.run([self.plugboard, *words], cwd=self.work, env=self.environment, capture_output=True, text=True,
                              timeout=PATIENCE)
        if done.returncode != with_code:
            sys.exit(f"{' '.join(words)} ended with {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout + done.stderr

    def leaves_nothing(self):
        left = list((self.work / "tmp").iterdir())
        assert not left, left

    def each_kind_once(self):
        for name, options in {"once": [], "door": ["--login"], "plain": ["--language", "c"]}.items():
            self.ends("plugin", "new", name, *options)
        seen = self.ends("plugin", "run", "once", "--once")
        assert "once.contact" in seen and "name: Ada" in seen and "https://crm.example.localhost:" in seen, seen
        seen = self.ends("plugin", "run", "door", "--once")
        assert "one more step" in seen and "does not prove" in seen, seen
        seen = self.ends("plugin", "run", "plain", "--once")
        assert "free_mail: true" in seen, seen
        self.leaves_nothing()

    def what_is_computed_from_others(self, example):
        shutil.copytree(example, self.work / "risk", ignore=shutil.ignore_patterns("build"))
        seen = self.ends("plugin", "run", "risk", "--once")
        assert "derive_risk.score" in seen and "score: 45" in seen, seen
        self.leaves_nothing()

    def says_what_is_wrong(self):
        scenario = self.work / "once/conformance.json"
        text = scenario.read_text()
        scenario.write_text(text.replace('"config": {"url": "https', '"config": {"url": "ftp'))
        assert "must begin with https" in self.ends("plugin", "run", "once", "--once", with_code=1)
        scenario.write_text(text.replace('"customer_id": "7", "name"', '"customer_id": "8", "name"'))
        assert "wrong_customer" in self.ends("plugin", "run", "once", "--once", with_code=1)
        scenario.write_text(text)
        assert "unreachable" in self.ends("plugin", "run", "once", "--once", "--live", with_code=1), "crm.example answers"
        self.leaves_nothing()

    def ends_clean_when_told_to(self):
        stopped = subprocess.Popen([self.plugboard, "plugin", "run", "once", "--once"], cwd=self.work, env=self.environment,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while not list((self.work / "tmp").glob("*/plugboard.json")):
            assert stopped.poll() is None, "it ended before its hub began"
            time.sleep(0.001)
        stopped.send_signal(signal.SIGINT)
        assert stopped.wait(PATIENCE) == -signal.SIGINT, stopped.returncode
        self.leaves_nothing()

    def again_at_each_save(self):
        self.ends("plugin", "new", "watched")
        source = self.work / "watched/watched.cpp"
        text = source.read_text()
        running = subprocess.Popen([self.plugboard, "plugin", "run", "watched", "--json"], cwd=self.work,
                                   env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        try:
            first = told(running, "watched.contact")
            assert first["good"] and first["contexts"][0]["sections"]["watched.contact"]["data"]["name"] == "Ada", first
            source.write_text(text.replace("response.status() != 200", "response.status() != 201"))
            second = told(running, "upstream_refused")
            assert not second["good"] and "the service answered 200" in second["log"][0], second
            source.write_text(text + "\nno C++ at all\n")
            complaint = running.stderr.readline()
            assert "building it failed" in complaint, complaint
            source.write_text(text)
            assert told(running, "watched.contact")["good"]
            running.send_signal(signal.SIGINT)
            assert running.wait(PATIENCE) == 0, running.returncode
        finally:
            running.kill()
        self.leaves_nothing()
        deadline = time.monotonic() + PATIENCE
        while b"plugboard-run-" in subprocess.run(["ps", "-eo", "args"], capture_output=True).stdout:
            assert time.monotonic() < deadline, "its hub goes on"
            time.sleep(0.1)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("prefix", type=pathlib.Path)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--c", required=True)
    parser.add_argument("--cxx", required=True)
    parser.add_argument("--example", type=pathlib.Path, required=True)
    args = parser.parse_args()
    trying = Trying(args)
    trying.each_kind_once()
    trying.what_is_computed_from_others(args.example)
    trying.says_what_is_wrong()
    trying.ends_clean_when_told_to()
    trying.again_at_each_save()


main()

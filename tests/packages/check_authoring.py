"""check_authoring.py PREFIX --kind cpp|login|c: what `plugboard plugin new` makes builds, passes its tests and is found
sound, with a name that would be wrong for a variable or a class."""
import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys

NAMES = {"cpp": "double", "login": "host", "c": "call"}
OPTIONS = {"cpp": [], "login": ["--login"], "c": ["--language", "c"]}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("prefix", type=pathlib.Path)
    parser.add_argument("--kind", choices=NAMES, required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--ctest", required=True)
    parser.add_argument("--c", required=True)
    parser.add_argument("--cxx", required=True)
    args = parser.parse_args()
    shutil.rmtree(args.work, ignore_errors=True)
    args.work.mkdir(parents=True)
    name = NAMES[args.kind]
    environment = {**os.environ, "CC": args.c, "CXX": args.cxx}

    def run(*command, ends_with=0):
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True, cwd=args.work, env=environment)
        if done.returncode != ends_with:
            sys.exit(f"{' '.join(map(str, command))} ended with {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout + done.stderr

    plugboard = args.prefix / "bin/plugboard"
    made = json.loads(run(plugboard, "plugin", "new", name, *OPTIONS[args.kind], "--json"))
    assert f"{name}/manifest.json" in made["files"], made
    assert "is there already" in run(plugboard, "plugin", "new", name, ends_with=1)
    assert "small letter" in run(plugboard, "plugin", "new", "No-Name", ends_with=2)
    assert "no plugin's folder" in run(plugboard, "plugin", "build", ".", ends_with=1)
    assert "libplugboard-dev" in run(plugboard, "plugin", "new", "other", "--sdk", args.work, ends_with=1)
    file = run(plugboard, "plugin", "build", name).strip()
    assert file == str(args.work / name / f"build/plugins/{name}/0.1.0/{name}.so"), file
    assert "nothing is wrong" in run(plugboard, "plugin", "check", file)
    report = args.work / "report.xml"
    assert "it keeps every rule" in run(plugboard, "plugin", "test", name, "--junit", report)
    assert "failures=\"0\"" in report.read_text()
    if args.kind != "c":
        run(args.ctest, "--test-dir", args.work / name / "build", "--no-tests=error", "--output-on-failure")
    source = next(pathlib.Path(args.work / name).glob(f"{name}.c*"))
    source.write_text(source.read_text() + "\nno C at all\n")
    assert "no C at all" in run(plugboard, "plugin", "build", name, ends_with=1), "it does not say what the compiler said"


main()

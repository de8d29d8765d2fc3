"""diff.py --cc CC --frozen FOLDER --now FOLDER: has anything of a frozen version of the ABI changed?

Makes a library of each, whose functions take all that crosses the border, and has abidiff compare them: a struct, a
field or a function's type that is not what it was is told, and 1 is the exit code; so is a number or a name that a
header defines. What is new is let be. To be sure that it would see it, a field is moved in a copy first."""
import argparse
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

DEFINED = re.compile(r"^#define (PLUGBOARD_\w+) +([^/\s][^/\n]*?) *(?:/\*|$)", re.MULTILINE)
MAY_CHANGE = {"PLUGBOARD_ABI_MINOR"}
STRUCT = re.compile(r"^(?:typedef )?struct (plugboard_\w+) \{", re.MULTILINE)


def library(cc, headers, types_of, folder):
    """types_of: the headers that say which types; headers: what they are now."""
    names = sorted(header.name for header in types_of.glob("plugboard/*.h"))
    types = sorted({name for header in types_of.glob("plugboard/*.h") for name in STRUCT.findall(header.read_text())})
    source, file = folder / "spoken.c", folder / "spoken.so"
    source.write_text("".join(f"#include <plugboard/{name}>\n" for name in names) + "".join(
        f"void spoken_{name}(const {name}* it);\nvoid spoken_{name}(const {name}* it) {{ (void)it; }}\n" for name in types))
    subprocess.run([cc, "-std=c11", "-g", "-gdwarf-4", "-shared", "-fPIC", "-I", headers, "-o", file, source], check=True)
    return file


def difference(cc, frozen, now):
    with tempfile.TemporaryDirectory(prefix="plugboard-abi-") as name:
        folders = [pathlib.Path(name) / which for which in ("then", "now")]
        for folder in folders:
            folder.mkdir()
        then, today = (library(cc, headers, frozen, folder) for headers, folder in zip((frozen, now), folders))
        done = subprocess.run(["abidiff", "--no-added-syms", then, today], capture_output=True, text=True)
        if done.returncode not in (0, 4, 12):
            sys.exit(f"abidiff failed with {done.returncode}: {done.stderr}")
        return done.stdout if done.returncode else ""


def redefined(frozen, now):
    """Of what the frozen headers define, what is otherwise now."""
    def defined(headers):
        return {name: " ".join(value.split()) for header in headers.glob("plugboard/*.h") for name, value in DEFINED.findall(header.read_text().replace("\\\n", " "))}
    today = defined(now)
    return [f"{name} was {value} and is {today.get(name, 'gone')}" for name, value in sorted(defined(frozen).items())
            if today.get(name) != value and name not in MAY_CHANGE]


def sees_a_moved_field(cc, frozen):
    with tempfile.TemporaryDirectory(prefix="plugboard-abi-") as name:
        spoilt = pathlib.Path(name)
        shutil.copytree(frozen / "plugboard", spoilt / "plugboard")
        header = spoilt / "plugboard/abi.h"
        text, count = re.subn(r"(  plugboard_str tenant;[^\n]*\n)(  plugboard_str section;[^\n]*\n)", r"\2\1", header.read_text())
        assert count == 1, "abi.h has no tenant and section to exchange"
        header.write_text(text)
        return bool(difference(cc, frozen, spoilt))


def main():
    words = argparse.ArgumentParser(usage=__doc__)
    words.add_argument("--cc", required=True)
    words.add_argument("--frozen", type=pathlib.Path, required=True)
    words.add_argument("--now", type=pathlib.Path, required=True)
    wish = words.parse_args()
    if not sees_a_moved_field(wish.cc, wish.frozen):
        sys.exit("two fields were exchanged, and abidiff saw nothing")
    if found := difference(wish.cc, wish.frozen, wish.now) or "\n".join(redefined(wish.frozen, wish.now)):
        sys.exit(f"What is frozen in {wish.frozen} has changed:\n{found}")


main()

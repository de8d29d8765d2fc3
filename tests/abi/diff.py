"""diff.py --cc CC --frozen FOLDER --now FOLDER: has anything of a frozen version of the ABI changed?

Makes a library of each, whose functions take all that crosses the border, and has abidiff compare them. What it finds
may be no more than growth as sdk/ABI.md allows it: a struct that begins with the prefix has got members at its end, and
all that were there are where and what they were. Anything else is told, and 1 is the exit code; so is a number or a name
that a header defines. What is new is let be. To be sure that it would see them, some changes are made to a copy first."""
import argparse
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

DEFINED = re.compile(r"^#define (PLUGBOARD_\w+) +([^/\s][^/\n]*?) *(?:/\*|$)", re.MULTILINE)
MAY_CHANGE = {"PLUGBOARD_ABI_MINOR"}
STRUCT = re.compile(r"^(?:typedef )?struct (plugboard_\w+) \{", re.MULTILINE)
TRIALS = [  # a change, and whether it is seen as one
    (r"(  plugboard_str tenant;[^\n]*\n)(  plugboard_str section;[^\n]*\n)", r"\2\1", True),
    (r"  int64_t retry_after_ns;", "  uint64_t retry_after_ns;", True),
    (r"void \(\*stop\)\(void\* instance\);", "void (*stop)(void* instance, int32_t why);", True),
    (r"  uint32_t verified;    ", "  uint32_t verified; uint64_t more;", True),  # identifiers stand in arrays
    (r"\n\} plugboard_request;", "\n  plugboard_str more;\n} plugboard_request;", False),
]


def library(cc, headers, types_of, folder):
    """types_of: the headers that say which types; headers: what they are now."""
    names = sorted(header.name for header in types_of.glob("plugboard/*.h"))
    types = sorted({name for header in types_of.glob("plugboard/*.h") for name in STRUCT.findall(header.read_text())})
    source, file = folder / "spoken.c", folder / "spoken.so"
    source.write_text("".join(f"#include <plugboard/{name}>\n" for name in names) + "".join(
        f"void spoken_{name}(const {name}* it);\nvoid spoken_{name}(const {name}* it) {{ (void)it; }}\n" for name in types))
    subprocess.run([cc, "-std=c11", "-g", "-gdwarf-4", "-shared", "-fPIC", "-I", headers, "-o", file, source], check=True)
    return file


def structs(library):
    """Each struct that crosses: its members in order, each as (name, offset, type)."""
    root = xml.etree.ElementTree.fromstring(subprocess.run(["abidw", library], check=True, capture_output=True).stdout)
    by_id = {node.get("id"): node for node in root.iter() if node.get("id")}

    def called(type_id):
        node = by_id[type_id]
        inner = [called(child.get("type-id")) for child in node if node.tag == "function-type"]
        if node.tag == "function-type":
            return "(" + ", ".join(inner) + ")"
        if node.tag in ("pointer-type-def", "qualified-type-def", "array-type-def"):
            return f"{node.tag} {node.get('size-in-bits') if node.tag == 'array-type-def' else ''} {node.get('const', '')} {called(node.get('type-id'))}"
        return node.get("name")

    return {node.get("name"): [(variable.get("name"), int(member.get("layout-offset-in-bits")), called(variable.get("type-id")))
                               for member in node.findall("data-member") for variable in member.findall("var-decl")]
            for node in root.iter("class-decl") if node.get("name", "").startswith("plugboard_") and node.get("size-in-bits")}


def only_grew(then, now):
    was, is_now = structs(then), structs(now)
    for name, members in was.items():
        today = is_now.get(name, [])
        may_grow = bool(members) and members[0] == ("p", 0, "plugboard_prefix")
        if today[:len(members)] != members or (len(today) > len(members) and not may_grow):
            return False
    return True


def difference(cc, frozen, now):
    with tempfile.TemporaryDirectory(prefix="plugboard-abi-") as name:
        folders = [pathlib.Path(name) / which for which in ("then", "now")]
        for folder in folders:
            folder.mkdir()
        then, today = (library(cc, headers, frozen, folder) for headers, folder in zip((frozen, now), folders))
        done = subprocess.run(["abidiff", "--no-added-syms", then, today], capture_output=True, text=True)
        if done.returncode not in (0, 4, 12):
            sys.exit(f"abidiff failed with {done.returncode}: {done.stderr}")
        return done.stdout if done.returncode and not only_grew(then, today) else ""


def redefined(frozen, now):
    """Of what the frozen headers define, what is otherwise now."""
    def defined(headers):
        return {name: " ".join(value.split()) for header in headers.glob("plugboard/*.h")
                for name, value in DEFINED.findall(header.read_text().replace("\\\n", " "))}
    today = defined(now)
    return [f"{name} was {value} and is {today.get(name, 'gone')}" for name, value in sorted(defined(frozen).items())
            if today.get(name) != value and name not in MAY_CHANGE]


def try_changes(cc, frozen):
    for was, becomes, is_seen in TRIALS:
        with tempfile.TemporaryDirectory(prefix="plugboard-abi-") as name:
            changed = pathlib.Path(name)
            shutil.copytree(frozen / "plugboard", changed / "plugboard")
            header = changed / "plugboard/abi.h"
            text, count = re.subn(was, becomes, header.read_text())
            assert count == 1, f"abi.h has no {was} to try"
            header.write_text(text)
            if bool(difference(cc, frozen, changed)) != is_seen:
                sys.exit(f"a change that {'breaks' if is_seen else 'breaks no'} plugins was {'not seen' if is_seen else 'refused'}: {becomes}")


def main():
    words = argparse.ArgumentParser(usage=__doc__)
    words.add_argument("--cc", required=True)
    words.add_argument("--frozen", type=pathlib.Path, required=True)
    words.add_argument("--now", type=pathlib.Path, required=True)
    wish = words.parse_args()
    try_changes(wish.cc, wish.frozen)
    if found := difference(wish.cc, wish.frozen, wish.now) or "\n".join(redefined(wish.frozen, wish.now)):
        sys.exit(f"What is frozen in {wish.frozen} has changed:\n{found}")


main()

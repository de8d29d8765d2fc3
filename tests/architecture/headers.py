"""Each header of core/ and sdk/include compiles alone, twice over; those of the ABI also as C11.

A header that is the first include of a source of its name is left out: the build has compiled it alone already."""
import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys

import tree

STRICT = ["-fsyntax-only", "-Wall", "-Wextra", "-Wpedantic", "-Werror"]


def built_sources(root, build):
    """path -> command, of what the build compiles."""
    commands = pathlib.Path(build) / "compile_commands.json"
    sources = {}
    for entry in json.loads(commands.read_text()) if commands.exists() else []:
        if entry["file"].startswith(f"{root}/"):
            sources[entry["file"].removeprefix(f"{root}/")] = entry["command"]
    return sources


def room_flags(sources):
    """room folder -> its include paths and definitions, as the build itself uses them."""
    flags = {}
    for path, command in sources.items():
        words, kept = shlex.split(command), []
        for word, following in zip(words, words[1:] + [""]):
            if word == "-isystem":
                kept += [word, following]
            elif word.startswith(("-I", "-D")):
                kept.append(word)
        flags.setdefault("/".join(path.split("/")[:2]), kept)
    return flags


def built_first(root, header, sources):
    source = header.removesuffix(".hpp") + ".cpp"
    if source not in sources:
        return False
    text = tree.read(root, source)
    guarded = "#pragma once" in tree.read(root, header)
    first = re.search(r'^\s*#\s*include\s*([<"][^>"]+[>"])', text, re.MULTILINE)
    return guarded and first is not None and first.group(1) == f'"{header}"'


def compile_alone(header, flags, compiler, language):
    include = f'#include "{header}"\n' * 2  # twice: it must also bear being included again
    command = [compiler, *STRICT, *language, *flags, "-"]
    done = subprocess.run(command, input=include, text=True, capture_output=True, check=False)
    return None if done.returncode == 0 else f"{header} does not compile alone ({' '.join(language)}):\n{done.stderr[:2000]}"


def jobs(root, build, cxx, c):
    sources = built_sources(root, build)
    flags = room_flags(sources)
    sdk = [f"-I{root}/sdk/include"]
    for path in tree.files(root):
        if not path.endswith((".hpp", ".h")) or not path.startswith(("core/", "sdk/include/")):
            continue
        if built_first(root, path, sources):
            continue
        room = "/".join(path.split("/")[:2])
        if path.startswith("core/"):
            yield path, flags.get(room, []) + [f"-I{root}"] + sdk, cxx, ["-xc++", "-std=c++20"]
            continue
        name = path.removeprefix("sdk/include/")
        yield name, sdk, cxx, ["-xc++", "-std=c++20"]
        if path.endswith(".h"):
            yield name, sdk, c, ["-xc", "-std=c11"]


def check(all_jobs):
    with concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        return [fault for fault in pool.map(lambda job: compile_alone(*job), all_jobs) if fault]


def main(root, build, cxx, c):
    return tree.finish(check(list(jobs(root, build, cxx, c))), "headers")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

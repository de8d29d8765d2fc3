"""check_installed.py PREFIX --plugins NAME…: everything is where it is looked for, and the programs there run."""
import argparse
import pathlib
import subprocess
import sys

FILES = ["bin/plugboard", "bin/plugboardd", "bin/plugboard-worker", "include/plugboard/abi.h",
         "include/plugboard/plugin.hpp", "include/plugboard/testkit.hpp", "share/plugboard/manifest.schema.json",
         "share/plugboard/shapes/contact.v1.json", "share/plugboard/template/hello.cpp",
         "share/plugboard/template_login/verify.cpp"]
ANYWHERE = ["cmake/plugboard/plugboardConfig.cmake", "pkgconfig/plugboard.pc", "libplugboard_shapes.a"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("prefix", type=pathlib.Path)
    parser.add_argument("--plugins", nargs="+", required=True)
    args = parser.parse_args()
    missing = [name for name in FILES if not (args.prefix / name).is_file()]
    missing += [name for name in ANYWHERE if not [f for f in (args.prefix / "lib").rglob("*") if str(f).endswith("/" + name)]]
    found = [f.stem for f in (args.prefix / "lib/plugboard/plugins").glob("*/*/*.so")]
    missing += [f"one file of the plugin {name}" for name in args.plugins if found.count(name) != 1]
    if missing:
        sys.exit(f"{args.prefix} lacks: " + ", ".join(missing))
    for program in ("plugboard", "plugboardd"):
        subprocess.run([args.prefix / "bin" / program, "--version"], check=True)
    for plugin in (args.prefix / "lib/plugboard/plugins").glob("*/*/*.so"):
        subprocess.run([args.prefix / "bin/plugboard", "plugin", "info", plugin], check=True)


main()

"""check_pkg_config.py PREFIX: a program builds with what pkg-config says of the installed SDK, wherever it lies, and runs."""
import argparse
import os
import pathlib
import subprocess
import sys


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("prefix", type=pathlib.Path)
    parser.add_argument("--compiler", required=True)
    parser.add_argument("--source", required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    folder = next((args.prefix / "lib").rglob("plugboard.pc")).parent
    environment = {**os.environ, "PKG_CONFIG_PATH": str(folder)}
    say = lambda *words: subprocess.run(["pkg-config", *words, "plugboard"], check=True, capture_output=True, text=True,
                                        env=environment).stdout.split()
    script = pathlib.Path(say("--variable=version_script")[0])
    if not script.is_file():
        sys.exit(f"pkg-config's version_script is not there: {script}")
    program = args.work / "shapes"
    subprocess.run([args.compiler, "-std=c++20", *say("--cflags"), args.source, "-o", program, *say("--libs")], check=True)
    printed = subprocess.run([program], check=True, capture_output=True, text=True).stdout.split()
    if "contact/v1" not in printed or printed[-1] != "{}":
        sys.exit(f"it printed {printed}")


main()

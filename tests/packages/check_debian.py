"""check_debian.py: cpack makes both packages; unpacked side by side they hold a hub that runs and an SDK that builds."""
import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys


def run(*command, **more):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, **more)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout


def field(package, name):
    return run("dpkg-deb", "-f", package, name).strip()


def check_fields(packages, version):
    hub, sdk = packages["plugboard"], packages["libplugboard-dev"]
    for package in (hub, sdk):
        assert field(package, "Version") == version, field(package, "Version")
        assert field(package, "Description"), package
    assert "libc6" in field(hub, "Depends"), field(hub, "Depends")  # by dpkg-shlibdeps
    assert field(sdk, "Depends") == f"plugboard (= {version})", field(sdk, "Depends")
    for package in (hub, sdk):
        strange = [line for line in run("dpkg-deb", "-c", package).splitlines() if not re.search(r" \./(usr/.*)?$", line)]
        assert not strange, strange


def build_template(args, root):
    """As an author does who installed both packages, with sources of their own."""
    source, build = args.work / "hello", args.work / "hello/build"
    shutil.copytree(root / "usr/share/plugboard/template", source)
    run(args.cmake, "-G", "Ninja", "-S", source, "-B", build, f"-DCMAKE_PREFIX_PATH={root}/usr",
        f"-DCMAKE_C_COMPILER={args.c}", f"-DCMAKE_CXX_COMPILER={args.cxx}")
    run(args.cmake, "--build", build)
    run(args.ctest, "--test-dir", build, "--no-tests=error")
    return build / "plugins/hello/0.1.0/hello.so"


def main():
    parser = argparse.ArgumentParser()
    for name in ("cpack", "cmake", "ctest", "c", "cxx", "version"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    args = parser.parse_args()
    shutil.rmtree(args.work, ignore_errors=True)
    # Half a minute of compression for each run of the tests would show nothing.
    run(args.cpack, "--config", args.build / "CPackConfig.cmake", "-B", args.work, "-D", "CPACK_DEBIAN_COMPRESSION_TYPE=gzip",
        cwd=args.build, env={**os.environ, "SOURCE_DATE_EPOCH": "0"})
    packages = {field(file, "Package"): file for file in args.work.glob("*.deb")}
    assert set(packages) == {"plugboard", "libplugboard-dev"}, packages
    check_fields(packages, args.version)
    root = args.work / "root"
    for package in packages.values():
        run("dpkg-deb", "-x", package, root)
    assert args.version in run(root / "usr/bin/plugboardd", "--version")
    for plugin in [build_template(args, root), *root.glob("usr/lib/plugboard/plugins/*/*/*.so")]:
        run(root / "usr/bin/plugboard", "plugin", "info", plugin)


main()

"""The project's sources as the checks see them: which files there are, and what is code in them."""
import pathlib
import re

ROOTS = ("core", "sdk", "plugins")
SUFFIXES = {".c", ".h", ".cpp", ".hpp", ".in"}

# Comments, and literals of every sort, so that neither hides in the other.
_TOKEN = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(?P<mark>[^ ()\\\t\n]*)\(.*?\)(?P=mark)"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'',
    re.DOTALL)


def files(root):
    """Every source file below core/, sdk/ and plugins/, as a path relative to root with forward slashes."""
    root = pathlib.Path(root)
    found = []
    for top in ROOTS:
        found += [path for path in (root / top).rglob("*") if path.suffix in SUFFIXES and path.is_file()]
    return sorted(path.relative_to(root).as_posix() for path in found)


def read(root, path):
    return (pathlib.Path(root) / path).read_text(encoding="utf-8")


def code_of(text):
    """The text without comments and literals; lines keep their numbers. A digit separator is no literal."""
    def blank(match):
        return '""' + "\n" * match.group().count("\n")

    return _TOKEN.sub(blank, re.sub(r"(?<=[0-9a-fA-F])'(?=[0-9a-fA-F])", "", text))


def lines_with(pattern, text):
    return [number for number, line in enumerate(text.splitlines(), 1) if re.search(pattern, line)]


def finish(faults, what):
    for fault in faults:
        print(fault)
    print(f"{what}: {len(faults)} fault(s)" if faults else f"{what}: as it should be")
    return 1 if faults else 0

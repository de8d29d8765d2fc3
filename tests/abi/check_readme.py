"""check_readme.py ROOT PAGE: each block of code on the page (C, C++, JSON) stands in a file of the project, to the letter.

Before a block stands <!-- from FILE -->. How far it is indented there is its own; a line of nothing but … leaves lines out."""
import pathlib
import re
import sys
import textwrap

BLOCK = re.compile(r"(?:^<!-- from (\S+) -->\n)?^```(?:cpp|c|json)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def dedented(lines):
    return textwrap.dedent("".join(lines)).splitlines()


def stands_in(piece, lines, start):
    """Where it ends in lines, looked for from start on; None: nowhere."""
    for at in range(start, len(lines) - len(piece) + 1):
        if dedented(lines[at:at + len(piece)]) == piece:
            return at + len(piece)
    return None


def fault(root, name, block):
    if not name:
        return "a block of code does not say where it is from"
    lines, at = (root / name).read_text().splitlines(keepends=True), 0
    for piece in re.split(r"^ *…\n", block, flags=re.MULTILINE):
        at = stands_in(dedented(piece.splitlines(keepends=True)), lines, at)
        if at is None:
            return f"{name} no longer has this: copy it in again"
    return None


def main():
    root, page = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[1]) / sys.argv[2]
    text = page.read_text()
    blocks = list(BLOCK.finditer(text))
    faults = [(text.count("\n", 0, block.start(2)), why) for block in blocks if (why := fault(root, *block.groups()))]
    if not blocks or faults:
        sys.exit("\n".join(f"{page}:{line}: {why}" for line, why in faults) or f"{page} shows no code")


main()

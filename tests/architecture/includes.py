"""Every #include of core/, sdk/ and plugins/ against the table in core/README.md."""
import fnmatch
import re
import sys

import tree

_INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


class Table:
    """The fenced block `include-table` under `## Include table`: folder, floor, what may be included."""

    def __init__(self, markdown):
        section = re.search(r"^## Include table$(.*?)(?=^## |\Z)", markdown, re.MULTILINE | re.DOTALL)
        block = section and re.search(r"^```include-table\n(.*?)^```$", section.group(1), re.MULTILINE | re.DOTALL)
        if not block:
            raise SystemExit("core/README.md has no block include-table under the heading 'Include table'")
        self.rows = []
        for line in block.group(1).splitlines():
            words = line.split("#")[0].split()
            if words:
                self.rows.append((words[0], None if words[1] == "-" else int(words[1]), words[2:]))

    def rows_of(self, path):
        parts = path.split("/")
        for folder, floor, allowed in self.rows:
            wanted = folder.split("/")
            if len(wanted) <= len(parts) and all(map(fnmatch.fnmatchcase, parts, wanted)):
                yield folder, floor, allowed

    def floor_of(self, path):
        return next((floor for _, floor, _ in self.rows_of(path) if floor is not None), None)


def fault_of(table, path, quote, name):
    """Why this include may not stand there; None when it may."""
    rows = list(table.rows_of(path))
    if not rows:
        return "stands in a folder that the table does not know"
    folder_of = lambda file: "/".join(file.split("/")[:2])
    if quote == '"' and name.startswith(("core/", "plugins/")):
        if folder_of(name) == folder_of(path):
            return None
        if not name.startswith("core/"):
            lent = any(word.startswith("plugins/") and name.startswith(word) for row in rows for word in row[2])
            return None if lent else "is another plugin's"
        if not path.startswith("core/"):
            return "is core's, which nothing in sdk/ and plugins/ may include"
        own, other = table.floor_of(path), table.floor_of(name)
        if other is None:
            return "is a room that the table does not know"
        return None if other < own else f"is on floor {other}, which is not below floor {own}"
    if quote == "<" and "/" not in name and "." not in name:
        return None  # the C++ library
    for _, _, allowed in rows:
        if any(name == word or (word.endswith("/") and name.startswith(word)) for word in allowed):
            return None
    return "is not in the table for this folder"


def check(table, sources):
    """sources: path -> text."""
    faults = []
    for path, text in sources.items():
        for number, line in enumerate(text.splitlines(), 1):
            match = _INCLUDE.match(line)
            why = match and fault_of(table, path, match.group(1), match.group(2))
            if why:
                faults.append(f"{path}:{number}: {match.group(2)} {why}")
    return faults


def main(root):
    table = Table(tree.read(root, "core/README.md"))
    return tree.finish(check(table, {path: tree.read(root, path) for path in tree.files(root)}), "includes")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

"""What the sources may not contain: coroutines, forgotten notes, catches outside the roots, clocks of their own, length."""
import pathlib
import sys

import tree

MOST_LINES = 400
HERE = pathlib.Path(__file__).parent


def listed(text):
    """A list of exceptions: a path and the reason, on one line."""
    entries = {}
    for line in text.splitlines():
        path, _, reason = line.partition(" ")
        if path and not path.startswith("#"):
            entries[path] = reason.strip()
    return entries


def each_line(sources, pattern, message, whole=False):
    return [f"{path}:{number}: {message}" for path, text in sources.items()
            for number in tree.lines_with(pattern, text if whole else tree.code_of(text))]


def coroutines(sources):
    return each_line(sources, r"\bco_(await|return|yield)\b|#\s*include\s*<coroutine>", "coroutines are not used here")


def forgotten(sources):
    return each_line(sources, r"TODO\(now\)", "TODO(now) must be done before it is committed", whole=True)


def against_list(found, entries, what, list_name):
    """found: path -> message. Entries that excuse nothing, or give no reason, are faults too."""
    faults = [message for path, message in found.items() if path not in entries]
    faults += [f"{list_name}: {path} {what} no more; remove its line" for path in entries if path not in found]
    return faults + [f"{list_name}: {path} gives no reason" for path, reason in entries.items() if not reason]


def long_files(sources, entries):
    found = {}
    for path, text in sources.items():
        lines = len(text.splitlines())
        if lines > MOST_LINES:
            found[path] = f"{path}: {lines} lines, more than {MOST_LINES}; split it by concept"
    return against_list(found, entries, "is long", "long_files.txt")


def catches(sources, entries):
    found = {}
    for path, text in sources.items():
        numbers = tree.lines_with(r"\bcatch\b", tree.code_of(text))
        if numbers:
            found[path] = f"{path}:{numbers[0]}: catch outside the roots; return an Error, or say in catches.txt why not"
    return against_list(found, entries, "catches", "catches.txt")


def own_sources(sources, entries):
    """In core/, time and randomness are injected."""
    pattern = r"\b(steady|system|high_resolution|utc|file)_clock::now\b|\brandom_device\b|\bclock_gettime\b|\bgetrandom\b"
    found = {}
    for path, text in sources.items():
        numbers = tree.lines_with(pattern, tree.code_of(text)) if path.startswith("core/") else []
        if numbers:
            found[path] = f"{path}:{numbers[0]}: a clock or random device of its own; take Clock or Random"
    return against_list(found, entries, "reads a clock or random device", "clocks.txt")


def main(root):
    sources = {path: tree.read(root, path) for path in tree.files(root)}
    tested = {path: text for path, text in sources.items() if "/test/" not in path}  # tests may wait, catch, measure
    entries = {name: listed((HERE / f"{name}.txt").read_text(encoding="utf-8")) for name in ("catches", "clocks", "long_files")}
    faults = coroutines(sources) + forgotten(sources) + long_files(sources, entries["long_files"])
    faults += catches(tested, entries["catches"]) + own_sources(tested, entries["clocks"])
    return tree.finish(faults, "sources")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

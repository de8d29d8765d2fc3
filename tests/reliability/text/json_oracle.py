"""json_oracle.py FILE: another parser's opinion. Each line of FILE: a text in base64, whether the hub accepted it (1, 0),
and what the hub wrote of it in base64. Prints what differs, then how many were held; leaves with 1 when any differs."""
import base64
import json
import math
import struct
import sys

DEPTH, MEMBERS = 64, 100_000


class Refused(Exception):
    pass


def integer(text):
    value = int(text) if len(text) < 30 else None
    if value is None or not -(2**63) <= value < 2**64:
        raise Refused("integer")
    return ("i", value)


def real(text):
    value = float(text)
    if not math.isfinite(value):
        raise Refused("real")
    return ("r", struct.pack("<d", value))


def constant(text):
    raise Refused(text)


def members(pairs):
    if len({key for key, _ in pairs}) != len(pairs):
        raise Refused("a key twice")
    return {"": pairs}


def hold(value, depth, counted):
    if isinstance(value, (list, dict)):
        if depth == DEPTH:
            raise Refused("depth")
        inner = value if isinstance(value, list) else [item for _, item in value[""]]
        counted[0] += len(inner)
        if counted[0] > MEMBERS:
            raise Refused("members")
        if isinstance(value, dict):
            for key, _ in value[""]:
                key.encode()
        for item in inner:
            hold(item, depth + 1, counted)
    elif isinstance(value, str):
        value.encode()  # a lone surrogate is no text


def read(data):
    """What the text says, numbers with their kinds; None: refused."""
    try:
        text = data.decode("utf-8")
        value = json.loads(text, parse_int=integer, parse_float=real, parse_constant=constant, object_pairs_hook=members)
        hold(value, 0, [0])
        return ("read", value)
    except (ValueError, RecursionError, Refused):
        return None


def main():
    differing = count = 0
    for line in open(sys.argv[1]):
        text, accepted, written = line.rstrip("\n").split("\t")
        text, written = base64.b64decode(text), base64.b64decode(written)
        seen = read(text)
        fault = ""
        if (seen is not None) != (accepted == "1"):
            fault = "accepted by the hub alone" if accepted == "1" else "refused by the hub alone"
        elif seen is not None and read(written) != seen:
            fault = f"understood otherwise: {written[:200]!r}"
        count += 1
        if fault:
            differing += 1
            if differing <= 20:
                print(f"{text[:200]!r} {fault}")
    print(f"{count} held against Python, {differing} differ")
    return 1 if differing else 0


sys.exit(main())

"""check_plugin.py PLUGIN.so --sdk FOLDER: what a plugin's file must be, read by other means than the hub's own.

One exported symbol, none of them unique; an ELF note whose hashes are right and whose manifest follows its schema; the
file stands where its manifest says.
"""
import argparse
import hashlib
import json
import pathlib
import struct
import subprocess
import sys

import jsonschema

NOTE_HEAD = struct.Struct("<IHH32s32sII")


def notes(elf):
    """Every note of the file's PT_NOTE segments: (name, type, descriptor)."""
    assert elf[:6] == b"\x7fELF\x02\x01", "not a 64-bit little-endian ELF file"
    offset, = struct.unpack_from("<Q", elf, 32)
    size, count = struct.unpack_from("<HH", elf, 54)
    for i in range(count):
        kind, _, start, _, _, length, _, align = struct.unpack_from("<IIQQQQQQ", elf, offset + i * size)
        at, end, align = start, start + length, max(align, 4)
        while kind == 4 and at + 12 <= end:
            name_size, desc_size, note_type = struct.unpack_from("<III", elf, at)
            desc = at + 12 + -(-name_size // 4) * 4
            yield elf[at + 12:at + 12 + name_size].rstrip(b"\0").decode(), note_type, elf[desc:desc + desc_size]
            at = -(-(desc + desc_size) // align) * align


def check_note(elf, sdk):
    ours = [n for n in notes(elf) if n[0] == "plugboard"]
    assert len(ours) == 1, f"{len(ours)} notes named plugboard"
    _, note_type, desc = ours[0]
    assert note_type == 1, f"note type {note_type}"
    magic, major, minor, abi_hash, manifest_hash, size, reserved = NOTE_HEAD.unpack_from(desc)
    text = desc[NOTE_HEAD.size:]
    assert (magic, major, minor, reserved) == (0x42474C50, 1, 0, 0), "wrong magic, ABI version or reserved field"
    assert len(text) == size, f"the note holds {len(text)} bytes of manifest, and says {size}"
    assert abi_hash == hashlib.sha256((sdk / "include/plugboard/abi.h").read_bytes()).digest(), "hash of another abi.h"
    assert manifest_hash == hashlib.sha256(text).digest(), "hash of another manifest"
    return json.loads(text)


def check_symbols(path):
    run = lambda *command: subprocess.run(command, check=True, capture_output=True, text=True).stdout
    exported = run("nm", "-D", "--defined-only", str(path)).split("\n")[:-1]
    assert [line.split()[-1] for line in exported] == ["plugboard_connector_entry_v1"], "\n".join(exported)
    assert "UNIQUE" not in run("readelf", "-sW", str(path)), "has unique symbols"
    assert "GNU_STACK" in (segments := run("readelf", "-lW", str(path))) and "RWE" not in segments, "executable stack"
    assert "Build ID" in run("readelf", "-nW", str(path)), "no build-id"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("plugin", type=pathlib.Path)
    parser.add_argument("--sdk", type=pathlib.Path, required=True)
    parser.add_argument("--source", type=pathlib.Path, help="folder of manifest.json and config.schema.json")
    args = parser.parse_args()
    try:
        check_symbols(args.plugin)
        both = check_note(args.plugin.read_bytes(), args.sdk)
        manifest = both["manifest"]
        schema = json.loads((args.sdk / "manifest.schema.json").read_text())
        schema.pop("$id")  # relative, as our names are: older validators would look for "#/$defs" somewhere else
        jsonschema.validators.validator_for(schema).check_schema(schema)
        jsonschema.validate(manifest, schema)
        jsonschema.Draft202012Validator.check_schema(both["config_schema"])
        assert args.plugin.parts[-3:] == (manifest["name"], manifest["version"], manifest["name"] + ".so"), args.plugin
        if args.source:
            assert manifest == json.loads((args.source / "manifest.json").read_text())
            assert both["config_schema"] == json.loads((args.source / "config.schema.json").read_text())
    except (AssertionError, jsonschema.ValidationError) as fault:
        sys.exit(f"{args.plugin}: {fault}")


main()

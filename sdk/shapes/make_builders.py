#!/usr/bin/env python3
"""Writes sdk/include/plugboard/shapes/NAME.hpp from NAME.v1.json: a struct for each object of the shape, whose required
members have no value of their own, so that one that is forgotten does not compile. --check: fails when a file is not
what would be written."""
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
OUT = HERE.parent / "include" / "plugboard" / "shapes"
SHAPES = ["contact", "orders", "payments", "tickets"]
KEYWORDS = {"private", "new", "default", "class", "union", "delete", "return", "case", "public", "int", "float", "not", "or"}


def camel(text):
    return "".join(part.capitalize() for part in text.split("_"))


def singular(text):
    if text.endswith("sses"):
        return text[:-2]
    return text[:-1] if text.endswith("s") and not text.endswith("ss") else text


def identifier(text):
    return text + "_" if text in KEYWORDS else text


class Builder:
    def __init__(self, name):
        self.name = name
        self.schema = json.loads((HERE / f"{name}.v1.json").read_text())
        self.parts, self.taken, self.defined = [], set(), {}

    def unique(self, wanted, owner):
        name = wanted if wanted not in self.taken else owner + wanted
        self.taken.add(name)
        return name

    def type_of(self, schema, prop, owner):
        """(C++ type, expression of a value `v` as what JsonObject::set takes)"""
        if "$ref" in schema:
            return self.defs(schema["$ref"].rsplit("/", 1)[1]), "to_json({})"
        kind = schema["type"]
        if "enum" in schema:
            return self.enum(schema["enum"], owner + camel(prop)), "name_of({})"
        if kind == "object":
            return self.struct(schema, self.unique(camel(prop), owner)), "to_json({})"
        if kind == "array":
            inner, text = self.type_of(schema["items"], singular(prop), owner)
            return f"std::vector<{inner}>", f"detail::array_of({{}}, [](const auto& each) {{{{ return {text.format('each')}; }}}})"
        plain = {"string": "std::string", "boolean": "bool", "integer": "std::int64_t", "number": "double"}
        return plain[kind], "{}"

    def defs(self, name):
        if name not in self.defined:
            self.defined[name] = self.unique(camel(name), self.name)
            self.struct(self.schema["$defs"][name], self.defined[name])
        return self.defined[name]

    def enum(self, values, name):
        name = self.unique(name, self.name)
        items = [identifier(value) for value in values]
        lines = [f"enum class {name} : std::uint8_t {{ {items[0]} = 1, " + ", ".join(items[1:]) + " };", ""]
        names = ", ".join(f'"{value}"' for value in values)
        lines += [f"inline std::string_view name_of({name} value) {{",
                  f"  constexpr std::string_view kNames[] = {{{names}}};",
                  "  const auto place = static_cast<std::size_t>(value) - 1;",
                  '  return place < std::size(kNames) ? kNames[place] : "";', "}"]
        self.parts.append("\n".join(lines))
        return name

    def struct(self, schema, name):
        fields, body = [], []
        required = set(schema.get("required", []))
        for prop, sub in schema["properties"].items():
            kind, text = self.type_of(sub, prop, name)
            member = identifier(prop)
            note = sub.get("description", "")
            if prop in required:
                fields.append((f"Required<{kind}> {member};", note))
                body.append(f'  out.set("{prop}", {text.format(f"*from.{member}")});')
            elif kind.startswith("std::vector"):
                fields.append((f"{kind} {member}{{}};", note))
                body.append(f'  if (!from.{member}.empty()) out.set("{prop}", {text.format("from." + member)});')
            else:
                fields.append((f"std::optional<{kind}> {member}{{}};", note))
                body.append(f'  if (from.{member}) out.set("{prop}", {text.format(f"*from.{member}")});')
        lines = [f"struct {name} {{"]
        for field, note in fields:
            lines += [f"  {field}" + (f" // {note}" if note else "")]
        lines += ["};", "", f"inline JsonObject to_json(const {name}& from) {{", "  JsonObject out;"] + body
        lines += ["  return out;", "}"]
        self.parts.append("\n".join(lines))
        return name

    def text(self):
        root = camel(self.name)
        self.taken.add(root)
        self.struct(self.schema, root)
        return "\n".join([
            f"// The shape {self.name}/v1, typed: {self.schema['title'].lower()} that lack a required member do not compile.",
            "// Written by sdk/shapes/make_builders.py; change the shape instead. Values.",
            "// clang-format off",
            "#pragma once",
            "",
            "#include <plugboard/shapes/required.hpp>",
            "",
            f"namespace plugboard::{self.name}_v1 {{",
            "",
            "\n\n".join(self.parts),
            "",
            f"// What Section::data takes.",
            f"inline std::string data_of(const {root}& from) {{ return to_json(from).text(); }}",
            "",
            f"}} // namespace plugboard::{self.name}_v1",
            "",
        ])


def main():
    stale = []
    for name in SHAPES:
        text, file = Builder(name).text(), OUT / f"{name}.hpp"
        if "--check" not in sys.argv:
            file.write_text(text)
        elif not file.exists() or file.read_text() != text:
            stale.append(str(file))
    if stale:
        sys.exit("not what sdk/shapes/make_builders.py writes: run it\n  " + "\n  ".join(stale))


main()

#!/usr/bin/env python3
"""Writes sdk/include/plugboard/shapes/NAME.hpp from NAME.v1.json: a struct for each object of the shape, whose required
members have no value of their own, so that one that is forgotten does not compile. What several shapes define alike is
one struct, in parts.hpp. --check: fails when a file is not what would be written."""
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


def schema_of(name):
    return json.loads((HERE / f"{name}.v1.json").read_text())


def shared_definitions():
    """What several shapes have in $defs, by its name there. One name for two things is a mistake in the shapes."""
    shared, seen = {}, {}
    for shape in SHAPES:
        for name, schema in schema_of(shape).get("$defs", {}).items():
            if seen.setdefault(name, schema) is not schema:
                if seen[name] != schema:
                    sys.exit(f"sdk/shapes: $defs/{name} of {shape}.v1.json is not what another shape calls so")
                shared[name] = schema
    return shared


class Builder:
    def __init__(self, name, schema, shared):
        self.name, self.schema, self.shared = name, schema, shared
        self.parts, self.taken, self.defined, self.borrowed = [], set(), {}, []

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
            if name in self.shared:
                self.borrowed.append(self.defined[name])
            else:
                self.struct(self.schema["$defs"][name], self.defined[name])
        return self.defined[name]

    def enum(self, values, name):
        name = self.unique(name, self.name)
        items = [identifier(value) for value in values]
        lines = [f"enum class {name} : std::uint8_t {{ {items[0]} = 1, " + ", ".join(items[1:]) + " };", ""]
        names = ", ".join(f'"{value}"' for value in values)
        lines += [f"inline std::string_view name_of({name} value) {{",
                  f"  constexpr std::string_view kNames[] = {{{names}}};",
                  "  return detail::name_at(kNames, static_cast<std::size_t>(value) - 1);", "}"]
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
        self.parts.insert(0, "\n".join(f"using parts_v1::{name};" for name in self.borrowed))
        self.parts.append("// What Section::data takes.\n"
                          f"inline std::string data_of(const {root}& from) {{ return to_json(from).text(); }}")
        about = f"The shape {self.name}/v1, typed: {self.schema['title'].lower()} that lack a required member do not compile."
        return page(about, ["parts"] if self.borrowed else ["required"], self.name, filter(None, self.parts))


def page(about, includes, name, parts):
    return "\n".join([
        f"// {about}",
        "// Written by sdk/shapes/make_builders.py; change the shape instead. Values.",
        "// clang-format off",
        "#pragma once",
        "",
        *(f"#include <plugboard/shapes/{include}.hpp>" for include in includes),
        "",
        f"namespace plugboard::{name}_v1 {{",
        "",
        "\n\n".join(parts),
        "",
        f"}} // namespace plugboard::{name}_v1",
        "",
    ])


def pages():
    shared = shared_definitions()
    alike = Builder("parts", {"$defs": shared}, {})
    for name in shared:
        alike.defs(name)
    yield "parts", page("What several shapes have in common, typed.", ["required"], "parts", alike.parts)
    for name in SHAPES:
        yield name, Builder(name, schema_of(name), shared).text()


def main():
    stale = []
    for name, text in pages():
        file = OUT / f"{name}.hpp"
        if "--check" not in sys.argv:
            file.write_text(text)
        elif not file.exists() or file.read_text() != text:
            stale.append(str(file))
    if stale:
        sys.exit("not what sdk/shapes/make_builders.py writes: run it\n  " + "\n  ".join(stale))


main()

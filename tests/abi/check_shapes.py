"""check_shapes.py FOLDER: the shapes are schemas within the hub's subset, every leaf is classified, and real answers fit.
"""
import json
import pathlib
import sys

import jsonschema

KEYWORDS = {"$schema", "$id", "$defs", "$ref", "title", "description", "type", "properties", "required", "items",
            "additionalProperties", "enum", "const", "minimum", "maximum", "minLength", "maxLength", "format",
            "maxItems", "x-classification", "x-untrusted", "x-never", "x-rows"}
CLASSES = {"personal", "payment", "freetext", "technical"}
LEAVES = {"string", "integer", "number", "boolean"}
MONEY = {"amount_minor": 129900, "currency": "SEK"}
FITS = {
    "contact": [{"customer_id": "1"},
                {"customer_id": "1", "emails": [{"address": "a@b.example"}], "address": {"lines": ["1 St"], "country": "SE"}}],
    "orders": [{"orders": []}, {"customer_id": "1", "orders": [{"id": "1", "total": MONEY, "placed_at": "2026-01-02T03:04:05Z"}]}],
    "payments": [{"payments": []}, {"payments": [{"id": "1", "amount": MONEY, "method": {"type": "card", "last4": "4242"}}]}],
    "tickets": [{"tickets": []}, {"tickets": [{"id": "1", "status": "open", "messages": [{"author": "customer", "text": "hi"}]}]}],
    "record": [{}, {"anything": [1, None, {"at": "all"}]}],
}
REFUSED = {
    "contact": [{}, {"customer_id": 1}, {"customer_id": "1", "emails": ["a@b.example"]}, []],
    "orders": [{}, {"orders": [{}]}, {"orders": [{"id": "1", "status": "Lost"}]},
               {"orders": [{"id": "1", "total": {"amount_minor": 12.5, "currency": "SEK"}}]}],
    "payments": [{}, {"payments": [{"id": "1", "amount": {"amount_minor": 1}}]}, {"payments": [{"id": "1", "created_at": "1/2/2026"}]}],
    "tickets": [{}, {"tickets": [{"id": "1", "priority": 1}]}],
    "record": [[], "text"],
}


def walk(schema, at):
    unknown = set(schema) - KEYWORDS
    assert not unknown, f"{at}: keywords that the hub does not enforce: {unknown}"
    if schema.get("type") in LEAVES:
        assert schema.get("x-classification") in CLASSES, f"{at}: is not classified"
        assert schema.get("description"), f"{at}: is not described"
    if schema.get("x-classification") == "freetext":
        assert schema.get("x-untrusted") is True, f"{at}: free text that is trusted"
    for group in ("properties", "$defs"):
        for name, below in schema.get(group, {}).items():
            walk(below, f"{at}/{name}")
    if "items" in schema:
        assert schema.get("maxItems"), f"{at}: a list without an end"
        walk(schema["items"], f"{at}/*")


def main():
    folder = pathlib.Path(sys.argv[1])
    for name, fitting in FITS.items():
        schema = json.loads((folder / f"{name}.v1.json").read_text())
        jsonschema.Draft202012Validator.check_schema(schema)
        assert schema["$id"] == f"{name}/v1"
        walk(schema, name)
        if rows := schema.get("x-rows"):
            assert schema["properties"][rows[1:]]["type"] == "array", f"{name}: x-rows is no array"
        checker = jsonschema.FormatChecker()
        checker.checks("date-time")(lambda v: not isinstance(v, str) or (len(v) >= 20 and v[4] == "-" and v[10] in "Tt"))
        # without "$id", which is relative: older validators would look for "#/$defs" somewhere else
        local = {member: value for member, value in schema.items() if member != "$id"}
        validator = jsonschema.Draft202012Validator(local, format_checker=checker)
        for value in fitting:
            validator.validate(value)
        for value in REFUSED[name]:
            assert not validator.is_valid(value), f"{name} lets through {value}"
    types = json.loads((folder / "identifiers.json").read_text())["identifiers"]
    for name, about in types.items():
        assert about["description"] and about["compare"] in ("exact", "ignore_case") and about["max_length"] > 0, name
        assert about["format"] in ("email", "e164", "text"), name


main()

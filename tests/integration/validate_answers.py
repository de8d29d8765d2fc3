#!/usr/bin/env python3
"""validate_answers.py OPENAPI EXCHANGES

Holds real requests and answers of a hub (one JSON object a line) against the OpenAPI document that the hub publishes.
Exit 0: all of them are as the document says, all it documents was met, and spoilt answers would have been noticed.
"""
import copy
import json
import re
import sys

from jsonschema import Draft202012Validator, FormatChecker, RefResolver

# Documented, and not to be had from a healthy hub within a test; of logouts a provider tells, in tests/integration/oidc.
NOT_MET = {("/v1/sessions/introspect", "503"), ("/v1/sessions/revoke", "503"), ("/v1/context", "503"),
           ("/v1/prefetch", "503"), ("/v1/context/explain", "503"), ("/v1/sections", "503"), ("/readyz", "503"), ("/v1/sessions/handoff", "503"), ("/v1/sessions/redeem", "503")}
NOT_MET |= {("/v1/logout/{connector}", status) for status in ("200", "400", "404", "413", "429", "503")}
STATUSES = {"ok", "not_found", "timeout", "error", "invalid", "ambiguous", "skipped", "step_up_required", "denied"}

formats = FormatChecker(formats=())


@formats.checks("date-time")
def is_date_time(value):
    return not isinstance(value, str) or bool(
        re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", value))


class Document:
    def __init__(self, document):
        self.document = document
        self.resolver = RefResolver.from_schema(document)

    def resolve(self, node):
        while "$ref" in node:
            node = self.resolver.resolve(node["$ref"])[1]
        return node

    def faults(self, schema, value):
        validator = Draft202012Validator(schema, resolver=self.resolver, format_checker=formats)
        return [f"{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}" for error in validator.iter_errors(value)]

    def operation(self, method, path):
        return self.document["paths"].get(path, {}).get(method.lower())

    def answer_schema(self, operation, status, content_type):
        """None: not documented. An empty dict: documented, without a body."""
        response = operation["responses"].get(str(status))
        if response is None:
            return None
        content = self.resolve(response).get("content")
        return content.get(content_type.split(";")[0], {}).get("schema") if content else {}

    def own_faults(self):
        found = []
        for name, schema in self.document["components"]["schemas"].items():
            Draft202012Validator.check_schema(schema)
        ids = [operation["operationId"] for path in self.document["paths"].values() for operation in path.values()]
        if len(ids) != len(set(ids)):
            found.append("an operationId stands twice")

        def walk(node):
            if isinstance(node, dict):
                if "$ref" in node:
                    self.resolver.resolve(node["$ref"])  # raises
                for value in node.values():
                    walk(value)
            elif isinstance(node, list):
                for value in node:
                    walk(value)
        walk(self.document)
        return found


def check_request(document, operation, exchange, complain):
    if "requestBody" not in operation or exchange["schema"] == "either":
        return
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    faults = document.faults(schema, json.loads(exchange["request"]))
    if exchange["schema"] == "yes" and faults:
        complain(f"the hub took a request that its document forbids: {faults}")
    if exchange["schema"] == "no" and not faults:
        complain(f"the hub refused a request that its document allows: {exchange['request']}")


def check_answer(document, operation, exchange, complain):
    """Returns how many spoilt copies of the answer were noticed."""
    schema = document.answer_schema(operation, exchange["status"], exchange["type"])
    if schema is None:
        complain("not documented")
        return 0
    if not schema:
        if exchange["answer"]:
            complain("documented without a body, and has one")
        return 0
    answer = json.loads(exchange["answer"])
    for fault in document.faults(schema, answer):
        complain(fault)
    noticed = 0
    for member in document.resolve(schema).get("required", []):
        spoilt = copy.deepcopy(answer)
        del spoilt[member]
        if not document.faults(schema, spoilt):
            complain(f"nobody would notice that {member} is missing")
        noticed += 1
    return noticed


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        document = Document(json.load(file))
    with open(sys.argv[2], encoding="utf-8") as file:
        exchanges = [json.loads(line) for line in file]
    complaints = document.own_faults()
    met, statuses, noticed = set(), set(), 0
    for exchange in exchanges:
        where = f"{exchange['method']} {exchange['path']} {exchange['status']}"
        operation = document.operation(exchange["method"], exchange["path"])
        if operation is None:
            complaints.append(f"{where}: not in the document")
            continue
        met.add((exchange["path"], str(exchange["status"])))
        complain = lambda what: complaints.append(f"{where}: {what}")
        check_request(document, operation, exchange, complain)
        noticed += check_answer(document, operation, exchange, complain)
        if exchange["path"] == "/v1/context" and exchange["status"] == 200:
            statuses |= {section["status"] for section in json.loads(exchange["answer"])["sections"].values()}
    for path, operations in document.document["paths"].items():
        for operation in operations.values():
            for status in operation["responses"]:
                if (path, status) not in met | NOT_MET:
                    complaints.append(f"{path} {status}: documented, and never met")
    if STATUSES - statuses:
        complaints.append(f"sections were never {sorted(STATUSES - statuses)}")
    if noticed < 20:
        complaints.append("too few answers were looked at")
    print("\n".join(complaints) or f"{len(exchanges)} exchanges are as the document says")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())

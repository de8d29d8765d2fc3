#!/usr/bin/env python3
"""The two clients: talk.py SERVER SENT. A customer logs in at the desk by a code, mistyped once; then each client asks what
it may see. Ends with an error when that is not what the configuration says."""
import json
import pathlib
import os
import sys
import urllib.error
import urllib.request

SERVER, SENT = sys.argv[1], pathlib.Path(sys.argv[2])
PHONE = "+46701234512"


def post(client, path, body):
    request = urllib.request.Request(SERVER + path, json.dumps(body).encode(), {
        "Content-Type": "application/json", "Authorization": "Bearer " + os.environ[client.upper() + "_KEY"]})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def must(condition, otherwise):
    if not condition:
        sys.exit(f"not as promised: {otherwise}")


def log_in(client):
    status, step = post(client, "/v1/sessions", {"connector": "code", "credential": {"phone": PHONE}})
    must(status == 202 and step["challenge"]["to"] == "•••• 12", step)
    print(f"{client}: a code went to {step['challenge']['to']}, {step['challenge']['attempts_left']} attempts")
    code = SENT.read_text(encoding="utf-8").splitlines()[-1].split()[1]
    wrong = "000000" if code != "000000" else "111111"
    status, step = post(client, "/v1/sessions", {"continue": step["continue"], "credential": {"code": wrong}})
    must(status == 202 and step["challenge"]["status"] == "wrong_code", step)
    print(f"{client}: that was not it, {step['challenge']['attempts_left']} attempts left")
    status, session = post(client, "/v1/sessions", {"continue": step["continue"], "credential": {"code": code}})
    must(status == 201 and session["assurance"] == "aal1", session)
    print(f"{client}: logged in as {session['customer']['id']}, at {session['assurance']}, by {session['methods'][0]}")
    return session["session"]


def contact(client):
    status, context = post(client, "/v1/context", {"session": log_in(client)})
    must(status == 200 and context["sections"]["crm.contact"]["status"] == "ok", context)
    data = context["sections"]["crm.contact"]["data"]
    print(f"{client} sees {json.dumps(data, ensure_ascii=False)}\n")
    return data


desk, bot = contact("desk"), contact("bot")
must(desk["emails"][0]["address"] == "ada@shop.example" and desk["phones"][0]["number"] == PHONE, desk)
must(bot["name"] == "Ada Lovelace" and "emails" not in bot, bot)
must(bot["phones"][0]["number"].endswith("4512") and PHONE not in json.dumps(bot), bot)

"""check_record.py PREFIX --plugin FOLDER: what crm_http's systems say is recorded by `plugboard plugin run --record`, with
nothing in it that is anybody's own; `plugin test` replays it without them, and notices a connector that gives otherwise."""
import argparse
import http.server
import json
import os
import pathlib
import shutil
import subprocess
import sys
import threading
import urllib.parse

EMAIL, PHONE, NAME, ID = "grace.hopper@navy.example", "+12025550143", "Grace Brewster Hopper", 8102347
SECRET, TOKEN = "the-very-secret-of-the-hub", "an-access-token-that-opens-all"
PATIENCE = 180  # seconds; builds are part of it


class Crm(http.server.BaseHTTPRequestHandler):
    """Knows one contact; wants the token that it gives for the secret."""

    def log_message(self, *_):
        pass

    def say(self, status, body):
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.send_header("Set-Cookie", "visitor=" + TOKEN)
        self.end_headers()
        self.wfile.write(text)

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.say(200, {"access_token": TOKEN, "token_type": "Bearer", "expires_in": 3600})

    def do_GET(self):
        if self.headers["Authorization"] != "Bearer " + TOKEN:
            return self.say(401, {"error": "who are you?"})
        asked = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)["email"]
        contact = {"id": ID, "name": NAME, "email": EMAIL, "phone": PHONE}
        self.say(200, {"contacts": [contact] if asked == [EMAIL] else [], "page": 1, "seats": 250})


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("prefix", type=pathlib.Path)
    parser.add_argument("--plugin", type=pathlib.Path, required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--c", required=True)
    parser.add_argument("--cxx", required=True)
    args = parser.parse_args()
    shutil.rmtree(args.work, ignore_errors=True)
    shutil.copytree(args.plugin, args.work / "crm", ignore=shutil.ignore_patterns("build"))
    environment = {**os.environ, "CC": args.c, "CXX": args.cxx}

    def ends(*words, with_code=0):
        done = subprocess.run([args.prefix / "bin/plugboard", "plugin", *words], cwd=args.work / "crm", env=environment,
                              capture_output=True, text=True, timeout=PATIENCE)
        if done.returncode != with_code:
            sys.exit(f"{' '.join(words)} ended with {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout + done.stderr

    crm = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Crm)
    threading.Thread(target=crm.serve_forever, daemon=True).start()
    place = f"http://127.0.0.1:{crm.server_port}"
    live = {"config": {"url": place + "/v2", "token_url": place + "/token", "client_id": "hub",
                       "client_secret": {"env": "CRM_SECRET"}, "scope": "contacts.read"},
            "secrets": {"CRM_SECRET": SECRET},
            "lookup": [{"section": "contact", "identifiers": {"email": EMAIL}},
                       {"section": "contact", "identifiers": {"email": "nobody@navy.example"}}]}
    (args.work / "live.json").write_text(json.dumps(live))
    said = ends("run", "--scenario", str(args.work / "live.json"), "--record", "recorded.json")
    assert NAME in said and "answers are recorded" in said, said
    crm.shutdown()

    text = (args.work / "crm/recorded.json").read_text()
    for own in [EMAIL, urllib.parse.quote(EMAIL, safe=""), PHONE, NAME, "Hopper", "grace", str(ID), SECRET, TOKEN, "nobody"]:
        assert own not in text, f"{own} stands in {text}"
    recorded = json.loads(text)
    found, missed = recorded["lookup"]
    assert found["gives"]["status"] == "ok" and missed["gives"] == {"status": "not_found"}, recorded["lookup"]
    assert found["gives"]["data"]["name"].count(" ") == 2 and found["identifiers"]["email"].endswith("@example.com"), found
    assert '"seats":250' in text, "what tells nothing is another"

    seen = ends("test", ".")
    assert "gives what was recorded" in seen and "it keeps every rule" in seen, seen
    source = args.work / "crm/crm_http.cpp"
    source.write_text(source.read_text().replace("known.name = std::string(*name)", 'known.name = "Dr " + std::string(*name)'))
    assert "reply.expected" in ends("test", ".", with_code=1)


main()

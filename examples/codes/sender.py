#!/usr/bin/env python3
"""What a company's sender of text messages does with a message of the hub's: believes the signature or refuses it, sends
one id once. Here "sending" is a line in a file: sender.py SENT. Prints the port it listens on."""
import base64
import hashlib
import hmac
import http.server
import json
import os
import sys
import threading
import time

SENT = sys.argv[1]
LOCK = threading.Lock()
KEY = base64.b64decode(os.environ["SENDER_SECRET"].removeprefix("whsec_"))
seen = set()


class Sender(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):  # a code has no place in a log
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status = self.take(body)
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def take(self, body):
        name, when = self.headers.get("webhook-id", ""), self.headers.get("webhook-timestamp", "0")
        mac = hmac.new(KEY, f"{name}.{when}.".encode() + body, hashlib.sha256).digest()
        wanted = "v1," + base64.b64encode(mac).decode()
        if not hmac.compare_digest(wanted, self.headers.get("webhook-signature", "")) or abs(time.time() - int(when)) > 300:
            return 401
        message = json.loads(body)
        with LOCK, open(SENT, "a", encoding="utf-8") as sent:
            if name not in seen:
                seen.add(name)
                print(message["recipient"], message["text"], file=sent)
        return 202


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Sender)
print(server.server_address[1], flush=True)
server.serve_forever()

#!/usr/bin/env python3
"""The shop's and the help desk's HTTP APIs, as two systems of their own would offer them, over the data of make_shop.py.

  GET /shop/v1/customers/C10000/orders?limit=5      Authorization: Bearer $SHOP_TOKEN
  GET /desk/v2/requesters/R-0123abcd/tickets        Authorization: Basic hub:$DESK_PASSWORD
  PUT /slow/desk?ms=3000                            makes a system slow from now on; ms=0 mends it

Prints the port it listens on."""
import base64
import http.server
import json
import os
import pathlib
import sqlite3
import sys
import threading
import urllib.parse

DATA = pathlib.Path(sys.argv[1])
slow_ms = {"shop": 0, "desk": 0}
stopping = threading.Event()


def rows(database, query, *values):
    connection = sqlite3.connect(f"file:{DATA / database}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    try:
        return [dict(row) for row in connection.execute(query, values)]
    finally:
        connection.close()


def orders(customer_no, limit):
    found = rows("shop.db", "SELECT * FROM orders WHERE customer_no=? ORDER BY placed DESC LIMIT ?", customer_no, limit)
    return {"customer": customer_no,
            "items": [{"order_no": o["order_no"], "placed": o["placed"], "state": o["state"], "total": o["price"] * o["quantity"] / 100,
                       "lines": [{"sku": o["sku"], "text": o["name"], "count": o["quantity"]}]} for o in found]}


def tickets(requester):
    return {"requester": requester, "tickets": rows("desk.db", "SELECT * FROM ticket WHERE requester=? ORDER BY opened DESC", requester)}


class Systems(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def answer(self, status, body):
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def allowed(self, system):
        basic = base64.b64encode(f"hub:{os.environ['DESK_PASSWORD']}".encode()).decode()
        wanted = {"shop": f"Bearer {os.environ['SHOP_TOKEN']}", "desk": f"Basic {basic}"}
        return self.headers.get("Authorization") == wanted[system]

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        path = [urllib.parse.unquote(part) for part in url.path.strip("/").split("/")]
        system = path[0]
        if system not in slow_ms or len(path) != 5:
            return self.answer(404, {"error": "no such thing"})
        if not self.allowed(system):
            return self.answer(401, {"error": "who are you?"})
        stopping.wait(slow_ms[system] / 1000)
        if system == "shop":
            limit = int(urllib.parse.parse_qs(url.query).get("limit", ["20"])[0])
            return self.answer(200, orders(path[3], limit))
        return self.answer(200, tickets(path[3]))

    def do_PUT(self):
        url = urllib.parse.urlsplit(self.path)
        system = url.path.rpartition("/")[2]
        slow_ms[system] = int(urllib.parse.parse_qs(url.query)["ms"][0])
        self.answer(200, {"system": system, "slow_ms": slow_ms[system]})

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):  # the hub hung up on a slow answer: that is its right
        pass


server = Server(("127.0.0.1", 0), Systems)
print(server.server_port, flush=True)
server.serve_forever()

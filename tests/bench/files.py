"""nginx as what serves files: contexts as they were answered once, and systems under TLS, by HTTP/1.1 and by HTTP/2."""
import os
import shutil
import socket
import subprocess
import time
import urllib.request

import peers


def free_ports(count):
    """So many that nobody listens on; all are held until the last is known."""
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports


def authority(folder):
    """A certificate for 127.0.0.1 that is its own authority."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                    "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", folder / "key.pem",
                    "-out", folder / "certificate.pem"], check=True, stderr=subprocess.DEVNULL)
    return folder / "certificate.pem"


def nginx(place, role, listen, files, log="off"):
    """One worker on ROLE's core. LISTEN: what it says after each `listen`; FILES: path to text."""
    folder = place.folder / f"files-{role}"
    for path, text in files.items():
        file = folder / "files" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    certificate = authority(folder)
    text = (place.sources / "peers" / "static.conf.in").read_text(encoding="utf-8")
    user = "user root;" if os.geteuid() == 0 else ""  # else its worker could not read what lies in a folder of root's
    for word, value in {"USER": user, "FOLDER": folder, "LOG": log.replace("@FOLDER@", str(folder)),
                        "LISTEN": "\n".join(f"    listen 127.0.0.1:{one};" for one in listen)}.items():
        text = text.replace(f"@{word}@", str(value))
    (folder / "nginx.conf").write_text(text, encoding="utf-8")
    command = [shutil.which("nginx", path="/usr/sbin:/usr/bin"), "-p", folder, "-c", folder / "nginx.conf"]
    process = place.start(role, command)
    await_port(int(str(listen[0]).split(maxsplit=1)[0]), process)
    return process, certificate


def await_port(port, process):
    until = time.monotonic() + peers.PATIENCE_S
    while process.poll() is None and time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise SystemExit("nginx did not start")


def documents(place):
    """What each system answers of each customer, by the path that nginx finds it at."""
    found = {}
    for name, port in place.systems.items():
        for customer in peers.CUSTOMERS:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/{name}/orders?customer={customer}", timeout=peers.PATIENCE_S) as answer:
                found[f"{name}/{customer}.json"] = answer.read().decode()
    return found

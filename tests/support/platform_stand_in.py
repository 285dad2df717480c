"""A stand-in for a CallMeter-style platform: it really listens, over HTTP or HTTPS, and misbehaves
as it is told.

    with Platform(tests={"t-1": {...}}) as platform:
        platform.faults += [Fault("POST", "/run", status=500)] * 3

What is known of the real one is in runner/platform/api.def; what it does beyond is cmtest's own
extension: POST .../tests with a spec, and the events of a run in its metrics.
"""

import http.server
import json
import os
import socket
import ssl
import struct
import subprocess
import threading
import time
import urllib.parse

KEY = "cmk_0123456789abcdef0123456789abcdef"


def certificate(folder, name="localhost", days=2, start=None):
    """A self-signed certificate for `name` and its key, made by openssl: (certificate, key)."""
    stem = os.path.join(folder, f"{name.replace('.', '_')}{days}{'-old' if start else ''}")
    paths = stem + ".pem", stem + ".key"
    kind = "IP" if name[0].isdigit() else "DNS"
    if start:
        # `openssl req` cannot make an expired one: a small authority can.
        request = stem + ".csr"
        subprocess.run(["openssl", "req", "-newkey", "rsa:2048", "-nodes", "-keyout", paths[1],
                        "-out", request, "-subj", f"/CN={name}"], check=True, capture_output=True)
        with open(stem + ".cnf", "w", encoding="utf-8") as file:
            file.write(f"[ca]\ndefault_ca=x\n[x]\ndatabase={stem}.db\nserial={stem}.srl\n"
                       f"new_certs_dir={folder}\ndefault_md=sha256\npolicy=p\n"
                       f"x509_extensions=e\n[p]\ncommonName=supplied\n"
                       f"[e]\nsubjectAltName={kind}:{name}\nbasicConstraints=CA:TRUE\n")
        with open(stem + ".db", "w", encoding="utf-8"):
            pass
        with open(stem + ".srl", "w", encoding="utf-8") as file:
            file.write("01\n")
        subprocess.run(["openssl", "ca", "-batch", "-selfsign", "-config", stem + ".cnf", "-in",
                        request, "-keyfile", paths[1], "-out", paths[0], "-notext", "-startdate",
                        start, "-enddate", start[:2] + "0102000000Z"],
                       check=True, capture_output=True)
        return paths
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", paths[1],
                    "-out", paths[0], "-days", str(days), "-subj", f"/CN={name}", "-addext",
                    f"subjectAltName={kind}:{name}"], check=True, capture_output=True)
    return paths


class Fault:
    """What goes wrong with the next request that fits: a method, and a part of the path."""

    def __init__(self, method=None, path="", status=None, headers=None, body=None, delay=0,
                 reset=False, after=False, raw=None):
        self.method, self.path, self.status, self.headers = method, path, status, headers or {}
        self.body, self.delay, self.reset, self.after, self.raw = body, delay, reset, after, raw

    def fits(self, method, path):
        """Whether it is about this request."""
        return self.method in (None, method) and self.path in path


class Run:
    """A run: the statuses that are told one after another, the last one for ever."""

    def __init__(self, number, statuses, metrics, extra):
        self.id = f"run-{number}"
        self.statuses = list(statuses)
        self.metrics, self.extra = metrics, extra
        self.stopped = False

    def look(self):
        """The next status."""
        if self.stopped and self.statuses[0] not in ("COMPLETED", "FAILED"):
            self.statuses = ["STOPPING", "COMPLETED"] if self.statuses[0] != "STOPPING" else \
                self.statuses[1:]
        elif len(self.statuses) > 1:
            return self.statuses.pop(0)
        return self.statuses[0]


class Platform:
    """Listens at `url` while it is entered."""

    def __init__(self, certificate=None, tests=None, metrics=None, page=200, can_create=True,
                 can_stop=True):
        self.tests = tests if tests is not None else {"t-1": {}}
        self.metrics = metrics or {}
        self.extra = {}  # members of a run's document
        self.statuses = [["PENDING", "QUEUED", "RUNNING", "COMPLETED"]]  # of a run each; last: all
        self.page, self.can_create, self.can_stop = page, can_create, can_stop
        self.faults, self.requests, self.runs = [], [], {}
        self.lock = threading.Lock()
        stand_in = self

        class Handler(http.server.BaseHTTPRequestHandler):
            """One request."""
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_GET(self):
                """Any."""
                stand_in.serve(self)

            do_POST = do_GET

        class Server(http.server.ThreadingHTTPServer):
            """Without words about clients that leave."""
            daemon_threads = True

            def handle_error(self, *_):
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        self.secure = certificate is not None
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True,
                                                     do_handshake_on_connect=False)
        self.port = self.server.server_address[1]

    @property
    def url(self):
        """Of its API."""
        return f"{'https' if self.secure else 'http'}://localhost:{self.port}/api/v1"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def asked(self, method, part):
        """The requests that fit."""
        return [r for r in self.requests if r["method"] == method and part in r["path"]]

    # ---- a request ------------------------------------------------------------------------------

    def serve(self, handler):
        """Answers, or does what a fault says."""
        length = int(handler.headers.get("Content-Length") or 0)
        body = handler.rfile.read(length)
        url = urllib.parse.urlsplit(handler.path)
        with self.lock:
            self.requests.append({"method": handler.command, "path": handler.path, "body": body,
                                  "headers": dict(handler.headers), "time": time.monotonic()})
            number = len(self.requests)
            fault = next((f for f in self.faults if f.fits(handler.command, url.path)), None)
            if fault:
                self.faults.remove(fault)
            if not fault or fault.after:
                status, document = self.answer(handler, url, body, number)
        if fault and not self.harm(handler, fault, number):
            return
        if not fault or fault.after:
            self.send(handler, status, document)

    def harm(self, handler, fault, number):
        """true: the answer may follow all the same."""
        time.sleep(fault.delay)
        if fault.reset:
            connection = handler.connection
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            handler.close_connection = True
            os.close(connection.detach())
            return False
        if fault.raw is not None:
            handler.wfile.write(fault.raw)
            handler.close_connection = True
            return False
        if fault.status is None:
            return fault.after
        body = fault.body
        if body is None:
            body = {"error": {"code": "SCRIPTED", "message": "as told"},
                    "meta": {"requestId": f"r-{number}"}}
        self.send(handler, fault.status, body, fault.headers)
        return False

    @staticmethod
    def send(handler, status, document, headers=()):
        """A document as JSON, or bytes as they are."""
        data = document if isinstance(document, bytes) else json.dumps(document).encode()
        handler.send_response(status)
        for name in headers:
            handler.send_header(name, headers[name])
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        try:
            handler.wfile.write(data)
        except OSError:
            pass

    # ---- what it knows --------------------------------------------------------------------------

    def answer(self, handler, url, body, number):
        """(status, document)"""
        meta = {"requestId": f"r-{number}"}
        if handler.headers.get("Authorization") != f"Bearer {KEY}":
            return 401, {"error": {"code": "UNAUTHORIZED", "message": "invalid or expired key"},
                         "meta": meta}
        parts = [urllib.parse.unquote(p) for p in url.path.split("/")][3:]
        page = int(urllib.parse.parse_qs(url.query).get("page", ["1"])[0])
        data, pages = self.find(handler.command, parts, body, page)
        if data is None:
            return 404, {"error": {"code": "NOT_FOUND", "message": "no such thing"}, "meta": meta}
        if pages:
            meta["pagination"] = {"page": page, "perPage": self.page, "total": 0,
                                  "totalPages": pages}
        return 200, {"data": data, "meta": meta}

    def find(self, method, parts, body, page):
        """(data, pages) or (None, 0)"""
        match (method, parts):
            case ("GET", ["projects"]):
                return [{"id": f"p-{page}", "slug": f"lab-{page}", "name": "Lab", "testCount": 1,
                         "probeCount": 0, "registrarCount": 1}], 2
            case ("GET", ["projects", "p-1", "tests"]):
                return [dict(id=i, name=f"Test {i}", **t) for i, t in self.tests.items()], 1
            case ("POST", ["projects", "p-1", "tests"]) if self.can_create:
                made = f"made-{len(self.tests)}"
                self.tests[made] = {"name": json.loads(body)["name"]}
                return {"id": made, "name": self.tests[made]["name"]}, 0
            case ("GET", ["projects", "p-1", "tests", test]) if test in self.tests:
                return dict(id=test, name=f"Test {test}", **self.tests[test]), 0
            case ("POST", ["projects", "p-1", "tests", test, "run"]) if test in self.tests:
                statuses = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
                run = Run(len(self.runs) + 1, statuses, self.metrics, self.extra)
                self.runs[run.id] = run
                return {"testRunId": run.id, "status": "PENDING"}, 0
            case ("GET", ["projects", "p-1", "test-runs", run]) if run in self.runs:
                return {"id": run, "name": "Test", "status": self.runs[run].look(),
                        "createdAt": "2026-11-21T10:00:00Z",
                        "url": f"https://platform.example/app/lab/runs/{run}",
                        **self.runs[run].extra}, 0
            case ("POST", ["projects", "p-1", "test-runs", run, "stop"]) if self.can_stop \
                    and run in self.runs:
                self.runs[run].stopped = True
                return {"id": run, "status": "STOPPING"}, 0
            case ("GET", ["projects", "p-1", "test-runs", run, "metrics"]) if run in self.runs:
                events = self.runs[run].metrics.get("events", [])
                data = dict(self.runs[run].metrics)
                if events:
                    data["events"] = events[(page - 1) * self.page:page * self.page]
                return data, max(1, -(-len(events) // self.page))
        return None, 0


def replay(run):
    """(metrics, members of the run) of a local run, to be told as if it had been here."""
    events = [json.loads(line) for line in run.export("jsonl").splitlines()]
    return {"events": events}, {"startedAt": run.result["started"], "endedAt": run.result["ended"]}

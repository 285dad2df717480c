"""Peers for the tests that nobody here wrote: Kamailio as registrar and proxy. SIPp is in sipp.py.

Each peer listens on loopback on a port of its own, is a context manager, is ready when its `with`
block begins, and is gone when it ends. Its logs stand in `folder`.
"""

import ctypes
import errno
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
HOST = "127.0.0.1"
HANGS = 60.0  # seconds after which what has not happened never will, on a busy machine too
REALM = "example.test"


_reserved = []


def _reserve(ports):
    """Whether these ports are ours now among all tests of this machine, until this process ends:
    what is only seen to be free may be seen so by two tests at once."""
    claims = []
    for port in ports:
        claim = socket.socket(socket.AF_UNIX)
        try:
            claim.bind(f"\0cmtest-test-port-{port}")
        except OSError:
            claim.close()
            for each in claims:
                each.close()
            return False
        claims.append(claim)
    _reserved.extend(claims)
    return True


def _is_free(port):
    """On UDP and TCP, over IPv4 and IPv6."""
    for family, host in ((socket.AF_INET, HOST), (socket.AF_INET6, "::1")):
        for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
            try:
                probe = socket.socket(family, kind)
            except OSError:  # a machine without IPv6
                continue
            with probe:
                try:
                    probe.bind((host, port))
                except OSError as error:
                    if error.errno == errno.EADDRINUSE:
                        return False
    return True


def free_port(step=1):
    """A port, free on UDP and TCP with the step - 1 ports after it, below the range from which the
    kernel gives out ephemeral ones, so that nobody gets it by accident in between."""
    while True:
        port = random.randrange(10000, 32000, max(step, 2))
        ports = range(port, port + step)
        if _reserve(ports) and all(_is_free(each) for each in ports):
            return port


def wait_until(condition, what, seconds=HANGS, alive=None):
    """Polls; an answer that does not come, or a process that ends, is an error."""
    limit = time.monotonic() + seconds
    while not condition():
        if alive is not None and alive.poll() is not None:
            raise RuntimeError(f"{what}: the process ended with {alive.returncode}")
        if time.monotonic() > limit:
            raise RuntimeError(f"{what}: not within {seconds:g} s")
        time.sleep(0.02)


def udp_bound(port):
    """Whether some socket of this machine is bound to the UDP port."""
    with open("/proc/net/udp", encoding="ascii") as table:
        return any(int(line.split()[1].split(":")[1], 16) == port for line in list(table)[1:])


def _end_with_parent():
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)


class Process:
    """A child in its own process group, which ends with it. keep_stdin: its standard input is open,
    and nothing comes."""

    def __init__(self, name, argv, folder, keep_stdin=False):
        if shutil.which(argv[0]) is None:
            raise RuntimeError(f"{argv[0]} is not installed: run ci/setup")
        self.log = os.path.join(folder, name + ".log")
        with open(self.log, "wb") as log:
            self.child = subprocess.Popen(
                argv,
                stdin=subprocess.PIPE if keep_stdin else subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=folder,
                env=dict(os.environ, TERM="dumb"),
                start_new_session=True,
                preexec_fn=_end_with_parent,
            )

    def stop(self, seconds=5.0):
        """Asks, waits, then kills what is left of the group."""
        if self.child.poll() is None:
            self.child.terminate()
            try:
                self.child.wait(seconds)
            except subprocess.TimeoutExpired:
                pass
        try:
            os.killpg(self.child.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        if self.child.stdin:
            self.child.stdin.close()
        return self.child.wait()


class Kamailio:
    """Registrar and proxy with digest authentication. accounts: {user: password}; tls: a
    certificates.Pair that it shows, then it listens on `tls_port` too; demand: the CA file of the
    certificates that it wants to see; settings: what kamailio.cfg knows beside, as RATE=3."""

    def __init__(self, folder, accounts, algorithm="MD5", qop=True, wrong=403, host=HOST, tls=None,
                 demand=None, **settings):
        self.folder = tempfile.mkdtemp(prefix="kamailio-", dir=folder)
        self.accounts = accounts
        self.tls = tls
        self.demand = demand
        self.host = host
        self.port, self.tls_port = free_port(), free_port() if tls else None
        self.server = self.at(self.port)
        self.tls_server = self.at(self.tls_port)
        bracketed = f"[{host}]" if ":" in host else host
        self.defines = {
            "HOST": bracketed,
            "PORT": self.port,
            "REALM": f'"{REALM}"',
            "ALGORITHM": f'"{algorithm}"',
            "QOP": '"1"' if qop else '"0"',
            "WRONG_PASSWORD": f'"{wrong}"',
            **settings,
        }
        if tls:
            self.defines["TLS_PORT"] = self.tls_port
        self.process = None

    def at(self, port):
        """host:port as a URI has it."""
        return f"[{self.host}]:{port}" if ":" in self.host else f"{self.host}:{port}"

    def _write_tls(self):
        """The configuration of its TLS module."""
        lines = ["[server:default]", "method = TLSv1.2+", f"private_key = {self.tls.key}",
                 f"certificate = {self.tls.certificate}",
                 f"verify_certificate = {'yes' if self.demand else 'no'}",
                 f"require_certificate = {'yes' if self.demand else 'no'}"]
        lines += [f"ca_list = {self.demand}"] if self.demand else []
        lines += ["[client:default]", "method = TLSv1.2+", "verify_certificate = no",
                  "require_certificate = no", ""]
        with open(os.path.join(self.folder, "tls.cfg"), "w", encoding="ascii") as file:
            file.write("\n".join(lines))

    def __enter__(self):
        config = shutil.copy(os.path.join(HERE, "kamailio.cfg"), self.folder)
        with open(os.path.join(self.folder, "accounts.cfg"), "w", encoding="ascii") as file:
            file.write("event_route[htable:mod-init] {\n")
            for user, password in self.accounts.items():
                file.write(f'    $sht(password=>{user}) = "{password}";\n')
            file.write("}\n")
        if self.tls:
            self._write_tls()
        argv = ["kamailio", "-f", config, "-DD", "-E", "-m", "32", "-M", "4"]
        argv += ["-P", os.path.join(self.folder, "pid"), "-Y", self.folder, "-w", self.folder]
        for name, value in self.defines.items():
            argv += ["-A", f"{name}={value}"]
        self.process = Process("kamailio", argv, self.folder)
        try:
            wait_until(self.answers, "kamailio answers OPTIONS", alive=self.process.child)
        except BaseException:
            self.process.stop()
            raise
        return self

    def __exit__(self, *_):
        self.process.stop()

    def users(self, what):
        """The users that were "registered" or "unregistered", in order, again for each time."""
        with open(self.process.log, encoding="utf-8", errors="replace") as log:
            return re.findall(rf"\b{what} (\S+)$", log.read(), re.MULTILINE)

    def bound(self, user):
        """(host, port) that a registered user said it listens at."""
        with open(self.process.log, encoding="utf-8", errors="replace") as log:
            uri = re.findall(rf"\bbound {user} at (\S+)$", log.read(), re.MULTILINE)[-1]
        host, port = re.search(r"@([^;:]+):(\d+)", uri).groups()
        return host, int(port)

    def answers(self):
        """One OPTIONS, and whether it was answered."""
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.bind((self.host, 0))
            probe.settimeout(0.2)
            port = probe.getsockname()[1]
            mark = f"{port}-{random.getrandbits(48):x}"
            request = (
                f"OPTIONS sip:{self.server} SIP/2.0",
                f"Via: SIP/2.0/UDP {self.at(port)};branch=z9hG4bK-{mark}",
                "Max-Forwards: 5",
                f"From: <sip:probe@invalid>;tag={mark}",
                f"To: <sip:{self.server}>",
                f"Call-ID: {mark}",
                "CSeq: 1 OPTIONS",
                "Content-Length: 0",
                "",
                "",
            )
            try:
                probe.connect((self.host, self.port))
                probe.send("\r\n".join(request).encode())
                return probe.recv(4096).startswith(b"SIP/2.0 200")
            except OSError:
                return False


class SilentServer:
    """A UDP port that takes everything and never answers."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((HOST, 0))
        self.port = self.socket.getsockname()[1]
        self.packets = 0
        self.thread = threading.Thread(target=self._count, daemon=True)

    def _count(self):
        while True:
            try:
                if not self.socket.recv(65536):
                    return
            except OSError:
                return
            self.packets += 1

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        # An empty datagram wakes the thread up; closing the socket would not.
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", (HOST, self.port))
        self.thread.join()
        self.socket.close()

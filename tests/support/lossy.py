"""A network that loses SIP: a UDP proxy between phones and one server, which each take it for the
other. It drops datagrams by a rule, and puts itself into the addresses of those that pass."""

import hashlib
import re
import select
import socket
import threading

HOST = "127.0.0.1"


def loses(share, seed):
    """A rule that drops this share of all datagrams. What is dropped depends on the seed, on who
    talks about what, and on how often it was sent before: the same in every run."""

    def rule(message, copy):
        mark = f"{seed} {message} {copy}".encode()
        return int.from_bytes(hashlib.sha256(mark).digest()[:4], "big") < share * 2**32

    return rule


def first(count, pattern):
    """A rule that drops the first copies of each message whose name matches."""
    return lambda message, copy: copy < count and re.search(pattern, message) is not None


class Lossy:
    """A port that stands for the server. `port`: where phones send to; rule: called with a message's
    name, "to server: INVITE 1001>1002 2" (method or status and method, users of From and To, how
    many with other numbers in CSeq there were) and how many copies of it were seen; true drops it."""

    def __init__(self, server_port, rule):
        self.server = (HOST, server_port)
        self.rule = rule
        self.front = self._socket()
        self.port = self.front.getsockname()[1]
        self.phones = {}  # address of a phone: the socket that stands for it
        self.names = {}  # (direction, Call-ID, method, number): name
        self.counts = {}
        self.copies = {}
        self.passed = self.dropped = 0
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)

    @staticmethod
    def _socket():
        one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        one.bind((HOST, 0))
        return one

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        self.thread.join()
        for one in [self.front, *self.phones.values()]:
            one.close()

    def _run(self):
        while not self.stopping.is_set():
            backs = {one: phone for phone, one in self.phones.items()}
            for one in select.select([self.front, *backs], [], [], 0.05)[0]:
                data, source = one.recvfrom(65536)
                if one is self.front:
                    self._from_phone(data, source)
                elif source == self.server:
                    self._from_server(data, backs[one])

    def _from_phone(self, data, phone):
        if phone not in self.phones:
            self.phones[phone] = self._socket()
        back = self.phones[phone]
        if self._passes("to server", data):
            data = self._swap(data, phone, back.getsockname())
            back.sendto(self._swap(data, (HOST, self.port), self.server), self.server)

    def _from_server(self, data, phone):
        if self._passes("to phone", data):
            data = self._swap(data, self.phones[phone].getsockname(), phone)
            self.front.sendto(self._swap(data, self.server, (HOST, self.port)), phone)

    @staticmethod
    def _swap(data, old, new):
        """Writes one address in place of another; ports have five digits, so lengths stay."""
        old, new = (f"{host}:{port}".encode() for host, port in (old, new))
        return re.sub(rb"(?<!\d)" + re.escape(old) + rb"(?!\d)", new, data)

    def _name(self, direction, text):
        """The name of a message, the same in every run."""
        head = text.partition("\r\n\r\n")[0]
        find = lambda pattern: (re.search(pattern, head, re.MULTILINE) or [""] * 2)[1]
        who = ">".join(find(rf"^{name}:[^\r]*?sip:([^@>;]+)") for name in ("From", "To"))
        first_line = head.split(" ")
        kind = first_line[1] if head.startswith("SIP/2.0") else first_line[0]
        method, number = find(r"^CSeq: *\d+ (\w+)"), find(r"^CSeq: *(\d+)")
        base = f"{direction}: {kind} {method} {who}"
        key = (base, find(r"^Call-ID: *(\S+)"), number)
        if key not in self.names:
            self.counts[base] = self.counts.get(base, 0) + 1
            self.names[key] = f"{base} {self.counts[base]}"
        return self.names[key]

    def _passes(self, direction, data):
        name = self._name(direction, data.decode("latin-1"))
        copy = self.copies.get(name, 0)
        self.copies[name] = copy + 1
        drop = self.rule(name, copy)
        self.dropped += drop
        self.passed += not drop
        return not drop

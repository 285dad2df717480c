"""A small DNS server for the tests: what it was told, and nothing else exists."""

import ipaddress
import os
import socket
import struct
import threading

HOST = "127.0.0.1"
TYPES = {"A": 1, "AAAA": 28, "SRV": 33, "NAPTR": 35}


def _name(text):
    labels = [label.encode() for label in text.split(".") if label]
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def _text(text):
    return bytes([len(text)]) + text.encode()


def _data(kind, value):
    """The data of a record as bytes; value: an address, or (priority, weight, port, target), or
    (order, preference, service, replacement)."""
    if kind in ("A", "AAAA"):
        return ipaddress.ip_address(value).packed
    if kind == "SRV":
        return struct.pack("!HHH", *value[:3]) + _name(value[3])
    order, preference, service, replacement = value
    return (struct.pack("!HH", order, preference) + _text("s") + _text(service) + _text("")
            + _name(replacement))


class Names:
    """records: [(name, type, value)]. `file` is a resolv.conf that names this server; `environment`
    makes cmtest use it."""

    def __init__(self, folder, records):
        self.records = [(name.lower(), kind, value) for name, kind, value in records]
        self.asked = []
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((HOST, 0))
        self.file = os.path.join(folder, "resolv.conf")
        with open(self.file, "w", encoding="ascii") as file:
            file.write(f"nameserver {HOST}\nport {self.socket.getsockname()[1]}\n")
        self.environment = {"CMTEST_RESOLV_CONF": self.file}
        self.thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", self.socket.getsockname())
        self.thread.join()
        self.socket.close()

    def _serve(self):
        while True:
            query, source = self.socket.recvfrom(4096)
            if not query:
                return
            try:
                answer = self._answer(query)
            except (IndexError, struct.error):
                continue  # no query: of somebody who takes this port for another one
            self.socket.sendto(answer, source)

    def _answer(self, query):
        end, labels = 12, []
        while query[end]:
            labels.append(query[end + 1 : end + 1 + query[end]].decode("latin-1"))
            end += 1 + query[end]
        end += 5
        name = ".".join(labels).lower()
        kind = struct.unpack("!H", query[end - 4 : end - 2])[0]
        self.asked.append(name)
        found = [record for record in self.records if (record[0], TYPES[record[1]]) == (name, kind)]
        missing = not any(record[0] == name for record in self.records)
        answer = query[:2] + struct.pack("!HHHHH", 0x8583 if missing else 0x8580, 1, len(found), 0, 0)
        answer += query[12:end]
        for _, which, value in found:
            data = _data(which, value)
            answer += b"\xc0\x0c" + struct.pack("!HHIH", TYPES[which], 1, 60, len(data)) + data
        return answer

"""SIP messages as bytes, for the tests that send what no phone would."""

import random
import re
import select
import socket
import ssl
import time


def parts(data):
    """(start line, {lower-case name: value of the first one}, body) of a message that is well-formed."""
    head, _, body = data.partition(b"\r\n\r\n")
    lines = re.sub(rb"\r\n[ \t]+", b" ", head).decode("latin-1").split("\r\n")
    headers = {}
    for line in lines[1:]:
        name, _, value = line.partition(":")
        headers.setdefault(name.strip().lower(), value.strip())
    return lines[0], headers, body


class Phone:
    """A socket that talks to one SIP port and gathers what comes back. over: udp, tcp or tls. host: a
    loopback address; ports: of it, listened at by UDP and TCP too, since a response goes where the
    Via says."""

    def __init__(self, target, over="udp", host="127.0.0.1", ports=()):
        self.target, self.over = target, over
        self.received = []
        self.streams = {}
        self.closed = False
        self.listeners = [socket.create_server((host, port)) for port in ports]
        self.others = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for port in ports]
        for one, port in zip(self.others, ports):
            one.bind((host, port))
        if over == "udp":
            self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self.socket.bind((host, 0))
        else:
            self.socket = socket.create_connection(target, 5, (host, 0))
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if over == "tls":
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
                context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
                self.socket = context.wrap_socket(self.socket)
            self.streams[self.socket] = b""
        self.host, self.port = self.socket.getsockname()
        self.via = f"SIP/2.0/{over.upper()} {self.host}:{self.port};rport;branch=z9hG4bK"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for one in [self.socket, *self.listeners, *self.others, *self.streams]:
            one.close()

    def send(self, data):
        """False: the other side has closed the connection."""
        try:
            if self.over == "udp":
                self.socket.sendto(data, self.target)
            else:
                self.socket.sendall(data)
        except OSError:
            self.closed = self.over != "udp"
        return not self.closed

    def _read(self, one):
        if one in self.listeners:
            self.streams[one.accept()[0]] = b""
            return
        try:
            data = one.recv(65536)
        except OSError:
            data = b""
        if one not in self.streams:
            self.received.append(data)
            return
        if not data:
            self.closed = self.closed or one is self.socket
            del self.streams[one]
            one.close()
            return
        stream = self.streams[one] + data
        while b"\r\n\r\n" in stream:
            _, headers, _ = parts(stream)
            length = headers.get("content-length", headers.get("l", "0"))
            end = stream.index(b"\r\n\r\n") + 4 + int(length)
            if len(stream) < end:
                break
            self.received.append(stream[:end])
            stream = stream[end:]
        self.streams[one] = stream

    def _sockets(self):
        return {self.socket, *self.listeners, *self.others, *self.streams}

    def gather(self, seconds, until=lambda data: False):
        """What comes within this time, or up to what `until` is true for (and what came with it): that
        one, or None."""
        limit = time.monotonic() + seconds
        found = None
        while not self.closed:
            patience = 0 if found else max(limit - time.monotonic(), 0)
            ready, _, _ = select.select(self._sockets(), [], [], patience)
            if not ready:
                break
            before = len(self.received)
            for one in ready:
                self._read(one)
            found = found or next(filter(until, self.received[before:]), None)
        return found

    def ping(self, seconds=5.0):
        """OPTIONS, and whether it was answered."""
        mark = f"{random.getrandbits(64):x}"
        self.send(request("OPTIONS", self, mark))
        found = lambda data: parts(data)[1].get("call-id", "") == mark
        return self.gather(seconds, found) is not None


def request(method, phone, call_id, user="ping", number=1, to_tag="", headers=(), body=b""):
    """The bytes of a request from a Phone to what it talks to."""
    host, port = phone.target
    lines = [f"{method} sip:{user}@{host}:{port} SIP/2.0",
             f"Via: {phone.via}{random.getrandbits(64):x}",
             "Max-Forwards: 70",
             f"From: <sip:wire@{phone.host}:{phone.port}>;tag=from-{call_id}",
             f"To: <sip:{user}@{host}:{port}>{';tag=' + to_tag if to_tag else ''}",
             f"Call-ID: {call_id}",
             f"CSeq: {number} {method}",
             f"Contact: <sip:wire@{phone.host}:{phone.port};transport={phone.over}>",
             *headers,
             f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body

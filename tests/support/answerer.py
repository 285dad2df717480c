"""A SIP server in a thread that takes every REGISTER, and answers the INVITEs of a list."""

import re
import socket
import threading

SDP = (
    "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
    "m=audio {port} RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n"
)


class Answerer:
    """statuses: of the calls, by turns; the last one for all that follow. Audio is sent back."""

    def __init__(self, *statuses):
        self.statuses = list(statuses)
        self.calls = {}
        self.sip, self.rtp = self._socket(), self._socket()
        self.port = self.sip.getsockname()[1]
        self.running = True
        self.threads = [threading.Thread(target=run) for run in (self._answer, self._echo)]

    @staticmethod
    def _socket():
        one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        one.bind(("127.0.0.1", 0))
        one.settimeout(0.2)
        return one

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.running = False
        for thread in self.threads:
            thread.join()
        self.sip.close()
        self.rtp.close()

    def _echo(self):
        while self.running:
            try:
                data, peer = self.rtp.recvfrom(2048)
                self.rtp.sendto(data, peer)
            except (TimeoutError, OSError):
                pass

    def _answer(self):
        while self.running:
            try:
                data, peer = self.sip.recvfrom(65536)
            except (TimeoutError, OSError):
                continue
            text = data.decode("latin-1")
            method = text.split(" ", 1)[0]
            if method not in ("ACK", "SIP/2.0"):
                self.sip.sendto(self._response(method, text).encode("latin-1"), peer)

    def _response(self, method, text):
        status, body = 200, ""
        if method == "INVITE":
            call = re.search(r"(?im)^Call-ID: *(\S+)", text).group(1)
            if call not in self.calls:
                self.calls[call] = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
            status = self.calls[call]
            if status == 200:
                body = SDP.format(port=self.rtp.getsockname()[1])
        names = "Via|From|Call-ID|CSeq|Expires" + ("|Contact" if method == "REGISTER" else "")
        lines = re.findall(rf"(?im)^((?:{names}):[^\r\n]*)", text)
        to = re.search(r"(?im)^To:[^\r\n]*", text).group()
        lines.append(to if ";tag=" in to else to + ";tag=answerer")
        if method == "INVITE":
            lines.append(f"Contact: <sip:answerer@127.0.0.1:{self.port}>")
        if body:
            lines.append("Content-Type: application/sdp")
        lines.append(f"Content-Length: {len(body)}")
        reason = {200: "OK", 486: "Busy Here"}[status]
        return "\r\n".join([f"SIP/2.0 {status} {reason}", *lines, "", body])

#!/usr/bin/python3
"""What an INVITE looks like on the wire."""

import os
import re
import socket
import sys
import threading

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import program  # noqa: E402

SPEC = """
cmtest: 1
registrars:
  pbx:
    domain: example.test
    server: 127.0.0.1:{port}
    accounts: {{ range: 1001..1003, password: hush }}
groups:
  phones:
    registrar: pbx
    endpoints: 3
    call: [sip:a@example.test, sip:b@example.test]
{more}
buildup: 300ms
duration: 1s
thresholds: [calls.success_rate < 100%]
"""


class Server:
    """Grants every REGISTER and refuses every INVITE, which it keeps."""

    def __init__(self):
        self.invites = {}
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        while True:
            try:
                packet, peer = self.socket.recvfrom(65536)
            except OSError:
                return
            text = packet.decode()
            method = text.split(" ", 1)[0]
            if method not in ("REGISTER", "INVITE"):
                continue
            if method == "INVITE":
                self.invites[header(text, "Call-ID")] = text
            status = "200 OK" if method == "REGISTER" else "486 Busy Here"
            lines = [f"SIP/2.0 {status}"]
            for name in ("Via", "From", "Call-ID", "CSeq", "Contact"):
                lines += [f"{name}: {value}" for value in headers(text, name)]
            lines += [f"To: {header(text, 'To')};tag=1", "Content-Length: 0", "", ""]
            self.socket.sendto("\r\n".join(lines).encode(), peer)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()


def headers(text, name):
    return re.findall(rf"^{name}: *(.*?)\r$", text, re.MULTILINE | re.IGNORECASE)


def header(text, name):
    return headers(text, name)[0]


class InviteTest(program.ProgramTest):
    """Three phones call two URIs, and are refused."""

    def invites(self, more=""):
        with Server() as server:
            run = self.run_spec(SPEC.format(port=server.port, more=more))
            self.assert_exit(run, program.PASS)
            return sorted(server.invites.values(), key=lambda text: headers(text, "Contact"))

    def test_uris_take_turns(self):
        lines = [invite.split("\r\n")[0] for invite in self.invites()]
        self.assertEqual(len(lines), 3)
        self.assertEqual(sum("sip:a@example.test" in line for line in lines), 2)
        self.assertEqual(sum("sip:b@example.test" in line for line in lines), 1)

    def test_headers_are_added(self):
        for invite in self.invites("    headers: { X-Test: gate, X-Two: [1, \"b; c\"] }"):
            self.assertEqual(headers(invite, "X-Test"), ["gate"])
            self.assertEqual(headers(invite, "X-Two"), ["1", "b; c"])

    def test_caller_id_is_the_from(self):
        more = "    caller_id: '\"Front Desk\" <sip:100@example.test>'"
        for invite in self.invites(more):
            self.assertRegex(header(invite, "From"), r'^"Front Desk" <sip:100@example.test>;tag=\w')
            self.assertNotIn("<sip:100@", header(invite, "Contact"))

    def test_user_part_is_enough_for_a_caller_id(self):
        for invite in self.invites("    caller_id: 100"):
            self.assertRegex(header(invite, "From"), r"^<sip:100@example.test>;tag=\w")


if __name__ == "__main__":
    program.main()

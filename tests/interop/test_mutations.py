#!/usr/bin/python3
"""10,000 damaged SIP messages at each SIP port of a running cmtest, which lives, and whose call passes
after. In a build with sanitizers, nothing leaks and nothing is undefined."""

import os
import random
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path += [HERE, os.path.join(HERE, "..", "support")]

import certificates  # noqa: E402
import peers  # noqa: E402
import phones  # noqa: E402
import program  # noqa: E402
import wire  # noqa: E402

CALLS, EACH = 10, 1000
PASSWORDS = {str(1000 + i): f"Hush-{i:02d}-kQ7z" for i in range(CALLS + 1)}
SDP = (b"v=0\r\no=wire 1 %d IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
       b"m=audio 9 RTP/AVP 8 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\n"
       b"a=fmtp:101 0-15\r\na=%s\r\n")
SDP_TYPE = "Content-Type: application/sdp"
# Method, further headers, whether it has SDP.
REQUESTS = (
    ("INVITE", ("Allow: INVITE, UPDATE, PRACK", SDP_TYPE, "Supported: timer, 100rel, replaces",
                "Session-Expires: 90;refresher=uac", "Min-SE: 90"), True),
    ("INVITE", ("Replaces: {call};to-tag={tag};from-tag=from-{call}", SDP_TYPE), True),
    ("INVITE", (), False),
    ("ACK", (), False),
    ("ACK", (SDP_TYPE,), True),
    ("BYE", ('Reason: Q.850;cause=16;text="bye"',), False),
    ("CANCEL", (), False),
    ("OPTIONS", ("Accept: application/sdp",), False),
    ("REFER", ("Refer-To: <sip:third@127.0.0.1:9?Replaces=a%3Bto-tag%3Db%3Bfrom-tag%3Dc>",
               "Referred-By: <sip:wire@127.0.0.1>"), False),
    ("NOTIFY", ("Event: refer", "Subscription-State: active;expires=60",
                "Content-Type: message/sipfrag;version=2.0"), False),
    ("PRACK", ("RAck: 1 1 INVITE",), False),
    ("UPDATE", (SDP_TYPE, "Session-Expires: 90;refresher=uas", "Supported: timer"), True),
    ("INFO", ("Content-Type: application/dtmf-relay",), False),
    ("MESSAGE", ("Content-Type: text/plain",), False),
    ("SUBSCRIBE", ("Event: presence", "Expires: 60"), False),
)
STATUSES = ("100 Trying", "180 Ringing", "183 Session Progress", "200 OK", "302 Moved", "401 No",
            "407 No", "422 Small", "481 Gone", "487 Over", "491 Pending", "503 Busy", "606 No")
PIECES = (b"\0", b"\r\n", b"\n", b"\r", b" ", b"\t", b";", b",", b":", b"<", b">", b'"', b"\\", b"%00",
          b"%", b"=", b"@", b"\xff\xfe", b"\xc3\x28", b"4294967296", b"-1", b"99999999999999999999",
          b"sip:", b"SIP/2.0 ", b"Via: SIP/2.0/UDP a;branch=z9hG4bK", b"A" * 300, b"\r\n\r\n", b"*")


class Mutations:
    """Damaged messages, the same ones for the same seed."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.number = 2

    def message(self, phone, user, call, last):
        """A valid message, of the call or of none; call: (Call-ID, its tag); last: the call may end."""
        pick = self.random
        inside = pick.random() < 0.5
        call_id, tag = call if inside else (f"{pick.getrandbits(64):x}", "")
        method, headers, offers = pick.choice(REQUESTS)
        if inside and method == "BYE" and not last:
            method = "UPDATE"
        self.number += 1
        headers = [line.format(call=call[0], tag=call[1]) for line in headers]
        body = SDP % (pick.randrange(1, 99), pick.choice((b"sendrecv", b"sendonly", b"inactive")))
        data = wire.request(method, phone, call_id, user, self.number, tag, headers,
                            body if offers else b"SIP/2.0 200 OK\r\n")
        if pick.random() < 0.2:
            status = b"SIP/2.0 " + pick.choice(STATUSES).encode()
            data = status + data[data.index(b"\r\n"):]
        return data

    def _line(self, data):
        """The place of a line of the head."""
        ends = [match.end() for match in re.finditer(rb"\r\n", data.partition(b"\r\n\r\n")[0])]
        start = self.random.choice(ends or [0])
        return start, data.find(b"\r\n", start) + 2

    def damage(self, data):
        """One to four things wrong with it."""
        pick = self.random
        for _ in range(pick.choice((1, 1, 1, 2, 2, 4))):
            place = pick.randrange(len(data) + 1)
            start, end = self._line(data)
            kind = pick.randrange(8)
            if kind == 0:
                data = data[:place] + pick.choice(PIECES) + data[place:]
            elif kind == 1:
                data = data[:place] + bytes([pick.randrange(256)]) + data[place + 1:]
            elif kind == 2:
                data = data[:place] + data[place + pick.randrange(1, 40):]
            elif kind == 3:
                data = data[:end] + data[start:end] * pick.choice((1, 1, 50)) + data[end:]
            elif kind == 4:
                data = data[:start] + data[end:]
            elif kind == 5:
                value = data.find(b":", start, end) + 1
                data = data[:value] + pick.choice(PIECES) + data[end - 2:]
            elif kind == 6:
                numbers = list(re.finditer(rb"\d+", data)) or [re.match(b"", data)]
                number = pick.choice(numbers)
                data = data[:number.start()] + pick.choice(PIECES) + data[number.end():]
            else:
                data = data[:place]
            data = data[:60000] or b"\r\n"
        return data


class MutationsTest(phones.PhonesTest):
    """Eleven phones are registered. Ten are called by hand, and get damaged messages, of their call and
    of none; the last one is called by SIPp afterwards."""

    def setUp(self):
        program.ProgramTest.setUp(self)

    def call(self, phone, user):
        """Calls by hand; (Call-ID, tag) of the call that stands."""
        call_id = "mutations-" + user
        phone.send(wire.request("INVITE", phone, call_id, user, 1, "", (SDP_TYPE, "Supported: timer"),
                                SDP % (1, b"sendrecv")))
        answered = lambda data: data.startswith(b"SIP/2.0 200") and b"INVITE" in data
        found = phone.gather(5, answered)
        self.assertIsNotNone(found, phone.received)
        tag = re.search(r"tag=([^;\s]+)", wire.parts(found)[1]["to"])[1]
        phone.send(wire.request("ACK", phone, call_id, user, 1, tag))
        return call_id, tag

    def flood(self, target, over, user, mutations):
        """Calls this phone and sends the messages; every so often it must still answer."""
        with wire.Phone(target, over) as caller:
            call = self.call(caller, user)
            sent = 0
            while sent < EACH:
                with wire.Phone(target, over) as phone:
                    for _ in range(100 if over == "udp" else 10):
                        data = mutations.message(phone, user, call, sent > EACH * 0.9)
                        sent += 1
                        if not phone.send(mutations.damage(data)):
                            break
                    self.assertTrue(over != "udp" or phone.ping(20), f"{user} after {sent} messages")
        with wire.Phone(target, over) as phone:
            self.assertTrue(phone.ping(20), f"{user} after all messages")

    def mutate(self, over, seed):
        """The whole story over one transport."""
        tls = {}
        spec = {"group": "answer: { duration: 60s }\nsession_timer: { mode: supported }\n"
                         "reliable_provisional: supported", "seconds": 60}
        if over == "tls":
            authority = certificates.Authority(os.path.join(self.folder, "ca"))
            tls = {"tls": authority.issue("good", "DNS:" + peers.REALM)}
            ours = authority.issue("ours", "DNS:phones.test", "IP:" + peers.HOST)
            spec["registrar"] = (f"tls: {{ verify: custom, ca: {authority.ca}, "
                                 f"certificate: {ours.certificate}, key: {ours.key} }}")
        self.start_kamailio(PASSWORDS, **tls)
        server = self.kamailio.tls_server if over == "tls" else self.kamailio.server
        run = self.start_spec(self.spec(endpoints=CALLS + 1, server=server, transport=over, **spec))
        registered = lambda: len(self.kamailio.users("registered")) == CALLS + 1
        peers.wait_until(registered, "the phones are registered", alive=run.child)
        mutations = Mutations(seed)
        *called, last = sorted(PASSWORDS)
        for user in called:
            self.flood(self.kamailio.bound(user), over, user, mutations)
        self.assertIsNone(run.child.poll(), run.stderr)
        sipp = self.sipp("call", "-m", "1", "-s", last, "-d", "1000", target=self.kamailio.server,
                         tone=True)
        self.assertEqual(sipp.wait(), 0, sipp.errors)
        run.interrupt()
        run.wait()
        self.assert_exit(run, program.INTERRUPTED)
        self.assertTrue(run.endpoints()[CALLS]["call"]["established"])
        self.assertNotIn("Sanitizer", run.stderr)
        self.assertNotIn("runtime error", run.stderr)

    def test_damaged_messages_over_udp(self):
        self.mutate("udp", 1)

    def test_damaged_messages_over_tcp(self):
        self.mutate("tcp", 2)

    def test_damaged_messages_over_tls(self):
        self.mutate("tls", 3)


if __name__ == "__main__":
    program.main()

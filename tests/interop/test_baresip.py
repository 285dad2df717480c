#!/usr/bin/python3
"""cmtest against baresip, as callee and as caller, both at Kamailio."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path += [HERE, os.path.join(HERE, "..", "support")]

import baresip  # noqa: E402
import certificates  # noqa: E402
import peers  # noqa: E402
import phones  # noqa: E402
import program  # noqa: E402


class BaresipTest(phones.PhonesTest):
    """The account 1003 is baresip's, the first ones are cmtest's."""

    def setUp(self):
        program.ProgramTest.setUp(self)
        self.authority = certificates.Authority(os.path.join(self.folder, "ca"))
        shown = self.authority.issue("kamailio", "DNS:" + peers.REALM)
        self.start_kamailio(tls=shown)

    def phone(self, transport, **more):
        """Starts baresip."""
        server = self.server(transport)
        return self.enterContext(baresip.Baresip(self.folder, transport, "1003", phones.PASSWORDS["1003"],
                                                 server, self.authority, **more))

    def server(self, transport):
        """Kamailio's host:port for the transport."""
        return self.kamailio.tls_server if transport == "tls" else self.kamailio.server

    def over(self, transport):
        """What a spec says of it."""
        tls = f"tls: {{ verify: custom, ca: {self.authority.ca} }}" if transport == "tls" else ""
        return {"server": self.server(transport), "transport": transport, "registrar": tls}

    def assert_talked(self, run, packets):
        """All went well, and both heard each other."""
        self.assert_exit(run, program.PASS)
        self.assert_outcomes(run, "SUCCESS")
        for endpoint in run.endpoints():
            self.assertTrue(endpoint["call"]["completed"])
            self.assertGreaterEqual(endpoint["call"]["packets_sent"], packets)
            self.assertGreaterEqual(endpoint["call"]["packets_received"], packets)

    def calls_it(self, transport):
        """cmtest calls baresip, which answers at once, and hangs up after 2 s."""
        self.phone(transport)
        run = self.run_spec(self.spec("sip:1003@example.test", seconds=2, **self.over(transport)))
        self.assert_talked(run, 80)

    def is_called(self, transport):
        """baresip calls cmtest, which hangs up after 2 s."""
        text = self.spec(endpoints=1, seconds=2, group="answer: { ring: 200ms, duration: 2s }",
                         **self.over(transport))
        run = self.start_spec(text)
        registered = lambda: self.kamailio.users("registered") == ["1000"]
        peers.wait_until(registered, "the phone is registered", alive=run.child)
        phone = self.phone(transport, dial="sip:1000@example.test")
        run.wait()
        self.assert_talked(run, 80)
        self.assertIn("Call established", phone.printed)

    def test_answers_over_udp(self):
        self.calls_it("udp")

    def test_answers_over_tcp(self):
        self.calls_it("tcp")

    def test_answers_over_tls(self):
        self.calls_it("tls")

    def test_calls_over_udp(self):
        self.is_called("udp")

    def test_calls_over_tcp(self):
        self.is_called("tcp")

    def test_calls_over_tls(self):
        self.is_called("tls")


if __name__ == "__main__":
    program.main()

#!/usr/bin/python3
"""How cmtest finds Kamailio: by DNS, over IPv6, through an edge proxy."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path += [HERE, os.path.join(HERE, "..", "support")]

import certificates  # noqa: E402
import names  # noqa: E402
import peers  # noqa: E402
import program  # noqa: E402
import test_kamailio  # noqa: E402

SPEC = """
cmtest: 1
name: interop
registrars:
  pbx:
    domain: example.test
    accounts: {{ file: accounts.txt }}
    {registrar}
groups:
  callees: {{ registrar: pbx, endpoints: 2, audio: {{ codecs: [pcma] }} }}
  callers: {{ registrar: pbx, endpoints: 2, call: callees, audio: {{ codecs: [pcma] }} }}
buildup: 500ms
duration: 1500ms
"""


class LocateTest(program.ProgramTest):
    """Two callees and two callers."""

    def setUp(self):
        super().setUp()
        lines = [f"{user}:{word}\n" for user, word in test_kamailio.PASSWORDS.items()]
        self.write("accounts.txt", "".join(lines))

    def kamailio(self, **options):
        """Starts Kamailio."""
        return self.enterContext(peers.Kamailio(self.folder, test_kamailio.PASSWORDS, **options))

    def assert_calls_pass(self, kamailio, registrar, transport, records=()):
        """All goes well, by this transport."""
        environment = None
        if records:
            server = self.enterContext(names.Names(self.folder, records))
            environment = server.environment
        text = SPEC.format(registrar="\n    ".join(registrar.split("\n")))
        run = self.start_spec(text, environment=environment)
        run.wait()
        self.assert_exit(run, program.PASS)
        self.assert_outcomes(run, "SUCCESS")
        self.assertEqual(len(kamailio.users("unregistered")), 4)
        used = {event["transport"] for endpoint in run.endpoints() for event in endpoint["timeline"]
                if event["event"] == "message"}
        self.assertEqual(used, {transport})
        return run

    def found(self, service, records, transport, **options):
        """Calls pass when DNS says where Kamailio is."""
        kamailio = self.kamailio(**options)
        port = kamailio.tls_port if service == "SIPS+D2T" else kamailio.port
        records = [(name, kind, tuple(port if each == "PORT" else each for each in value)
                    if isinstance(value, tuple) else value) for name, kind, value in records]
        lines = "transport: auto"
        if service == "SIPS+D2T":
            lines += f"\ntls: {{ verify: custom, ca: {self.authority.ca} }}"
        return self.assert_calls_pass(kamailio, lines, transport, records)

    def test_naptr_and_srv_lead_to_tcp(self):
        self.found("SIP+D2T", [
            ("example.test", "NAPTR", (10, 10, "SIP+D2T", "_sip._tcp.example.test")),
            ("example.test", "NAPTR", (20, 10, "SIP+D2U", "_sip._udp.example.test")),
            ("_sip._tcp.example.test", "SRV", (10, 10, "PORT", "one.example.test")),
            ("_sip._udp.example.test", "SRV", (10, 10, 9, "one.example.test")),
            ("one.example.test", "A", peers.HOST),
        ], "tcp")

    def test_srv_alone_leads_to_udp(self):
        self.found("SIP+D2U", [
            ("_sip._udp.example.test", "SRV", (10, 10, "PORT", "one.example.test")),
            ("one.example.test", "A", peers.HOST),
        ], "udp")

    def test_naptr_leads_to_tls_and_the_certificate_is_of_the_domain(self):
        self.authority = certificates.Authority(os.path.join(self.folder, "ca"))
        self.found("SIPS+D2T", [
            ("example.test", "NAPTR", (10, 10, "SIPS+D2T", "_sips._tcp.example.test")),
            ("_sips._tcp.example.test", "SRV", (10, 10, "PORT", "one.elsewhere.test")),
            ("one.elsewhere.test", "A", peers.HOST),
        ], "tls", tls=self.authority.issue("good", "DNS:" + peers.REALM))

    def test_second_server_is_asked_when_the_first_is_not_there(self):
        closed = peers.free_port()
        self.found("SIP+D2T", [
            ("example.test", "NAPTR", (10, 10, "SIP+D2T", "_sip._tcp.example.test")),
            ("_sip._tcp.example.test", "SRV", (10, 10, closed, "one.example.test")),
            ("_sip._tcp.example.test", "SRV", (20, 10, "PORT", "two.example.test")),
            ("one.example.test", "A", peers.HOST),
            ("two.example.test", "A", peers.HOST),
        ], "tcp")

    def test_calls_pass_over_ipv6(self):
        kamailio = self.kamailio(host="::1")
        run = self.assert_calls_pass(kamailio, f'server: "{kamailio.server}"', "udp")
        for endpoint in run.endpoints():
            self.assertIn("[::1]:", endpoint["media"]["remote"])

    def test_calls_pass_over_ipv6_and_tcp(self):
        kamailio = self.kamailio(host="::1")
        self.assert_calls_pass(kamailio, f'server: "{kamailio.server}"\ntransport: tcp', "tcp")

    def through_an_edge(self, transport):
        """Calls pass through an edge proxy, to which all requests go with a Route."""
        kamailio = self.kamailio()
        edge = self.kamailio(EDGE=kamailio.server)
        self.assert_calls_pass(kamailio, f'proxy: "{edge.server}"\ntransport: {transport}', transport)
        self.assertEqual(len(set(edge.users("passed"))), 4)

    def test_calls_pass_through_an_outbound_proxy(self):
        self.through_an_edge("udp")

    def test_calls_pass_through_an_outbound_proxy_over_tcp(self):
        self.through_an_edge("tcp")

    def test_invite_that_is_too_big_for_udp_leaves_by_tcp(self):
        kamailio = self.kamailio()
        text = SPEC.format(registrar=f'server: "{kamailio.server}"')
        big = "headers: { X-Big: [" + ", ".join(["x" * 500] * 3) + "] }"
        run = self.run_spec(text.replace("call: callees,", f"call: callees, {big},"))
        self.assert_exit(run, program.PASS)
        used = {(event["method"], event["transport"]) for endpoint in run.endpoints("callers")
                for event in endpoint["timeline"]
                if event["event"] == "message" and event["direction"] == "sent"}
        self.assertIn(("INVITE", "tcp"), used)
        self.assertIn(("REGISTER", "udp"), used)
        self.assertNotIn(("INVITE", "udp"), used)

    def test_way_is_kept_open_with_options(self):
        kamailio = self.kamailio()
        registrar = f'server: "{kamailio.server}"\nkeepalive: {{ method: options, interval: 1s }}'
        run = self.assert_calls_pass(kamailio, registrar, "udp")
        for endpoint in run.endpoints():
            kept = [event["status"] for event in endpoint["timeline"] if event["event"] == "message"
                    and event["method"] == "OPTIONS" and event["direction"] == "received"]
            self.assertEqual(set(kept), {200})


if __name__ == "__main__":
    program.main()

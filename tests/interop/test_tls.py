#!/usr/bin/python3
"""cmtest against Kamailio over TLS, with certificates of every kind."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path += [HERE, os.path.join(HERE, "..", "support")]

import certificates  # noqa: E402
import peers  # noqa: E402
import program  # noqa: E402
import test_kamailio  # noqa: E402

SPEC = """
cmtest: 1
name: interop
registrars:
  pbx:
    domain: example.test
    server: "{server}"
    transport: tls
    connections: {connections}
    tls: {{ {tls} }}
    accounts: {{ file: accounts.txt }}
groups:
  callees: {{ registrar: pbx, endpoints: 2, audio: {{ codecs: [pcma] }} }}
  callers: {{ registrar: pbx, endpoints: 2, call: callees, audio: {{ codecs: [pcma] }} }}
buildup: 500ms
duration: 2s
"""


class TlsTest(program.ProgramTest):
    """Two callees and two callers, at a Kamailio that shows a certificate."""

    def setUp(self):
        super().setUp()
        self.authority = certificates.Authority(os.path.join(self.folder, "ca"))

    def kamailio(self, shown, demand=None):
        """Kamailio with this certificate."""
        return self.enterContext(peers.Kamailio(self.folder, test_kamailio.PASSWORDS, tls=shown,
                                                demand=demand))

    def good(self):
        """The certificate that is right."""
        return self.authority.issue("good", "DNS:" + peers.REALM)

    def calls(self, kamailio, tls=None, connections="per_endpoint"):
        """Runs the calls; tls: what the spec says of it."""
        lines = [f"{user}:{word}\n" for user, word in test_kamailio.PASSWORDS.items()]
        self.write("accounts.txt", "".join(lines))
        tls = tls or f"verify: custom, ca: {self.authority.ca}"
        text = SPEC.format(server=kamailio.tls_server, tls=tls, connections=connections)
        return self.run_spec(text)

    def assert_passed(self, run, kamailio):
        """All calls went well; everybody was registered, and is no more."""
        self.assert_exit(run, program.PASS)
        self.assert_outcomes(run, "SUCCESS")
        for endpoint in run.endpoints():
            self.assertGreater(endpoint["call"]["packets_received"], 80)
        self.assertEqual(len(kamailio.users("registered")), 4)
        self.assertEqual(len(kamailio.users("unregistered")), 4)

    def assert_not_trusted(self, run, kamailio, words):
        """No password went to this server, and the reason is told."""
        self.assertIn(run.child.returncode, (program.FAIL, program.ENVIRONMENT))
        self.assert_outcomes(run, "REGISTRATION_FAILED")
        for endpoint in run.endpoints():
            self.assertEqual(endpoint["failure"], "tls")
        self.assertRegex(run.result["why"] + run.result["try"], words)
        self.assertEqual(kamailio.users("registered"), [])

    def test_calls_pass(self):
        kamailio = self.kamailio(self.good())
        self.assert_passed(self.calls(kamailio), kamailio)

    def test_calls_pass_over_one_connection(self):
        kamailio = self.kamailio(self.good())
        run = self.calls(kamailio, connections="shared")
        self.assert_passed(run, kamailio)
        ends = {event["local"] for endpoint in run.endpoints() for event in endpoint["timeline"]
                if event["event"] == "message"}
        self.assertEqual(len(ends), 1, ends)

    def test_calls_pass_with_a_name_that_the_spec_gives(self):
        kamailio = self.kamailio(self.authority.issue("other", "DNS:edge.example.net"))
        tls = f"verify: custom, ca: {self.authority.ca}, server_name: edge.example.net"
        self.assert_passed(self.calls(kamailio, tls), kamailio)

    def test_expired_certificate_is_not_trusted(self):
        kamailio = self.kamailio(self.authority.expired("expired", "DNS:" + peers.REALM))
        self.assert_not_trusted(self.calls(kamailio), kamailio, "expired")

    def test_certificate_of_another_name_is_not_trusted(self):
        kamailio = self.kamailio(self.authority.issue("other", "DNS:other.test"))
        self.assert_not_trusted(self.calls(kamailio), kamailio, "(?i)name|match")

    def test_self_signed_certificate_is_not_trusted(self):
        kamailio = self.kamailio(self.authority.self_signed("self", "DNS:" + peers.REALM))
        self.assert_not_trusted(self.calls(kamailio), kamailio, "(?i)self.signed")

    def test_certificate_of_an_unknown_authority_is_not_trusted(self):
        other = certificates.Authority(os.path.join(self.folder, "other"), "Another CA")
        kamailio = self.kamailio(other.issue("good", "DNS:" + peers.REALM))
        self.assert_not_trusted(self.calls(kamailio), kamailio, "(?i)issuer|authority|trust")

    def test_this_machine_does_not_trust_a_test_authority(self):
        kamailio = self.kamailio(self.good())
        run = self.calls(kamailio, "verify: system")
        self.assert_not_trusted(run, kamailio, "(?i)issuer|authority|trust|self.signed")

    def test_nothing_is_verified_when_the_spec_says_so(self):
        kamailio = self.kamailio(self.authority.self_signed("self", "DNS:other.test"))
        self.assert_passed(self.calls(kamailio, "verify: skip"), kamailio)

    def with_ours(self, pair):
        """What a spec says, with a certificate of our own."""
        return (f"verify: custom, ca: {self.authority.ca}, certificate: {pair.certificate}, "
                f"key: {pair.key}")

    def test_our_certificate_is_shown_when_it_is_asked_for(self):
        kamailio = self.kamailio(self.good(), demand=self.authority.ca)
        ours = self.authority.issue("ours", "DNS:phones.test")
        self.assert_passed(self.calls(kamailio, self.with_ours(ours)), kamailio)

    def test_missing_certificate_of_ours_is_named(self):
        kamailio = self.kamailio(self.good(), demand=self.authority.ca)
        self.assert_not_trusted(self.calls(kamailio), kamailio, "(?i)certificate")

    def refused_before_the_run(self, pair, code):
        """The spec is refused, and Kamailio never heard of it."""
        kamailio = self.kamailio(self.good())
        run = self.calls(kamailio, self.with_ours(pair))
        self.assert_exit(run, program.BAD_SPEC)
        self.assertIn(code, run.stderr)
        self.assertFalse(os.path.exists(os.path.join(run.out, "result.json")))

    def test_expired_certificate_of_ours_is_told_before_the_run(self):
        self.refused_before_the_run(self.authority.expired("ours", "DNS:phones.test"), "expired")

    def test_key_of_another_certificate_is_told_before_the_run(self):
        ours, other = (self.authority.issue(name, "DNS:phones.test") for name in ("ours", "theirs"))
        self.refused_before_the_run(certificates.Pair(ours.certificate, other.key), "key")


if __name__ == "__main__":
    program.main()

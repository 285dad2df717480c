#!/usr/bin/python3
"""SRTP agreed with baresip at Kamailio: what is not in each of its calls in test_baresip_tones.py."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path += [HERE, os.path.join(HERE, "..", "support")]

import baresip  # noqa: E402
import peers  # noqa: E402
import phones  # noqa: E402
import program  # noqa: E402


class SecurityTest(phones.PhonesTest):
    """The account 1003 is baresip's, the first one is cmtest's."""

    def phone(self, mediaenc, **more):
        """Starts baresip, which encrypts that way."""
        return self.enterContext(baresip.Baresip(self.folder, "udp", "1003", phones.PASSWORDS["1003"],
                                                 self.kamailio.server, mediaenc=mediaenc, **more))

    def assert_talked(self, run, secured):
        """All went well, both heard each other, and the media was encrypted that way."""
        self.assert_exit(run, program.PASS)
        self.assert_outcomes(run, "SUCCESS")
        for endpoint in run.endpoints():
            self.assertEqual(endpoint["media"]["security"], secured)
            self.assertGreaterEqual(endpoint["call"]["packets_sent"], 60)
            self.assertGreaterEqual(endpoint["call"]["packets_received"], 60)

    def calls_it(self, mediaenc, audio, secured):
        """cmtest calls baresip, which decodes the tone that was sent."""
        phone = self.phone(mediaenc, record=True)
        run = self.run_spec(self.spec("sip:1003@example.test", seconds=2, endpoints=1, audio=audio,
                                      source="{ name: tone, frequency: 1000, level: -20 }"))
        self.assert_talked(run, secured)
        phone.process.stop()
        self.assert_tone(phone.heard(), 1000, -20)
        # Of AES_CM_128_HMAC_SHA1_32 baresip expects a short tag in RTCP too, against RFC 4568 6.2.2.
        self.assertNotIn("failed to decrypt RTP", phone.printed)

    def is_called(self, mediaenc, audio, secured):
        """baresip calls cmtest, which hangs up after 2 s."""
        text = self.spec(endpoints=1, seconds=2, audio=audio,
                         group="answer: { ring: 200ms, duration: 2s }",
                         source="{ name: tone, frequency: 1000, level: -20 }")
        run = self.start_spec(text)
        registered = lambda: self.kamailio.users("registered") == ["1000"]
        peers.wait_until(registered, "the phone is registered", alive=run.child)
        phone = self.phone(mediaenc, dial="sip:1000@example.test", record=True)
        run.wait()
        self.assert_talked(run, secured)
        phone.process.stop()
        self.assert_tone(phone.heard(), 1000, -20)
        self.assertNotIn("failed to decrypt", phone.printed)

    def test_it_answers_with_sdes_and_a_short_tag(self):
        self.calls_it("srtp-mandf", "avpf: true, security: { mode: sdes, suites: "
                      "[AES_CM_128_HMAC_SHA1_32] }", "sdes AES_CM_128_HMAC_SHA1_32")

    def test_it_answers_with_dtls_on_one_port(self):
        self.calls_it("dtls_srtp", "avpf: true, rtcp_mux: true, security: dtls", "dtls")

    def test_it_calls_with_dtls_on_one_port(self):
        self.is_called("dtls_srtp", "rtcp_mux: true, security: dtls", "dtls")

    def test_it_answers_a_dual_offer_with_sdes(self):
        self.calls_it("srtp-mand", "security: dual", "sdes AES_CM_128_HMAC_SHA1_80")

    def test_it_answers_without_encryption_where_that_will_do(self):
        self.calls_it("", "security: { mode: dual, policy: optional }", None)

    def test_it_has_no_encryption_and_is_refused(self):
        text = self.spec(endpoints=1, seconds=2, audio="security: sdes")
        run = self.start_spec(text)
        registered = lambda: self.kamailio.users("registered") == ["1000"]
        peers.wait_until(registered, "the phone is registered", alive=run.child)
        phone = self.phone("", dial="sip:1000@example.test")
        run.wait()
        self.assert_exit(run, program.FAIL)
        self.assert_outcomes(run, "NEGOTIATION_FAILED")
        [endpoint] = run.endpoints()
        self.assertEqual(endpoint["failure"], "security")
        self.assertIn("is plain RTP, but this endpoint requires encryption", endpoint["detail"])
        self.assertIn("488", phone.printed)


if __name__ == "__main__":
    program.main()

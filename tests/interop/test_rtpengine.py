#!/usr/bin/python3
"""rtpengine between two phones that encrypt in different ways: each hears what the other one sends."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path += [HERE, os.path.join(HERE, "..", "support")]

import baresip  # noqa: E402
import peers  # noqa: E402
import phones  # noqa: E402
import program  # noqa: E402
import rtpengine  # noqa: E402

SDES, DTLS, PLAIN = "RTP/SAVP DTLS=off", "UDP/TLS/RTP/SAVP", "RTP/AVP"
OFFERED = "AEAD_AES_256_GCM"  # the first one of rtpengine's offers
SUITE = "AES_CM_128_HMAC_SHA1_80"
# baresip cannot read what rtpengine protects by these.
NO_GCM = " SDES-no-AEAD_AES_256_GCM SDES-no-AEAD_AES_128_GCM"
TONES = {"callees": (1000, -20), "callers": (600, -12)}
# A tone in dBm0 is that much lower in dBov (G.711: full scale is 3.14 dBm0, a sine's is -3.01 dBov).
DBOV = 3.14 + 3.01

SPEC = """
cmtest: 1
name: bridged
registrars:
  pbx: {{ domain: example.test, server: "{server}", accounts: {{ file: accounts.txt }} }}
groups:
  callees:
    registrar: pbx
    endpoints: 1
    audio: {{ codecs: [{codec}], {callee}, decode: full, record: heard,
      source: {{ name: tone, frequency: 1000, level: -20 }} }}
  callers:
    registrar: pbx
    endpoints: 1
    call: callees
    audio: {{ codecs: [{codec}], {caller}, decode: full, record: heard,
      source: {{ name: tone, frequency: 600, level: -12 }} }}
    {group}
buildup: 100ms
duration: {seconds}s
"""


class RtpengineTest(phones.PhonesTest):
    """Kamailio sends all media through rtpengine."""

    bridge = None

    def bridge_to(self, to_callee, to_caller):
        """Kamailio in place of the one before; what either side is offered."""
        self.bridge = self.enterContext(rtpengine.Rtpengine(self.folder))
        self.start_kamailio(**self.bridge.settings(to_callee, to_caller))

    def run_two(self, caller, callee, codec="pcma", seconds=4, group=""):
        """Both ends of the call are cmtest's, with these fields of their audio."""
        run = self.run_spec(SPEC.format(server=self.kamailio.server, caller=caller, callee=callee,
                                        codec=codec, seconds=seconds, group=group))
        self.assert_exit(run, program.PASS)
        self.assert_outcomes(run, "SUCCESS")
        return run

    def assert_heard(self, run, secured, lost=0):
        """Each side encrypted its own way, lost no more than that, and heard the other one's tone."""
        ports = range(self.bridge.rtp, self.bridge.rtp + 100)
        for group, other in (("callers", "callees"), ("callees", "callers")):
            [endpoint] = run.endpoints(group)
            self.assertEqual(endpoint["media"]["security"], secured[group])
            self.assertIn(int(endpoint["media"]["remote"].split(":")[-1]), ports)
            call = endpoint["call"]
            self.assertGreaterEqual(call["packets_received"], 150)
            self.assertLessEqual(call["packets_lost"], lost)
            for level in endpoint["receive"]["level_rms"][1:-1]:
                self.assertAlmostEqual(level, TONES[other][1] - DBOV, delta=1)
            self.assert_tone(os.path.join(self.folder, endpoint["recording"]["path"]), *TONES[other])

    def phone(self, mediaenc, **more):
        """Starts baresip, which encrypts that way and records what it hears."""
        return self.enterContext(baresip.Baresip(
            self.folder, "udp", "1003", phones.PASSWORDS["1003"], self.kamailio.server,
            mediaenc=mediaenc, record=True, **more))

    def assert_talked(self, run, phone, secured):
        """Our tone came out of baresip as it was sent, and its own one came to us."""
        self.assert_exit(run, program.PASS)
        self.assert_outcomes(run, "SUCCESS")
        [endpoint] = run.endpoints()
        self.assertEqual(endpoint["media"]["security"], secured)
        # rtpengine and baresip take up to 1.6 s for their handshake.
        self.assertGreaterEqual(endpoint["call"]["packets_received"], 60)
        self.assertEqual(endpoint["call"]["packets_lost"], 0)
        phone.process.stop()
        self.assert_tone(phone.heard(), 1000, -20)
        self.assertNotIn("failed to decrypt", phone.printed)

    def calls_it(self, mediaenc, audio, secured):
        """cmtest calls baresip, which answers at once."""
        phone = self.phone(mediaenc)
        run = self.run_spec(self.spec("sip:1003@example.test", seconds=3, endpoints=1, audio=audio,
                                      source="{ name: tone, frequency: 1000, level: -20 }"))
        self.assert_talked(run, phone, secured)

    def is_called(self, mediaenc, audio, secured):
        """baresip calls cmtest, which hangs up after 4 s."""
        run = self.start_spec(self.spec(endpoints=1, seconds=4, audio=audio,
                                        group="answer: { ring: 200ms, duration: 4s }",
                                        source="{ name: tone, frequency: 1000, level: -20 }"))
        registered = lambda: self.kamailio.users("registered") == ["1000"]
        peers.wait_until(registered, "the phone is registered", alive=run.child)
        phone = self.phone(mediaenc, dial="sip:1000@example.test")
        run.wait()
        self.assert_talked(run, phone, secured)

    def test_sdes_calls_dtls(self):
        self.bridge_to(DTLS, SDES)
        run = self.run_two("security: sdes", "security: dtls")
        self.assert_heard(run, {"callers": f"sdes {SUITE}", "callees": "dtls"})

    def test_dtls_calls_sdes(self):
        self.bridge_to(SDES, DTLS)
        run = self.run_two("security: dtls", "security: sdes")
        self.assert_heard(run, {"callers": "dtls", "callees": f"sdes {OFFERED}"})

    def test_sdes_calls_dtls_on_one_port(self):
        self.bridge_to(DTLS + " rtcp-mux-offer", SDES)
        run = self.run_two("security: sdes", "security: dtls, rtcp_mux: true, avpf: true")
        self.assert_heard(run, {"callers": f"sdes {SUITE}", "callees": "dtls"})
        self.assertEqual(run.endpoints("callees")[0]["call"]["srtp"]["handshakes"], 1)

    def test_dtls_on_one_port_calls_sdes_of_another_suite(self):
        self.bridge_to(SDES + " rtcp-mux-accept", DTLS)
        run = self.run_two("security: dtls, rtcp_mux: true",
                           "security: { mode: sdes, suites: [AEAD_AES_128_GCM] }")
        self.assert_heard(run, {"callers": "dtls", "callees": "sdes AEAD_AES_128_GCM"})
        self.assertEqual(run.endpoints("callers")[0]["call"]["srtp"]["handshakes"], 1)

    def test_a_dual_offer_calls_plain_rtp(self):
        self.bridge_to(PLAIN, SDES)
        run = self.run_two("security: dual", "security: none")
        self.assert_heard(run, {"callers": "dtls", "callees": None})

    def test_sdes_calls_dtls_by_opus(self):
        self.bridge_to(DTLS, SDES)
        run = self.run_two("security: sdes", "security: dtls", codec="opus")
        self.assert_heard(run, {"callers": f"sdes {SUITE}", "callees": "dtls"})

    def test_new_sdes_keys_pass_through_it(self):
        self.bridge_to(DTLS, SDES)
        run = self.run_two("security: { mode: sdes, rekey: 1s }", "security: dtls")
        # It takes a key with the offer, and then refuses packets that were sent before the answer.
        self.assert_heard(run, {"callers": f"sdes {SUITE}", "callees": "dtls"}, lost=3)
        [caller], [callee] = run.endpoints("callers"), run.endpoints("callees")
        self.assertGreaterEqual(caller["call"]["srtp"]["rekeyings"], 3)
        self.assertEqual(callee["call"]["srtp"]["handshakes"], 2)
        for endpoint in (caller, callee):
            self.assertEqual(endpoint["call"]["srtp"]["authentication_failures"], 0)

    def test_our_sdes_calls_baresip_with_dtls(self):
        self.bridge_to(DTLS + "F", SDES)
        self.calls_it("dtls_srtp", "security: sdes", f"sdes {SUITE}")

    def test_our_dtls_calls_baresip_with_sdes(self):
        self.bridge_to(SDES + NO_GCM, DTLS)
        self.calls_it("srtp-mand", "security: dtls", "dtls")

    def test_our_sdes_is_called_by_baresip_with_dtls(self):
        self.bridge_to(SDES, DTLS + "F")
        self.is_called("dtls_srtp", "security: sdes", f"sdes {OFFERED}")

    def test_our_dtls_is_called_by_baresip_with_sdes(self):
        self.bridge_to(DTLS, SDES)
        self.is_called("srtp-mand", "security: dtls", "dtls")


if __name__ == "__main__":
    program.main()

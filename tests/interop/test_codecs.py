#!/usr/bin/python3
"""Codecs agreed with baresip, which calls and is called, at Kamailio."""

import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path += [HERE, os.path.join(HERE, "..", "support")]

import baresip  # noqa: E402
import peers  # noqa: E402
import phones  # noqa: E402
import program  # noqa: E402


class CodecsTest(phones.PhonesTest):
    """The account 1003 is baresip's, the first ones are cmtest's."""

    def hears(self, codec, codecs, source, frequency, level):
        """What cmtest sends is what baresip decodes."""
        phone = self.phone(codec, record=True)
        run = self.run_spec(self.spec("sip:1003@example.test", seconds=2, endpoints=1, codecs=codecs,
                                      source=source))
        self.assert_exit(run, program.PASS)
        phone.process.stop()
        self.assert_tone(phone.heard(), frequency, level)

    def phone(self, codec, **more):
        """Starts baresip with the one codec."""
        return self.enterContext(baresip.Baresip(self.folder, "udp", "1003", phones.PASSWORDS["1003"],
                                                 self.kamailio.server, codec=codec, **more))

    def assert_talked(self, run, name):
        """All went well by that codec, and both heard each other."""
        self.assert_exit(run, program.PASS)
        self.assert_outcomes(run, "SUCCESS")
        for endpoint in run.endpoints():
            self.assertEqual(endpoint["media"]["codec"], name)
            self.assertGreaterEqual(endpoint["call"]["packets_sent"], 60)
            self.assertGreaterEqual(endpoint["call"]["packets_received"], 60)
            self.assertEqual(endpoint["call"]["packets_lost"], 0)

    def calls_it(self, codec, codecs, name):
        """cmtest calls baresip, which answers at once, and hangs up after 2 s."""
        phone = self.phone(codec)
        run = self.run_spec(self.spec("sip:1003@example.test", seconds=2, codecs=codecs, endpoints=1))
        self.assert_talked(run, name)
        self.assertNotRegex(phone.printed, re.compile("decode.*(error|failed)", re.I))

    def is_called(self, codec, codecs, name):
        """baresip calls cmtest, which hangs up after 2 s."""
        text = self.spec(endpoints=1, seconds=2, codecs=codecs,
                         group="answer: { ring: 200ms, duration: 2s }")
        run = self.start_spec(text)
        registered = lambda: self.kamailio.users("registered") == ["1000"]
        peers.wait_until(registered, "the phone is registered", alive=run.child)
        phone = self.phone(codec, dial="sip:1000@example.test")
        run.wait()
        self.assert_talked(run, name)
        self.assertIn("Call established", phone.printed)
        self.assertNotRegex(phone.printed, re.compile("decode.*(error|failed)", re.I))

    def test_it_answers_with_opus(self):
        self.calls_it("opus/48000/2", "g722, opus, telephone-event", "opus")

    def test_it_calls_with_opus(self):
        self.is_called("opus/48000/2", "g722, opus, telephone-event", "opus")

    def test_it_answers_with_opus_of_64_kbps(self):
        self.calls_it("opus/48000/2", "{ name: opus, bitrate: 64kbps }", "opus")

    def test_it_answers_with_g722(self):
        self.calls_it("G722/16000/1", "pcma, g722, telephone-event", "g722")

    def test_it_calls_with_g722(self):
        self.is_called("G722/16000/1", "pcma, g722, telephone-event", "g722")

    def test_it_answers_with_pcmu(self):
        self.calls_it("PCMU/8000/1", "opus, pcmu, cn", "pcmu")

    def test_it_hears_itself_by_our_echo(self):
        self.hears("opus/48000/2", "opus", "echo", 440, None)


if __name__ == "__main__":
    program.main()

#!/usr/bin/python3
"""What baresip and cmtest can tell each other of their codecs, and holds, at Kamailio."""

import os
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path += [HERE, os.path.join(HERE, "..", "support")]

import baresip  # noqa: E402
import peers  # noqa: E402
import phones  # noqa: E402
import program  # noqa: E402

OPUS = "opus/48000/2"


class CornersTest(phones.PhonesTest):
    """The account 1003 is baresip's, the first one is cmtest's."""

    def phone(self, codec, **more):
        """Starts baresip with the one codec."""
        return self.enterContext(baresip.Baresip(self.folder, "udp", "1003", phones.PASSWORDS["1003"],
                                                 self.kamailio.server, codec=codec, record=True,
                                                 **more))

    def talk(self, codec, codecs, sends=20, receives=20, **more):
        """cmtest calls baresip, and each hears the other's tone, in packets of so many ms. Returns
        the endpoint."""
        phone = self.phone(codec, **more)
        run = self.run_spec(self.spec("sip:1003@example.test", seconds=3, endpoints=1, codecs=codecs,
                                      source="{ name: tone, frequency: 1000, level: -20 }"))
        return self.check_talk(run, phone, sends, receives)

    def is_called(self, codec, codecs, sends=20, receives=20, **more):
        """The same, but baresip calls."""
        text = self.spec(endpoints=1, seconds=3, codecs=codecs, group="answer: { duration: 3s }",
                         source="{ name: tone, frequency: 1000, level: -20 }")
        run = self.start_spec(text)
        registered = lambda: self.kamailio.users("registered") == ["1000"]
        peers.wait_until(registered, "the phone is registered", alive=run.child)
        phone = self.phone(codec, dial="sip:1000@example.test", **more)
        run.wait()
        return self.check_talk(run, phone, sends, receives)

    def check_talk(self, run, phone, sends, receives):
        """Both heard each other, in packets of so many ms."""
        self.assert_exit(run, program.PASS)
        self.assert_outcomes(run, "SUCCESS")
        phone.process.stop()
        self.assert_tone(phone.heard(), 1000, -20)
        [endpoint] = run.endpoints()
        self.assertEqual(endpoint["media"]["ptime_ms"], sends)
        self.assertEqual(endpoint["call"]["packets_lost"], 0)
        receive = endpoint["receive"]
        self.assertAlmostEqual(receive["packet_duration"][1], receives / 1e3)
        self.assertAlmostEqual(endpoint["send"]["packets"][1], 1000 / sends, delta=2)
        self.assertEqual(receive["decoder_errors"][:2], [0] * 2)
        self.assertAlmostEqual(phones.dbm0(receive["level_rms"][1]), self.tone_of(phone.said())[1],
                               delta=1)
        return endpoint

    def test_packets_of_10_ms(self):
        self.is_called("PCMU/8000/1", "pcmu", ptime=10, sends=10, receives=10)

    def test_packets_of_40_ms(self):
        self.is_called("G722/16000/1", "g722", ptime=40, sends=40, receives=40)

    def test_packets_of_60_ms(self):
        self.is_called("PCMA/8000/1", "pcma", ptime=60, sends=60, receives=60)

    def test_packets_of_opus_of_10_ms(self):
        self.is_called(OPUS, "opus", ptime=10, sends=10, receives=10)

    def test_packets_of_opus_of_60_ms(self):
        self.is_called(OPUS, "opus", ptime=60, sends=60, receives=60)

    def test_packet_time_that_we_ask_for_is_the_one_we_get(self):
        self.talk(OPUS, "{ name: opus, ptime: 40ms }", sends=40, receives=40)

    def test_opus_stereo_both_ways(self):
        self.talk(OPUS, "{ name: opus, fmtp: 'stereo=1;sprop-stereo=1' }",
                  settings=["opus_stereo yes", "opus_sprop_stereo yes"])

    def test_opus_mono(self):
        self.talk(OPUS, "opus", settings=["opus_stereo no", "opus_sprop_stereo no"])

    def test_opus_at_the_constant_rate_that_the_other_wants(self):
        endpoint = self.talk(OPUS, "{ name: opus, fmtp: 'cbr=1;maxaveragebitrate=20000' }",
                             settings=["opus_cbr yes", "opus_bitrate 24000", "opus_stereo no",
                                       "opus_sprop_stereo no"])
        send = endpoint["send"]
        self.assertEqual([send["bytes"][i] / send["packets"][i] for i in (0, 1)], [60, 60])
        self.assertAlmostEqual(endpoint["receive"]["bit_rate"][1], 20000, delta=1000)

    def test_opus_is_discontinuous_in_silence(self):
        phone = self.phone(OPUS, settings=["opus_dtx yes"])
        run = self.run_spec(self.spec("sip:1003@example.test", seconds=4, endpoints=1, codecs="opus",
                                      source="silence"))
        self.assert_exit(run, program.PASS)
        [endpoint] = run.endpoints()
        self.assertLess(endpoint["send"]["packets"][2], 10)
        self.assertEqual(endpoint["call"]["packets_lost"], 0)

    def test_opus_with_redundancy_and_discontinuous(self):
        self.talk(OPUS, "{ name: opus, fmtp: 'useinbandfec=1;usedtx=1' }",
                  settings=["opus_inbandfec yes", "opus_dtx yes", "opus_packet_loss 20"])

    def test_it_holds_and_resumes(self):
        phone = self.phone("PCMA/8000/1")
        run = self.start_spec(self.spec("sip:1003@example.test", seconds=7, endpoints=1))
        peers.wait_until(lambda: "Call established" in phone.printed, "the call stands",
                         alive=run.child)
        time.sleep(1.2)
        phone.command("hold")
        time.sleep(2.5)
        phone.command("resume")
        run.wait()
        self.assert_exit(run, program.PASS)
        self.assert_outcomes(run, "SUCCESS")
        [endpoint] = run.endpoints()
        self.assertEqual(endpoint["call"]["packets_lost"], 0)
        sent = endpoint["send"]["packets"]
        self.assertIn(0, sent[1:4])
        self.assertAlmostEqual(sent[5], 50, delta=2)
        self.assertAlmostEqual(endpoint["receive"]["packets"][5], 50, delta=2)


if __name__ == "__main__":
    program.main()

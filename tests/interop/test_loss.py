#!/usr/bin/python3
"""SIP over a network that loses datagrams: calls get through by what RFC 3261 repeats."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path += [HERE, os.path.join(HERE, "..", "support")]

import lossy  # noqa: E402
import peers  # noqa: E402
import phones  # noqa: E402
import program  # noqa: E402
import test_kamailio  # noqa: E402

# With this one no transaction dies, which would be 32 s of silence and a call that rightly fails.
SEED = 1
PASSWORDS = {str(1000 + i): f"Hush-{i:02d}-kQ7z" for i in range(40)}


class LossTest(phones.PhonesTest):
    """A lossy network stands between cmtest and Kamailio. RTP does not cross it."""

    def network(self, rule):
        """Starts it; the host:port that stands for Kamailio."""
        self.network_between = self.enterContext(lossy.Lossy(self.kamailio.port, rule))
        return f"{peers.HOST}:{self.network_between.port}"

    def setUp(self):
        program.ProgramTest.setUp(self)

    def test_every_call_completes_although_a_fifth_is_lost(self):
        self.start_kamailio(PASSWORDS, PATIENCE=32000)
        server = self.network(lossy.loses(0.2, seed=SEED))
        text = test_kamailio.SPEC.format(server=server, transport="udp", pairs=20, seconds=3)
        run = self.run_spec(text.replace("buildup: 1s", "buildup: 4s"), seconds=100)
        self.assert_exit(run, program.PASS)
        self.assert_outcomes(run, "SUCCESS")
        seen = self.network_between
        share = seen.dropped / (seen.dropped + seen.passed)
        self.assertTrue(0.1 < share < 0.3, f"{seen.dropped} of {seen.dropped + seen.passed}")
        calls = [endpoint["call"] for endpoint in run.endpoints("callers")]
        self.assertGreater(sum(call["retransmissions_sent"] for call in calls), 5)
        self.assertGreater(sum(call["retransmissions_received"] for call in calls), 2)
        self.assertGreaterEqual(max(call["call_setup_time"] for call in calls), 0.5)
        self.assertLess(min(call["call_setup_time"] for call in calls), 0.5)
        repeated = [e for endpoint in run.endpoints() for e in endpoint["timeline"]
                    if e["event"] == "message" and e["repeated"]]
        self.assertGreater(len(repeated), 20)

    def loses_first(self, pattern, count=1, seconds=2):
        """A call to SIPp that loses the first copies of what matches; its call."""
        self.start_kamailio()
        server = self.network(lossy.first(count, pattern))
        sipp = self.sipp("answer", "-m", "1")
        run = self.run_spec(self.spec(f"sip:x@{peers.HOST}:{sipp.port}", endpoints=1,
                                      seconds=seconds, server=server))
        self.assertEqual(sipp.wait(), 0, sipp.errors)
        self.assertGreaterEqual(self.network_between.dropped, count)
        self.assert_exit(run, program.PASS)
        return run.endpoints()[0]["call"]

    def test_lost_invite_is_sent_again(self):
        call = self.loses_first("to server: INVITE")
        # Without credentials first, then with them: each was lost once.
        self.assertEqual(call["retransmissions_sent"], 2)
        self.assertGreaterEqual(call["call_setup_time"], 1.0)

    def test_lost_200_comes_again(self):
        call = self.loses_first("to phone: 200 INVITE", count=2)
        self.assertGreaterEqual(call["call_setup_time"], 1.5)

    def test_lost_ack_is_sent_again_for_every_200(self):
        call = self.loses_first("to server: ACK", count=3, seconds=4)
        self.assertGreaterEqual(call["retransmissions_received"], 3)
        self.assertGreaterEqual(call["retransmissions_sent"], 3)

    def test_lost_bye_is_sent_again(self):
        call = self.loses_first("to server: BYE", count=2)
        self.assertEqual(call["retransmissions_sent"], 2)
        self.assertGreaterEqual(call["teardown_time"], 1.5)

    def test_lost_answer_to_bye_is_given_again(self):
        call = self.loses_first("to phone: 200 BYE")
        self.assertGreaterEqual(call["teardown_time"], 0.5)


if __name__ == "__main__":
    program.main()

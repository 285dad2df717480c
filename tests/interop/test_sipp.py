#!/usr/bin/python3
"""cmtest against SIPp as the phone at the other end, through Kamailio."""

import math
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path += [HERE, os.path.join(HERE, "..", "support")]

import peers  # noqa: E402
import phones  # noqa: E402
import program  # noqa: E402


class SippTest(phones.PhonesTest):
    """SIPp answers, refuses, calls, or hangs up."""

    def assert_refused(self, run, outcome, status):
        """Exit 1, every call failed so, and the code is named."""
        self.assert_exit(run, program.FAIL)
        self.assert_outcomes(run, outcome)
        for endpoint in run.endpoints():
            self.assertEqual(endpoint["status"], status)
        self.assertIn(str(status), run.stdout + run.stderr)

    def refused_by_sipp(self, status, reason, outcome="CALL_FAILED"):
        """Calls a SIPp that refuses with this status."""
        sipp = self.sipp("refuse", "-m", "2", status=f"{status} {reason}")
        run = self.run_spec(self.spec(f"sip:x@{peers.HOST}:{sipp.port}"))
        self.assert_refused(run, outcome, status)
        self.assertEqual(sipp.wait(), 0)
        return run

    def assert_level(self, run, level):
        """What the first endpoint heard was as loud as this, in dBm0."""
        heard = run.endpoints()[0]["receive"]["level_rms"][1]
        self.assertAlmostEqual(phones.dbm0(heard), level, delta=1)

    def test_calls_a_phone_that_answers_and_hears_its_echo(self):
        sipp = self.sipp("answer", "-m", "2")
        run = self.run_spec(self.spec(f"sip:x@{peers.HOST}:{sipp.port}"))
        self.assert_exit(run, program.PASS)
        self.assert_outcomes(run, "SUCCESS")
        for endpoint in run.endpoints():
            self.assertEqual(endpoint["call"]["status"], 200)
            self.assertGreaterEqual(endpoint["call"]["packets_sent"], 140)
            self.assertGreaterEqual(endpoint["call"]["packets_received"], 135)
            self.assertEqual(endpoint["call"]["packets_lost"], 0)
        # The tone that we send.
        self.assert_level(run, -15)
        self.assertEqual(sipp.wait(), 0)

    def test_answers_a_call_from_outside(self):
        run = self.start_spec(self.spec(endpoints=1, seconds=2))
        registered = lambda: self.kamailio.users("registered") == ["1000"]
        peers.wait_until(registered, "the phone is registered", alive=run.child)
        sipp = self.sipp("call", "-m", "1", "-s", "1000", "-d", "3000",
                         target=self.kamailio.server, tone=True)
        self.assertEqual(sipp.wait(), 0, sipp.messages)
        run.wait()
        self.assert_exit(run, program.PASS)
        self.assert_outcomes(run, "SUCCESS")
        called = run.endpoints()[0]["call"]
        self.assertTrue(called["completed"])
        self.assertGreaterEqual(called["packets_received"], 140)
        self.assertGreaterEqual(called["packets_sent"], 140)
        self.assertEqual(called["packets_lost"], 0)
        self.assert_level(run, phones.dbm0(20 * math.log10(8000 / 32768) - 3.01))

    def test_phone_that_changes_among_its_codecs_is_heard_by_each(self):
        sipp = self.sipp("answer_two", "-m", "1", tone=True)
        run = self.run_spec(self.spec(f"sip:x@{peers.HOST}:{sipp.port}", seconds=5, endpoints=1,
                                      codecs="pcma, pcmu", audio="decode: full, record: heard"))
        self.assert_exit(run, program.PASS)
        [endpoint] = run.endpoints()
        self.assertEqual(endpoint["call"]["packets_lost"], 0)
        receive = endpoint["receive"]
        self.assertEqual(sum(receive["unexpected_payload_type"]), 0)
        self.assertEqual(sum(receive["decoder_errors"]), 0)
        level = 20 * math.log10(8000 / 32768) - 3.01
        for second in (0, 1, 3, 4):
            self.assertAlmostEqual(receive["level_rms"][second], level, delta=1)
            self.assertAlmostEqual(receive["packets"][second], 50, delta=3)
        heard = os.path.join(self.folder, endpoint["recording"]["path"])
        self.assert_tone(heard, 400, phones.dbm0(level), at=0.5)
        self.assert_tone(heard, 400, phones.dbm0(level), at=3.2)

    def test_busy_is_a_failed_call(self):
        run = self.refused_by_sipp(486, "Busy Here")
        self.assertEqual({e["call"]["result"] for e in run.endpoints()}, {"busy"})

    def test_not_found_is_a_failed_call(self):
        self.refused_by_sipp(404, "Not Found")

    def test_service_unavailable_is_a_failed_call(self):
        run = self.run_spec(self.spec("sip:overload@example.test"))
        self.assert_refused(run, "CALL_FAILED", 503)
        self.assertEqual({e["call"]["result"] for e in run.endpoints()}, {"unavailable"})

    def test_decline_is_a_failed_call(self):
        run = self.refused_by_sipp(603, "Decline")
        self.assertEqual({e["call"]["result"] for e in run.endpoints()}, {"rejected"})

    def test_not_acceptable_here_is_a_failed_negotiation(self):
        self.refused_by_sipp(488, "Not Acceptable Here", "NEGOTIATION_FAILED")

    def test_number_that_nobody_registered_is_a_failed_call(self):
        run = self.run_spec(self.spec("sip:7777@example.test"))
        self.assert_refused(run, "CALL_FAILED", 404)

    def test_phone_that_hangs_up_early_is_a_failed_call(self):
        sipp = self.sipp("hangup", "-m", "1", "-d", "1000")
        run = self.run_spec(self.spec(f"sip:x@{peers.HOST}:{sipp.port}", endpoints=1, seconds=5))
        self.assertEqual(sipp.wait(), 0, sipp.messages)
        self.assert_exit(run, program.FAIL)
        self.assert_outcomes(run, "CALL_FAILED")

    def in_call(self, sipp, calls):
        """Starts a run of long calls to SIPp, and waits until they stand."""
        text = self.spec(f"sip:x@{peers.HOST}:{sipp.port}", endpoints=calls, seconds=60)
        run = self.start_spec(text)
        stand = lambda: len(re.findall("^ACK ", sipp.messages, re.MULTILINE)) >= calls
        peers.wait_until(stand, "the calls stand", alive=run.child)
        return run

    def test_interrupt_hangs_up_unregisters_and_writes_the_reports(self):
        sipp = self.sipp("answer", "-m", "2")
        run = self.in_call(sipp, 2)
        run.interrupt()
        run.wait()
        self.assert_exit(run, program.INTERRUPTED)
        self.assertEqual(sipp.wait(), 0, sipp.messages)
        self.assertEqual(sorted(self.kamailio.users("unregistered")), ["1000", "1001"])
        self.assertTrue(run.result["interrupted"])
        self.assertTrue(os.path.exists(os.path.join(run.out, "junit.xml")))

    def test_second_interrupt_aborts_what_the_first_waits_for(self):
        sipp = self.sipp("deaf", "-m", "1", "-default_behaviors", "all,-bye")
        run = self.in_call(sipp, 1)
        run.interrupt()
        with self.assertRaises(program.TimeoutExpired):
            run.child.wait(1)
        run.interrupt()
        run.wait(2)
        self.assert_exit(run, program.INTERRUPTED)


if __name__ == "__main__":
    program.main()

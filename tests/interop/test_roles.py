#!/usr/bin/python3
"""cmtest against SIPp in every role of a phone. SIPp judges what is on the wire (its exit code),
result.json is judged here."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path += [HERE, os.path.join(HERE, "..", "support")]

import peers  # noqa: E402
import phones  # noqa: E402
import program  # noqa: E402

TIMER = "session_timer: { mode: supported, expires: 90s, refresher: %s }"


class CalledTest(phones.PhonesTest):
    """cmtest calls, SIPp is called."""

    def calls(self, scenario, group="", seconds=2, **values):
        """Runs a call to SIPp; the run, and the one endpoint of it."""
        sipp = self.sipp(scenario, "-m", "1", **values)
        target = f"sip:x@{peers.HOST}:{sipp.port}"
        run = self.run_spec(self.spec(target, endpoints=1, seconds=seconds, group=group))
        self.assertIn(run.child.returncode, (program.PASS, program.FAIL), run.stderr)
        self.assertEqual(sipp.wait(), 0, sipp.errors)
        return run, run.endpoints()[0]

    def passes(self, scenario, group="", seconds=2, **values):
        """The call of a run in which all went well."""
        run, endpoint = self.calls(scenario, group, seconds, **values)
        self.assert_exit(run, program.PASS)
        self.assertEqual(endpoint["outcome"], "SUCCESS", endpoint["detail"])
        self.assertTrue(endpoint["call"]["completed"])
        self.endpoint = endpoint
        return endpoint["call"]

    def fails(self, outcome, code, failure, scenario, group="", **values):
        """The endpoint of a run that fails so."""
        run, endpoint = self.calls(scenario, group, **values)
        self.assert_exit(run, program.FAIL)
        self.assertEqual(endpoint["outcome"], outcome, endpoint["detail"])
        self.assertEqual((endpoint["status"], endpoint["failure"]), (code, failure))
        return endpoint

    def sent(self, method, status=None):
        """The messages of the endpoint's timeline that went out."""
        return [e for e in self.endpoint["timeline"] if e["event"] == "message"
                and e["direction"] == "sent" and (e["method"], e["status"]) == (method, status)]

    def test_reliable_183_is_acknowledged_by_prack(self):
        call = self.passes("reliable", "reliable_provisional: supported")
        self.assertGreaterEqual(call["call_setup_time"], 0.5)
        self.assertLess(call["post_dial_delay"], 0.4)
        self.assertEqual(len(self.sent("PRACK")), 2)

    def test_update_changes_an_early_session(self):
        self.passes("early_update", "reliable_provisional: supported")
        self.assertEqual(len(self.sent("UPDATE", 200)), 1)

    def test_early_media_is_measured(self):
        call = self.passes("early_media")
        self.assertLess(call["time_to_early_media"], 0.9)
        self.assertEqual(call["time_to_first_media"], 0)

    def test_peer_refreshes_the_session_by_reinvite(self):
        self.assertEqual(self.passes("refresh_invite", TIMER % "uas")["session_refreshes"], 1)

    def test_peer_refreshes_the_session_by_update(self):
        self.assertEqual(self.passes("refresh_update", TIMER % "uas")["session_refreshes"], 1)

    def test_interval_that_is_too_small_is_asked_for_again(self):
        call = self.passes("interval_too_small", TIMER % "uac")
        self.assertEqual(call["status"], 200)

    def test_peer_holds_and_resumes_in_every_way(self):
        call = self.passes("hold", seconds=5)
        self.assertEqual(call["offers"], 6)
        # 50 a second, but for the three times 0.7 s in which the peer does not listen, or in which
        # (sendonly) it would send only.
        self.assertLess(call["packets_sent"], 50 * 5 - 80)
        self.assertGreater(call["packets_sent"], 50 * 5 - 150)

    def test_peer_holds_and_resumes_by_update(self):
        call = self.passes("update", seconds=3)
        self.assertEqual(call["offers"], 2)
        self.assertLess(call["packets_sent"], 50 * 3 - 20)

    def test_peer_transfers_the_call(self):
        third = self.sipp("answer", "-m", "1")
        run, endpoint = self.calls("refer", seconds=3, to=f"{peers.HOST}:{third.port}")
        self.assertEqual(third.wait(), 0, third.errors)
        self.assertEqual(endpoint["outcome"], "SUCCESS", endpoint["detail"])

    def test_peer_transfers_the_call_in_place_of_another_one(self):
        third = self.sipp("answer", "-m", "1")
        to = f"{peers.HOST}:{third.port}?Replaces=one%40two%3Bto-tag%3D3%3Bfrom-tag%3D4"
        self.calls("refer", seconds=3, to=to)
        self.assertEqual(third.wait(), 0, third.errors)
        self.assertRegex(third.messages, "Replaces: *one@two *; *to-tag=3 *; *from-tag=4")
        self.assertIn("Referred-By:", third.messages)

    def test_digits_texts_and_unknown_methods_in_a_call_are_answered(self):
        self.passes("info")
        self.assertEqual(len(self.sent("INFO", 200)), 1)
        self.assertEqual(len(self.sent("FROBNICATE", 501)), 1)

    def test_redirection_is_followed_when_the_spec_says_so(self):
        target = self.sipp("answer", "-m", "1")
        call = self.passes("redirect", "redirects: follow", to=f"{peers.HOST}:{target.port}")
        self.assertEqual(target.wait(), 0, target.errors)
        self.assertEqual(call["redirects"], 1)

    def test_redirection_is_a_failed_call_otherwise(self):
        self.fails("CALL_FAILED", 302, "redirected", "redirect", to="127.0.0.1:9")

    def test_busy_here_is_refused(self):
        self.fails("CALL_FAILED", 486, "refused", "refuse", status="486 Busy Here")

    def test_not_acceptable_here_has_no_codec(self):
        self.fails("NEGOTIATION_FAILED", 488, "no_codec", "refuse", status="488 Not Acceptable Here")

    def test_overload_tells_when_to_come_again(self):
        run = self.run_spec(self.spec("sip:overload@example.test", endpoints=1))
        endpoint = run.endpoints()[0]
        self.assertEqual((endpoint["status"], endpoint["failure"]), (503, "refused"))
        self.assertEqual(endpoint["call"]["retry_after"], 17)

    def test_reason_of_a_refusal_is_kept(self):
        endpoint = self.fails("CALL_FAILED", 603, "refused", "refuse", status="603 Decline",
                              headers='Reason: Q.850;cause=21;text="Call Rejected"')
        self.assertIn("Q.850", endpoint["call"]["cause"])

    def test_slow_answer_is_measured(self):
        call = self.passes("slow")
        self.assertAlmostEqual(call["time_to_ringing"], 1.0, delta=0.3)
        self.assertAlmostEqual(call["post_dial_delay"], 1.0, delta=0.3)
        self.assertAlmostEqual(call["call_setup_time"], 2.0, delta=0.4)
        self.assertLess(call["time_to_trying"], 0.5)

    def test_peer_hangs_up_too_early(self):
        sipp = self.sipp("hangup", "-m", "1", "-d", "500")
        run = self.run_spec(self.spec(f"sip:x@{peers.HOST}:{sipp.port}", endpoints=1, seconds=5))
        self.assertEqual(sipp.wait(), 0, sipp.errors)
        endpoint = run.endpoints()[0]
        self.assertEqual((endpoint["outcome"], endpoint["failure"]), ("CALL_FAILED", "hung_up_early"))

    def test_one_of_two_forks_answers(self):
        self.passes("forked")

    def test_peer_makes_the_offer(self):
        self.passes("late_offer", "late_offer: true")


class CallingTest(phones.PhonesTest):
    """SIPp calls, cmtest is called."""

    def called(self, scenario, group="", milliseconds=2000, seconds=2, code=program.PASS, **values):
        """Runs a call from SIPp; the endpoint."""
        run = self.start_spec(self.spec(endpoints=1, seconds=seconds, group=group))
        registered = lambda: self.kamailio.users("registered") == ["1000"]
        peers.wait_until(registered, "the phone is registered", alive=run.child)
        sipp = self.sipp(scenario, "-m", "1", "-s", "1000", "-d", str(milliseconds),
                         target=self.kamailio.server, **values)
        self.assertEqual(sipp.wait(), 0, sipp.errors)
        run.wait()
        self.assert_exit(run, code)
        return run.endpoints()[0]

    def test_caller_that_demands_reliability_gets_it(self):
        endpoint = self.called("call_reliable", "reliable_provisional: supported\n"
                               "answer: { ring: 500ms }", provisional="180")
        self.assertEqual(endpoint["outcome"], "SUCCESS", endpoint["detail"])

    def test_early_media_is_sent_reliably(self):
        endpoint = self.called("call_reliable", "reliable_provisional: required\n"
                               "answer: { ring: 500ms, early_media: true }", provisional="183")
        self.assertEqual(endpoint["outcome"], "SUCCESS", endpoint["detail"])

    def test_caller_that_demands_reliability_is_refused_without_it(self):
        run = self.start_spec(self.spec(endpoints=1, seconds=1, group="answer: { ring: 500ms }"))
        registered = lambda: self.kamailio.users("registered") == ["1000"]
        peers.wait_until(registered, "the phone is registered", alive=run.child)
        sipp = self.sipp("call_reliable", "-m", "1", "-s", "1000", target=self.kamailio.server,
                         provisional="180")
        self.assertNotEqual(sipp.wait(), 0)
        self.assertIn("SIP/2.0 420 ", sipp.messages)
        self.assertRegex(sipp.messages, "Unsupported: *100rel")

    def test_caller_refreshes_the_session(self):
        endpoint = self.called("call_refresh", "session_timer: { mode: supported, expires: 90s }",
                               milliseconds=1200)
        self.assertEqual(endpoint["call"]["session_refreshes"], 2)

    def test_interval_that_is_too_small_is_refused(self):
        self.called("call_interval_too_small",
                    "session_timer: { mode: supported, expires: 120s, min_se: 120s }")

    def test_caller_holds_and_resumes(self):
        endpoint = self.called("call_hold", milliseconds=1000)
        self.assertEqual(endpoint["call"]["offers"], 2)

    def test_callee_makes_the_offer(self):
        endpoint = self.called("call_late_offer")
        self.assertEqual(endpoint["outcome"], "SUCCESS", endpoint["detail"])

    def test_caller_gives_up_while_it_rings(self):
        endpoint = self.called("call_cancel", "answer: { ring: 5s }", code=program.FAIL)
        self.assertEqual(endpoint["failure"], "given_up")
        self.assertIn("487", endpoint["call"]["cause"])


if __name__ == "__main__":
    program.main()

#!/usr/bin/python3
"""What nobody answers, and what comes late: these wait for the timers of RFC 3261 and 4028, half a
minute and more each. Runs that wait do so side by side."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path += [HERE, os.path.join(HERE, "..", "support")]

import peers  # noqa: E402
import phones  # noqa: E402
import program  # noqa: E402

TIMER = "session_timer: { mode: supported, expires: 90s, refresher: %s }"


class SilenceTest(phones.PhonesTest):
    """Runs of one phone, each with an account of its own, all started before the first is waited for."""

    def setUp(self):
        program.ProgramTest.setUp(self)
        self.accounts = {str(1000 + i): f"Hush-{i:02d}-kQ7z" for i in range(20)}
        self.start_kamailio(self.accounts)
        self.used = 0

    def begin(self, call=None, **spec):
        """Starts a run of one phone; its account is `run.user`."""
        user = str(1000 + self.used)
        self.used += 1
        self.write("accounts.txt", "")
        self.write(f"{user}.txt", f"{user}:{self.accounts[user]}\n")
        text = self.spec(call, endpoints=1, **spec).replace("accounts.txt", f"{user}.txt")
        run = self.start_spec(text, name=user)
        run.user = user
        return run

    def begin_to(self, scenario, group="", seconds=1, options=(), **values):
        """Starts a run that calls SIPp."""
        phone = self.sipp(scenario, "-m", "1", *options, **values)
        run = self.begin(f"sip:x@{peers.HOST}:{phone.port}", group=group, seconds=seconds)
        run.sipp = phone
        return run

    def begin_from(self, scenario, group="", seconds=1, **values):
        """Starts a run that SIPp calls."""
        run = self.begin(group=group, seconds=seconds)
        registered = lambda: run.user in self.kamailio.users("registered")
        peers.wait_until(registered, "the phone is registered", alive=run.child)
        run.sipp = self.sipp(scenario, "-m", "1", "-s", run.user, "-d", str(1000 * seconds),
                             target=self.kamailio.server, **values)
        return run

    def ended(self, run, outcome, failure, status, rule, words, seconds=100):
        """Waits for a run that fails, and looks at how it is explained; its endpoint."""
        run.wait(seconds)
        self.assertIn(run.child.returncode, (program.FAIL, program.ENVIRONMENT), run.stderr)
        endpoint = run.endpoints()[0]
        self.assertEqual((endpoint["outcome"], endpoint["failure"], endpoint["status"]),
                         (outcome, failure, status), endpoint["detail"])
        found = {each["rule"]: each for each in run.result["diagnoses"]}
        self.assertIn(rule, found, run.stdout)
        self.assertRegex(found[rule]["text"] + " " + found[rule]["try"], words)
        return endpoint

    def sipp_agrees(self, run, code=0):
        """SIPp ends, too, and well."""
        self.assertEqual(run.sipp.wait(40), code, run.sipp.errors)

    def test_nothing_answers(self):
        silent = self.enterContext(peers.SilentServer())
        register = self.begin("sip:x@example.test", server=f"{peers.HOST}:{silent.port}")
        plain = self.begin("sip:x@example.test", transport="tls", registrar="tls: { verify: skip }")
        invite = self.begin("sip:lost@example.test")
        ring = self.begin_to("ring")
        bye = self.begin_to("deaf", seconds=2, options=("-default_behaviors", "all,-bye"))
        nobody = self.begin()
        self.ended(register, "REGISTRATION_FAILED", "no_answer", None, "registration_silent",
                   f"{silent.port}.*transport")
        self.assertGreaterEqual(silent.packets, 10)
        self.ended(plain, "REGISTRATION_FAILED", "unreachable", None, "tls_protocol", "TLS")
        self.ended(invite, "TIMEOUT", "no_answer", None, "call_silent", "(?s)INVITE.*routed")
        self.ended(ring, "TIMEOUT", "not_answered", None, "call_not_answered", "rang")
        self.sipp_agrees(ring)
        self.ended(nobody, "TIMEOUT", "no_invite", None, "no_invite", "(?s)outside.*route")
        bye.wait(60)
        endpoint = bye.endpoints()[0]
        self.assertEqual((endpoint["outcome"], endpoint["failure"]), ("TEARDOWN_ERROR", "bye"))

    def test_caller_that_never_acknowledges_is_hung_up(self):
        run = self.begin_from("call_unacknowledged", seconds=2)
        endpoint = self.ended(run, "CALL_FAILED", "no_ack", 200, "no_ack", "(?i)ack")
        self.sipp_agrees(run)
        sent = [e for e in endpoint["timeline"] if e["event"] == "message" and e["status"] == 200
                and e["method"] == "INVITE" and e["direction"] == "sent"]
        self.assertGreaterEqual(len(sent), 9)

    def test_sessions_are_refreshed_or_end(self):
        update = self.begin_to("refreshed", TIMER % "uac", seconds=50, method="UPDATE",
                               update=", UPDATE", sdp="", ack="")
        invite = self.begin_to("refreshed", TIMER % "uac", seconds=50, method="INVITE", update="",
                               sdp='sdp="sendrecv"', ack='<recv request="ACK"/>')
        glare = self.begin_to("refresh_glare", TIMER % "uac", seconds=54)
        called = self.begin_from("call_refreshed", TIMER % "uas", seconds=50)
        missed = self.begin_to("unrefreshed", TIMER % "uas", seconds=65)
        soft = self.begin_to("unrefreshed", (TIMER % "uas").replace("}", ", soft_expiry: true }"),
                             seconds=65)
        for run in (update, invite, called, glare):
            run.wait(70)
            self.assert_exit(run, program.PASS)
            self.sipp_agrees(run)
            self.assertEqual(run.endpoints()[0]["call"]["session_refreshes"], 1)
        endpoint = self.ended(missed, "CALL_FAILED", "session_expired", 200, "session_expired",
                              "(?i)refresh")
        self.assertAlmostEqual(endpoint["call"]["call_duration"], 60, delta=3)
        self.sipp_agrees(missed)
        soft.wait(40)
        self.assertEqual(soft.endpoints()[0]["outcome"], "COMPLETED_WITH_WARNINGS")
        self.assertAlmostEqual(soft.endpoints()[0]["call"]["call_duration"], 65, delta=3)
        self.sipp_agrees(soft)


if __name__ == "__main__":
    program.main()

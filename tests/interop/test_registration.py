#!/usr/bin/python3
"""What Kamailio may say to a REGISTER, beside yes (test_kamailio.py, test_silence.py)."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path += [HERE, os.path.join(HERE, "..", "support")]

import peers  # noqa: E402
import phones  # noqa: E402
import program  # noqa: E402


class RegistrationTest(phones.PhonesTest):
    """Phones that nobody calls: how they register is what is looked at."""

    def setUp(self):
        program.ProgramTest.setUp(self)

    def register(self, accounts=None, endpoints=1, seconds=1, expires=None, **settings):
        """Runs pairs that call each other, with accounts in this order."""
        self.start_kamailio(**settings)
        if accounts:
            self.write("accounts.txt", "".join(f"{user}:x\n" for user in accounts))
        registrar = f"expires: {expires}s" if expires else ""
        return self.run_spec(self.spec("sip:offline@example.test", endpoints=endpoints,
                                       seconds=seconds, registrar=registrar))

    def assert_refused(self, run, status, failure="refused"):
        """Not registered, for this reason."""
        self.assert_exit(run, program.FAIL)
        self.assert_outcomes(run, "REGISTRATION_FAILED")
        for endpoint in run.endpoints():
            self.assertEqual(endpoint["status"], status)
            self.assertEqual(endpoint["failure"], failure)
        self.assertIn(str(status), run.result["why"])

    def test_unknown_user_is_forbidden(self):
        self.assert_refused(self.register(["7777"]), 403)

    def test_vanished_user_is_not_found(self):
        self.assert_refused(self.register(["vanished"]), 404)

    def test_server_that_is_too_slow_says_408(self):
        self.assert_refused(self.register(["slow"]), 408)

    def test_wrong_password_is_a_matter_of_credentials(self):
        self.assert_refused(self.register(["1000"], wrong=401), 401, "credentials")

    def test_server_that_is_too_busy_refuses_the_later_ones(self):
        # Two REGISTERs for each: the challenge, and the answer to it.
        run = self.register(endpoints=4, RATE=4, REFUSED=99, RETRY_AFTER=300)
        self.assert_exit(run, program.FAIL)
        found = [(e["outcome"], e["registration"]["status"]) for e in run.endpoints()]
        self.assertEqual(found[2:], [("REGISTRATION_FAILED", 503)] * 2)
        self.assertEqual([status for _, status in found[:2]], [200, 200])
        for endpoint in run.endpoints()[2:]:
            self.assertEqual(endpoint["registration"]["retry_after"], 300)

    def test_wait_that_the_server_asks_for_is_kept(self):
        run = self.register(RATE=0, REFUSED=1, RETRY_AFTER=1)
        registration = run.endpoints()[0]["registration"]
        self.assertTrue(registration["ok"], registration)
        self.assertGreaterEqual(registration["time"], 1.0)
        self.assertEqual(self.kamailio.users("registered"), ["1000"])

    def test_longer_interval_is_asked_for_when_the_server_wants_it(self):
        run = self.register(expires=60, MIN_EXPIRES=120)
        registration = run.endpoints()[0]["registration"]
        self.assertTrue(registration["ok"], registration)
        self.assertEqual(registration["expires"], 120)
        self.assertEqual(self.kamailio.users("unregistered"), ["1000"])

    def waiting(self, **settings):
        """A phone that stays registered for a while: a call of 5 s goes to it."""
        self.start_kamailio(**settings)
        run = self.start_spec(self.spec(endpoints=1, seconds=5))
        registered = lambda: "1000" in self.kamailio.users("registered")
        peers.wait_until(registered, "the phone is registered", alive=run.child)
        sipp = self.sipp("call", "-m", "1", "-s", "1000", "-d", "5000", target=self.kamailio.server,
                         tone=True)
        return run, sipp

    def test_binding_is_refreshed_within_the_time_that_was_granted(self):
        run, sipp = self.waiting(MAX_EXPIRES=3)
        self.assertEqual(sipp.wait(), 0, sipp.messages)
        run.wait()
        self.assert_exit(run, program.PASS)
        self.assertGreaterEqual(len(self.kamailio.users("registered")), 3)

    def test_binding_that_is_lost_on_the_way_is_named(self):
        run, sipp = self.waiting(MAX_EXPIRES=3, RATE=2, REFUSED=99, RETRY_AFTER=300)
        sipp.wait()
        run.wait()
        self.assert_outcomes(run, "COMPLETED_WITH_WARNINGS")
        endpoint = run.endpoints()[0]
        self.assertEqual((endpoint["failure"], endpoint["status"]), ("refresh", 503))
        self.assertIn("lost", endpoint["detail"])


if __name__ == "__main__":
    program.main()

#!/usr/bin/python3
"""What nobody answers. These wait for the timers of RFC 3261: half a minute and more each."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path += [HERE, os.path.join(HERE, "..", "support")]

import peers  # noqa: E402
import phones  # noqa: E402
import program  # noqa: E402


class SilenceTest(phones.PhonesTest):
    """A registrar, a phone, or a caller that does not come."""

    def test_silent_registrar_is_named(self):
        with peers.SilentServer() as server:
            run = self.run_spec(self.spec(server=f"{peers.HOST}:{server.port}"), seconds=100)
            self.assertGreater(server.packets, 4)
        self.assertIn(run.child.returncode, (program.FAIL, program.ENVIRONMENT))
        self.assertIn(f"{peers.HOST}:{server.port}", run.stdout)
        for endpoint in run.endpoints():
            self.assertIn(endpoint["outcome"], ("REGISTRATION_FAILED", "TIMEOUT"))

    def test_phone_that_nobody_calls_does_not_pass(self):
        run = self.run_spec(self.spec(endpoints=1, seconds=1))
        self.assert_exit(run, program.FAIL)
        self.assert_outcomes(run, "TIMEOUT")
        self.assertIn("no INVITE", run.stdout)

    def test_phone_that_only_rings_is_given_up_with_cancel(self):
        sipp = self.sipp("ring", "-m", "1")
        run = self.run_spec(self.spec(f"sip:x@{peers.HOST}:{sipp.port}", endpoints=1), seconds=100)
        self.assertEqual(sipp.wait(10), 0, sipp.messages)
        self.assert_exit(run, program.FAIL)
        self.assert_outcomes(run, "TIMEOUT")


if __name__ == "__main__":
    program.main()

#!/usr/bin/python3
"""cmtest against Kamailio as registrar and proxy."""

import os
import signal
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path += [HERE, os.path.join(HERE, "..", "support")]

import peers  # noqa: E402
import program  # noqa: E402

# Each could be found in any text that leaks it, and in no other.
PASSWORDS = {str(1000 + i): f"Hush-{i:02d}-kQ7z" for i in range(20)}
WRONG = "Wrong-99-kQ7z"

SPEC = """
cmtest: 1
name: interop
registrars:
  pbx:
    domain: example.test
    server: "{server}"
    transport: {transport}
    accounts: {{ file: accounts.txt }}
groups:
  callees: {{ registrar: pbx, endpoints: {pairs}, audio: {{ codecs: [pcma] }} }}
  callers: {{ registrar: pbx, endpoints: {pairs}, call: callees, audio: {{ codecs: [pcma] }} }}
buildup: 1s
duration: {seconds}s
"""


class KamailioTest(program.ProgramTest):
    """Callees and callers are dealt the accounts in order: callees first."""

    def kamailio(self, **options):
        """Starts Kamailio with the right passwords."""
        return self.enterContext(peers.Kamailio(self.folder, PASSWORDS, **options))

    def calls(self, server, *options, pairs=10, transport="udp", seconds=3, passwords=None):
        """Runs `pairs` calls with the given passwords."""
        accounts = dict(PASSWORDS, **(passwords or {}))
        lines = [f"{user}:{password}\n" for user, password in accounts.items()]
        self.write("accounts.txt", "".join(lines))
        text = SPEC.format(server=server, transport=transport, pairs=pairs, seconds=seconds)
        return self.run_spec(text, *options)

    def assert_all_passed(self, run, kamailio, pairs):
        """Exit 0, every endpoint SUCCESS with media both ways, and no registration left behind."""
        self.assert_exit(run, program.PASS)
        self.assertEqual(len(run.endpoints()), 2 * pairs)
        self.assert_outcomes(run, "SUCCESS")
        for endpoint in run.endpoints():
            self.assertGreater(endpoint["call"]["packets_sent"], 100)
            self.assertGreater(endpoint["call"]["packets_received"], 100)
            self.assertEqual(endpoint["call"]["packets_lost"], 0)
        used = sorted(PASSWORDS)[: 2 * pairs]
        self.assertEqual(sorted(kamailio.users("registered")), used)
        self.assertEqual(sorted(kamailio.users("unregistered")), used)

    def assert_failed_alone(self, run, group, index, statuses):
        """Exit 1, that endpoint REGISTRATION_FAILED by one of these codes, all others SUCCESS."""
        self.assert_exit(run, program.FAIL)
        failed = run.endpoints(group)[index]
        self.assertEqual(failed["outcome"], "REGISTRATION_FAILED")
        self.assertIn(failed["status"], statuses)
        others = [e for e in run.endpoints() if e["name"] != failed["name"]]
        self.assertEqual({e["outcome"] for e in others}, {"SUCCESS"})
        self.assertIn(failed["name"], run.stdout + run.stderr)
        self.assertRegex(run.stdout + run.stderr, "|".join(map(str, statuses)))

    def test_server_that_dies_in_the_middle_of_calls_is_one_cause_for_both_sides(self):
        kamailio = self.kamailio()
        self.write("accounts.txt", "".join(f"{u}:{p}\n" for u, p in PASSWORDS.items()))
        run = self.start_spec(SPEC.format(server=kamailio.server, transport="udp", pairs=3, seconds=3))
        registered = lambda: len(kamailio.users("registered")) == 6
        peers.wait_until(registered, "the phones are registered", alive=run.child)
        peers.wait_until(lambda: "calls up 3" in run.stderr, "the calls are up", alive=run.child)
        os.killpg(kamailio.process.child.pid, signal.SIGKILL)
        run.wait()
        self.assert_exit(run, program.FAIL)
        self.assert_outcomes(run, "TEARDOWN_ERROR")
        for endpoint in run.endpoints():
            self.assertIn("could not be sent: Connection refused", endpoint["detail"])
            self.assertGreater(endpoint["call"]["packets_received"], 100)
        self.assertEqual([each["endpoints"] for each in run.result["diagnoses"]], [6])

    def test_ten_calls_over_udp_with_md5(self):
        kamailio = self.kamailio()
        self.assert_all_passed(self.calls(kamailio.server), kamailio, 10)

    def test_ten_calls_over_tcp_with_md5(self):
        kamailio = self.kamailio()
        self.assert_all_passed(self.calls(kamailio.server, transport="tcp"), kamailio, 10)

    def test_calls_with_sha_256(self):
        kamailio = self.kamailio(algorithm="SHA-256")
        self.assert_all_passed(self.calls(kamailio.server, pairs=3), kamailio, 3)

    def test_calls_without_quality_of_protection(self):
        kamailio = self.kamailio(qop=False)
        self.assert_all_passed(self.calls(kamailio.server, pairs=3), kamailio, 3)

    def test_wrong_password_of_a_caller_fails_that_endpoint_alone(self):
        kamailio = self.kamailio()
        run = self.calls(kamailio.server, pairs=3, passwords={"1004": WRONG})
        self.assert_failed_alone(run, "callers", 1, [401, 403])
        self.assertNotIn("1004", kamailio.users("registered"))

    def test_wrong_password_of_a_callee_fails_that_endpoint_alone(self):
        kamailio = self.kamailio()
        run = self.calls(kamailio.server, pairs=3, passwords={"1001": WRONG})
        self.assert_failed_alone(run, "callees", 1, [401, 403])

    def test_wrong_password_is_given_up_when_the_registrar_asks_again(self):
        kamailio = self.kamailio(wrong=401)
        run = self.calls(kamailio.server, pairs=2, passwords={"1003": WRONG})
        self.assert_failed_alone(run, "callers", 1, [401])

    def test_unknown_user_fails_that_endpoint_alone(self):
        kamailio = self.kamailio()
        accounts = dict(list(PASSWORDS.items())[:3], nobody="Hush-nobody")
        lines = "".join(f"{user}:{password}\n" for user, password in accounts.items())
        self.write("accounts.txt", lines)
        text = SPEC.format(server=kamailio.server, transport="udp", pairs=2, seconds=2)
        self.assert_failed_alone(self.run_spec(text), "callers", 1, [403])

    def test_passwords_are_written_nowhere(self):
        kamailio = self.kamailio()
        run = self.calls(kamailio.server, "-vv", pairs=2, passwords={"1003": WRONG})
        self.assert_exit(run, program.FAIL)
        files = run.files()
        self.assertGreater(len(files), 3)
        for path, text in files:
            for password in [*PASSWORDS.values(), WRONG]:
                self.assertNotIn(password, text, path)


class UnreachableTest(program.ProgramTest):
    """Nothing answers at the registrar's address."""

    def assert_unreachable(self, port, transport):
        """It ends by itself, by exit 1 or 4, and names the address and port."""
        lines = [f"{user}:{password}\n" for user, password in PASSWORDS.items()]
        self.write("accounts.txt", "".join(lines))
        server = f"{peers.HOST}:{port}"
        text = SPEC.format(server=server, transport=transport, pairs=2, seconds=2)
        run = self.run_spec(text, seconds=100)
        self.assertIn(run.child.returncode, (program.FAIL, program.ENVIRONMENT))
        self.assertIn(server, run.stdout + run.stderr)
        for endpoint in run.endpoints():
            self.assertIn(endpoint["outcome"], ("REGISTRATION_FAILED", "TIMEOUT"))

    def test_closed_udp_port_is_named(self):
        self.assert_unreachable(peers.free_port(), "udp")

    def test_closed_tcp_port_is_named(self):
        self.assert_unreachable(peers.free_port(), "tcp")


if __name__ == "__main__":
    program.main()

#!/usr/bin/python3
"""Every failure that a run is likely to meet, provoked with a real peer: outcome, code, and what the
diagnosis says of it. What takes SIP's half minute of silence is in test_silence.py."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path += [HERE, os.path.join(HERE, "..", "support")]

import certificates  # noqa: E402
import names  # noqa: E402
import peers  # noqa: E402
import phones  # noqa: E402
import program  # noqa: E402

PAIRS = """
cmtest: 1
name: interop
registrars:
  pbx: {{ domain: example.test, server: "{server}", accounts: {{ file: accounts.txt }} }}
  other: {{ domain: example.test, server: "{server}", accounts: {{ file: others.txt }} }}
groups:
  callees: {{ registrar: {callees}, endpoints: 2, audio: {{ codecs: [pcma, pcmu] }} }}
  callers: {{ registrar: {callers}, endpoints: 2, call: callees, audio: {{ codecs: [pcma] }} }}
buildup: 500ms
duration: 1s
"""


class FailuresTest(phones.PhonesTest):
    """Runs that fail, and are explained."""

    def assert_diagnosed(self, run, outcome, status, rule, words, group=None, scope=None):
        """How the endpoints (of the group) ended, and the paragraph about them."""
        self.assert_exit(run, program.FAIL)
        for endpoint in run.endpoints(group):
            self.assertEqual((endpoint["outcome"], endpoint["status"]), (outcome, status),
                             endpoint["detail"])
        found = [each for each in run.result["diagnoses"] if each["rule"] == rule]
        self.assertEqual(len(found), 1, run.stdout)
        self.assertEqual(found[0]["endpoints"], len(run.endpoints(group)))
        self.assertRegex(found[0]["text"] + " " + found[0]["try"], words)
        if scope:
            self.assertEqual(found[0]["scope"], scope)
        self.assertIn(run.result["why"].split(".")[0][:40], " ".join(run.stdout.split()))

    # ---- registration

    def registers(self, accounts, status, rule, words, scope="all", **settings):
        """Registrations that are refused."""
        self.start_kamailio(**settings)
        self.write("accounts.txt", "".join(f"{each}\n" for each in accounts))
        run = self.run_spec(self.spec("sip:offline@example.test", endpoints=len(accounts)))
        self.assert_diagnosed(run, "REGISTRATION_FAILED", status, rule, words, scope=scope)

    def test_registration_401_blames_the_password(self):
        self.registers(["1000:wrong", "1001:wrong"], 401, "registration_credentials",
                       "(?i)password.*example.test", wrong=401)

    def test_registration_403_is_forbidden(self):
        self.registers(["7770:x", "7771:x"], 403, "registration_forbidden", "refuses|forbids")

    def test_registration_404_is_unknown(self):
        self.registers(["vanished:x"], 404, "registration_unknown", "not known there")

    def test_registration_408_is_a_matter_of_load(self):
        self.registers(["slow:x"], 408, "registration_timeout", "(?s)overloaded.*buildup")

    def test_registration_503_is_a_matter_of_load(self):
        accounts = [f"{user}:{word}" for user, word in phones.PASSWORDS.items()]
        self.registers(accounts, 503, "registration_retry_after", "come back after 300 s",
                       RATE=0, REFUSED=99, RETRY_AFTER=300)

    def test_registration_of_one_locked_account_names_it(self):
        self.write("accounts.txt", "1000:Hush-00-kQ7z\n7777:x\n1002:Hush-02-kQ7z\n")
        run = self.run_spec(self.spec("sip:offline@example.test", endpoints=3))
        self.assertEqual(run.endpoints()[1]["status"], 403)
        found = {each["rule"]: each for each in run.result["diagnoses"]}
        self.assertIn("sip:7777@example.test", found["account_locked"]["try"])
        self.assertIn("locked", found["account_locked"]["text"])

    def test_registration_rate_limit_is_told_from_its_scope(self):
        accounts = {str(2000 + i): f"Hush-{i}" for i in range(20)}
        self.start_kamailio(accounts, RATE=20, REFUSED=99, RETRY_AFTER=300)
        run = self.run_spec(self.spec("sip:offline@example.test", endpoints=20))
        self.assert_exit(run, program.FAIL)
        found = {each["rule"]: each for each in run.result["diagnoses"]}
        self.assertIn("registration_rate_limit", found, run.stdout)
        self.assertEqual(found["registration_rate_limit"]["endpoints"], 10)
        self.assertEqual(found["registration_rate_limit"]["scope"], "later")
        self.assertIn("buildup", found["registration_rate_limit"]["try"])

    def unreachable(self, rule, words, **spec):
        """A registrar that there is no way to."""
        run = self.run_spec(self.spec("sip:x@example.test", **spec), seconds=60)
        self.assertIn(run.child.returncode, (program.FAIL, program.ENVIRONMENT), run.stderr)
        self.assert_outcomes(run, "REGISTRATION_FAILED")
        found = {each["rule"]: each for each in run.result["diagnoses"]}
        self.assertIn(rule, found, run.stdout)
        self.assertRegex(found[rule]["text"] + " " + found[rule]["try"], words)

    def test_registrar_that_is_not_there_is_unreachable(self):
        port = peers.free_port()
        self.unreachable("unreachable", f"(?i)refused.*{port}|{port}.*refused",
                         server=f"{peers.HOST}:{port}")

    def test_registrar_without_a_name_in_dns_is_named(self):
        server = self.enterContext(names.Names(self.folder, []))
        run = self.start_spec(self.spec("sip:x@example.test", server="pbx.example.test"),
                              environment=server.environment)
        run.wait()
        self.assert_exit(run, program.ENVIRONMENT)
        self.assertRegex(run.result["why"], "(?s)pbx.*DNS knows no name pbx.example.test")
        self.assertIn("pbx.example.test", server.asked)

    def test_registrar_that_wants_tls_closes_the_connection(self):
        authority = certificates.Authority(os.path.join(self.folder, "ca"))
        self.start_kamailio(tls=authority.issue("good", "DNS:" + peers.REALM))
        self.unreachable("unreachable", "TLS", server=self.kamailio.tls_server, transport="tcp")

    def test_fewer_accounts_than_endpoints_are_told_before_the_run(self):
        self.write("accounts.txt", "1000:Hush-00-kQ7z\n")
        run = self.run_spec(self.spec("sip:x@example.test"))
        self.assert_exit(run, program.BAD_SPEC)
        self.assertRegex(run.stderr, "(?s)account.*1.*2|2.*account.*1")

    # ---- call setup, as the caller sees it

    def calls(self, target, outcome, status, rule, words, scope="all"):
        """Calls that fail."""
        run = self.run_spec(self.spec(target))
        self.assert_diagnosed(run, outcome, status, rule, words, scope=scope)
        return run

    def refused(self, status, outcome, rule, words, **values):
        """Calls that SIPp refuses."""
        sipp = self.sipp("refuse", "-m", "2", status=status, **values)
        run = self.calls(f"sip:x@{peers.HOST}:{sipp.port}", outcome, int(status[:3]), rule, words)
        self.assertEqual(sipp.wait(), 0, sipp.errors)
        return run

    def test_call_404_is_an_unknown_address(self):
        self.calls("sip:7777@example.test", "CALL_FAILED", 404, "call_not_found",
                   "(?s)Nobody is known.*sip:7777@example.test")

    def test_call_480_is_a_callee_that_is_not_there(self):
        self.calls("sip:offline@example.test", "CALL_FAILED", 480, "call_unavailable",
                   "(?s)not registered.*buildup")

    def test_call_486_is_a_callee_that_is_busy(self):
        self.refused("486 Busy Here", "CALL_FAILED", "call_busy", "2 endpoints of this run call")

    def test_call_488_has_no_codec_in_common(self):
        self.refused("488 Not Acceptable Here", "NEGOTIATION_FAILED", "no_common_codec",
                     "(?s)codec.*pcma")

    def test_call_503_is_a_matter_of_load(self):
        self.calls("sip:overload@example.test", "CALL_FAILED", 503, "call_retry_after",
                   "come back after 17 s")

    def test_call_603_is_declined(self):
        self.refused("603 Decline", "CALL_FAILED", "call_declined", "declined")

    def test_call_302_is_not_followed(self):
        self.refused("302 Moved Temporarily", "CALL_FAILED", "call_redirected", "(?i)follow",
                     headers="Contact: &lt;sip:moved@127.0.0.1:9&gt;")

    def test_call_500_is_an_error_of_the_server(self):
        self.refused("500 Server Internal Error", "CALL_FAILED", "call_server_error", "error inside")

    def pairs(self, callees="pbx", callers="pbx", others=""):
        """Two callees and two callers, one of the groups with other accounts."""
        self.write("others.txt", others or "1002:Hush-02-kQ7z\n1003:Hush-03-kQ7z\n")
        text = PAIRS.format(server=self.kamailio.server, callees=callees, callers=callers)
        return self.run_spec(text)

    def test_callers_of_unregistered_callees_have_nobody_to_call(self):
        run = self.pairs(callees="other", others="7770:x\n7771:x\n")
        self.assert_diagnosed(run, "REGISTRATION_FAILED", 403, "registration_forbidden",
                              "forbids|refuses", "callees", "group")
        for endpoint in run.endpoints("callers"):
            self.assertEqual(endpoint["call"]["result"], "not_attempted")
            self.assertIn("did not register", endpoint["detail"])

    # ---- call setup, as the callee sees it

    def test_callees_of_unregistered_callers_are_not_to_blame(self):
        run = self.pairs(callers="other", others="7770:x\n7771:x\n")
        self.assert_diagnosed(run, "REGISTRATION_FAILED", 403, "registration_forbidden",
                              "forbids|refuses", "callers", "group")
        self.assert_outcomes(run, "SUCCESS", "callees")

    def called(self, scenario, group="", **values):
        """A call from SIPp to the one phone of the run."""
        run = self.start_spec(self.spec(endpoints=1, seconds=1, group=group))
        registered = lambda: self.kamailio.users("registered") == ["1000"]
        peers.wait_until(registered, "the phone is registered", alive=run.child)
        sipp = self.sipp(scenario, "-m", "1", "-s", "1000", target=self.kamailio.server, **values)
        self.assertEqual(sipp.wait(), 0, sipp.errors)
        run.wait()
        return run

    def test_caller_that_gives_up_while_it_rings_is_told(self):
        run = self.called("call_cancel", "answer: { ring: 5s }")
        self.assert_diagnosed(run, "CALL_FAILED", 487, "caller_gave_up", "(?i)cancel|gave up")

    # ---- negotiation

    def test_offer_without_a_common_codec_is_refused(self):
        run = self.called("call_other", offer="m=audio [media_port] RTP/AVP 18\n"
                          "a=rtpmap:18 G729/8000")
        self.assert_diagnosed(run, "NEGOTIATION_FAILED", 488, "no_common_codec", "codec")

    def answered(self, answer, rule, words):
        """Calls that are answered with something that is of no use."""
        sipp = self.sipp("answer_other", "-m", "2", answer=answer)
        run = self.calls(f"sip:x@{peers.HOST}:{sipp.port}", "NEGOTIATION_FAILED", 200, rule, words)
        self.assertEqual(sipp.wait(), 0, sipp.errors)
        return run

    def test_answer_with_a_codec_that_was_not_offered_is_no_agreement(self):
        self.answered("m=audio [media_port] RTP/AVP 18\na=rtpmap:18 G729/8000", "no_common_codec",
                      "codec")

    def test_answer_that_refuses_the_audio_is_no_agreement(self):
        self.answered("m=audio 0 RTP/AVP 8", "sdp_unusable", "refused the audio")

    def test_answer_that_is_no_session_description_is_told(self):
        self.answered("m=audio nonsense", "sdp_unusable", "SDP|description")

    def test_codec_that_is_stripped_on_the_way_is_told(self):
        self.start_kamailio(STRIP="1")
        run = self.pairs()
        self.assert_exit(run, program.FAIL)
        self.assert_outcomes(run, "NEGOTIATION_FAILED", "callers")
        found = {each["rule"]: each for each in run.result["diagnoses"]}
        self.assertIn("codecs_stripped", found, run.stdout)
        self.assertRegex(found["codecs_stripped"]["text"], "(?i)pcma in common")


if __name__ == "__main__":
    program.main()

#!/usr/bin/python3
"""cmtest plan: what would happen, before a packet is sent; and what run refuses because of it."""

import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(HERE, "..", "support"))

import program  # noqa: E402

QUICKSTART = os.path.join(program.ROOT, "examples", "quickstart.yaml")

IMPOSSIBLE = """
cmtest: 1
name: too much
groups:
  callees: { registrar: embedded, endpoints: 12000 }
  callers: { registrar: embedded, endpoints: 12000, call: callees }
duration: 1m
"""

SECRETS = """
cmtest: 1
name: secrets
vars: { lifetime: 90s, pass: Hush-vars-kQ7z }
x-group: &group { registrar: pbx, endpoints: 1, audio: { codecs: [pcmu] } }
registrars:
  pbx:
    domain: example.com
    server: ${env.CMTEST_PLAN_SERVER}
    expires: ${vars.lifetime}
    accounts:
      - { username: "100", password: Hush-100-kQ7z }
      - { username: "101", password: "${vars.pass}" }
groups:
  callees: *group
  callers: { <<: *group, call: callees }
buildup: 500ms
duration: 1m30s
"""


class PlanTest(program.ProgramTest):
    """What `cmtest plan` prints."""

    def plan(self, *arguments, code=program.PASS, environment=None):
        """Runs it; what it printed."""
        run = self.start("plan", *arguments, environment=environment)
        run.wait()
        self.assert_exit(run, code)
        return run.stdout

    def json(self, path, environment=None):
        """The only case of its JSON, without what the machine at hand decides."""
        plan = json.loads(self.plan(path, "--format", "json", environment=environment))
        self.assertEqual(plan["format"], "cmtest-plan/1")
        self.assertEqual(len(plan["cases"]), 1)
        case = plan["cases"][0]
        del case["resources"], case["costs"]
        return case

    def test_quickstart_shows_phases_offer_and_verdict(self):
        text = self.plan(QUICKSTART)
        for line in (
            "  registering callers     1.0 s   1.9 s  10 endpoints, 10.0 per second",
            "  m=audio <port> RTP/AVP 8 0",
            "  c=IN IP4 <address>",
            "  a=rtpmap:8 PCMA/8000",
        ):
            self.assertIn(line + "\n", text)
        self.assertIn("1,000 packets/s, 1.6 Mbit/s sent", text)
        self.assertIn("\nFITS\n", text)

    def test_quickstart_as_json_has_every_endpoint(self):
        case = self.json(QUICKSTART)
        self.assertEqual(len(case["endpoints"]), 20)
        self.assertEqual(case["endpoints"][10]["partner"], "agents[0]")
        self.assertEqual(case["load"]["rtp_packets_per_second"], 1000)

    def test_yaml_is_a_spec_that_gives_the_same_plan(self):
        text = self.plan(QUICKSTART, "--format", "yaml")
        path = self.write("again.yaml", text)
        run = self.start("validate", path)
        run.wait()
        self.assert_exit(run, program.PASS)
        self.assertEqual(self.json(path), self.json(QUICKSTART))
        self.assertEqual(self.plan(path, "--format", "yaml"), text)

    def test_yaml_is_expanded_and_without_passwords(self):
        environment = {"CMTEST_PLAN_SERVER": "192.0.2.17:5070"}
        path = self.write("secrets.yaml", SECRETS)
        text = self.plan(path, "--format", "yaml", environment=environment)
        self.assertNotIn("Hush", text)
        self.assertNotIn("192.0.2.17", text)
        self.assertNotIn("vars", text)
        self.assertIn("    expires: 90s\n", text)
        again = self.write("again.yaml", text)
        self.assertEqual(self.json(again, environment), self.json(path, environment))
        for form in ("text", "json"):
            self.assertNotIn("Hush", self.plan(path, "--format", form, environment=environment))

    def test_a_matrix_shows_each_case(self):
        spec = (
            "cmtest: 1\nmatrix: { codec: [pcma, pcmu] }\nduration: 1s\ngroups:\n"
            "  a: { registrar: embedded, endpoints: 1, audio: { codecs: [\"${matrix.codec}\"] } }\n"
        )
        path = self.write("matrix.yaml", spec)
        plan = json.loads(self.plan(path, "--format", "json"))
        self.assertEqual([case["case"] for case in plan["cases"]], ["codec=pcma", "codec=pcmu"])
        self.assertIn("codec=pcmu", self.plan(path))
        self.assertEqual(self.plan(path, "--format", "yaml").count("\ngroups:"), 2)

    def test_what_cannot_fit_is_told(self):
        text = self.plan(self.write("huge.yaml", IMPOSSIBLE))
        self.assertIn("\nDOES NOT FIT\n", text)
        self.assertIn("  RTP ports: 20,000 endpoints in a call at once would fit\n", text)

    def test_too_few_descriptors_of_a_process_are_told_with_how_many_would_do(self):
        text = self.plan(self.write("huge.yaml", IMPOSSIBLE), "--workers", "1")
        self.assertRegex(text, r"\n  descriptors: [0-9,]+ endpoints in a call at once would fit\n"
                               r"    a process may have [0-9,]+ \(`ulimit -Hn`\); --workers \d+ would do\n")

    def test_run_refuses_at_once_what_cannot_fit(self):
        run = self.run_spec(IMPOSSIBLE)
        self.assert_exit(run, program.ENVIRONMENT)
        self.assertIn("would fit", " ".join(run.stdout.split()))
        self.assertEqual(run.result["verdict"], "error")
        self.assertLess(run.result["duration"], 60, "nothing was begun")
        self.assertEqual({e["phase"] for e in run.endpoints()}, {"INITIALIZING"})
        self.assertEqual(sum(len(e.get("timeline") or []) for e in run.endpoints()), 0)

    def test_what_cannot_be_run_yet_is_planned_and_said(self):
        path = os.path.join(program.ROOT, "examples", "17-load.yaml")
        self.assertIn("cannot run all of it yet", " ".join(self.plan(path).split()))
        plan = json.loads(self.plan(path, "--format", "json"))
        self.assertFalse(plan["cases"][0]["runnable"])

    def test_an_unknown_format_is_a_mistake_of_the_command_line(self):
        run = self.start("plan", QUICKSTART, "--format", "xml")
        run.wait()
        self.assert_exit(run, program.USAGE)
        self.assertIn("text, json, yaml", run.stderr)


if __name__ == "__main__":
    program.main()

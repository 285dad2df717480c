#!/usr/bin/python3
"""The program as a user meets it: with its own registrar, no peer of somebody else."""

import json
import os
import pty
import re
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(HERE, "..", "support"))

import jsonschema  # noqa: E402

import program  # noqa: E402

EXAMPLES = os.path.join(program.ROOT, "examples")
SCHEMA = os.path.join(program.ROOT, "schema", "result.schema.json")

SPEC = """
cmtest: 1
name: end to end
groups:
  callees: {{ registrar: embedded, endpoints: {pairs}, audio: {{ codecs: [pcma] }} }}
  callers: {{ registrar: embedded, endpoints: {pairs}, call: callees, audio: {{ codecs: [pcma] }} }}
buildup: {buildup}
duration: {duration}
"""

WRONG_PASSWORD = """
cmtest: 1
registrars:
  embedded:
    digest: {digest}
    accounts:
      - { username: "100", password: Hush-100-kQ7z }
      - { username: "101", password: Hush-101-kQ7z, expected_password: Other-101-kQ7z }
      - { username: "102", password: Hush-102-kQ7z }
      - { username: "103", password: Hush-103-kQ7z }
groups:
  callees: { registrar: embedded, endpoints: 2, audio: { codecs: [pcma] } }
  callers: { registrar: embedded, endpoints: 2, call: callees, audio: { codecs: [pcma] } }
buildup: 500ms
duration: 1s
"""


def spec(pairs=1, buildup="200ms", duration="1s"):
    """Pairs of endpoints that call each other."""
    return SPEC.format(pairs=pairs, buildup=buildup, duration=duration)


class ReportTest(program.ProgramTest):
    """What a run leaves behind."""

    def assert_reports_are_valid(self, run):
        """junit.xml is XML; result.json is what its schema says."""
        junit = os.path.join(run.out, "junit.xml")
        subprocess.run(["xmllint", "--noout", junit], check=True)
        with open(SCHEMA, encoding="utf-8") as file:
            schema = json.load(file)
        validator = jsonschema.validators.validator_for(schema)
        validator.check_schema(schema)
        errors = [f"{e.json_path}: {e.message}" for e in validator(schema).iter_errors(run.result)]
        self.assertEqual(errors, [])

    def test_quickstart_passes_with_every_packet_and_valid_reports(self):
        begin = time.monotonic()
        run = self.start("run", os.path.join(EXAMPLES, "quickstart.yaml"), "--out", "out")
        run.wait()
        self.assert_exit(run, program.PASS)
        self.assertLess(time.monotonic() - begin, 30)
        self.assertEqual(len(run.endpoints()), 20)
        self.assert_outcomes(run, "SUCCESS")
        for endpoint in run.endpoints():
            self.assertGreaterEqual(endpoint["call"]["packets_sent"], 490, endpoint["name"])
            self.assertGreaterEqual(endpoint["call"]["packets_received"], 490, endpoint["name"])
        self.assert_reports_are_valid(run)
        self.assertEqual(run.result["verdict"], "pass")

    def test_wrong_password_fails_that_endpoint_alone_and_reports_are_valid(self):
        run = self.run_spec(WRONG_PASSWORD.replace("{digest}", "sha-256"), "-vv")
        self.assert_exit(run, program.FAIL)
        failed = [e for e in run.endpoints() if e["outcome"] != "SUCCESS"]
        self.assertEqual([e["outcome"] for e in failed], ["REGISTRATION_FAILED"])
        self.assertIn(failed[0]["status"], (401, 403))
        self.assert_reports_are_valid(run)
        for path, text in run.files():
            self.assertNotRegex(text, "(Hush|Other)-[0-9]*-kQ7z", path)

    def test_failed_threshold_fails_the_run_and_says_why(self):
        run = self.run_spec(spec() + "thresholds: [ calls.success_rate < 50% ]\n")
        self.assert_exit(run, program.FAIL)
        self.assertIn("FAIL", run.stdout)
        self.assertIn("calls.success_rate < 50%", run.stdout)
        self.assert_reports_are_valid(run)
        self.assertEqual(run.result["verdict"], "fail")


class UsageTest(program.ProgramTest):
    """What is refused before a packet is sent."""

    def refused(self, code, *arguments):
        """Runs it; the exit code is this, nothing is on stdout and a reason is on stderr."""
        run = self.start(*arguments)
        run.wait()
        self.assert_exit(run, code)
        self.assertEqual(run.stdout, "")
        self.assertNotEqual(run.stderr, "")
        return run

    def test_unknown_command_is_a_usage_error(self):
        run = self.refused(program.USAGE, "rnu", "x.yaml")
        self.assertIn("rnu", run.stderr)

    def test_unknown_option_is_a_usage_error(self):
        run = self.refused(program.USAGE, "run", "x.yaml", "--otu", "x")
        self.assertIn("--otu", run.stderr)

    def test_run_without_a_spec_is_a_usage_error(self):
        self.refused(program.USAGE, "run")

    def test_wrong_spec_is_refused_with_every_error_and_its_place(self):
        text = spec().replace("[pcma]", "[opsu]") + "durration: 3s\n"
        path = self.write("bad.yaml", text)
        run = self.refused(program.BAD_SPEC, "run", path, "--out", "out")
        self.assertRegex(run.stderr, r"bad\.yaml:5:\d+: error")
        self.assertRegex(run.stderr, r"bad\.yaml:6:\d+: error")
        self.assertRegex(run.stderr, r"bad\.yaml:9:1: error")
        self.assertIn("durration", run.stderr)
        self.assertFalse(os.path.exists(run.out))

    def test_spec_that_is_not_yaml_is_refused_with_its_place(self):
        path = self.write("bad.yaml", "cmtest: 1\ngroups: [ {\n")
        run = self.refused(program.BAD_SPEC, "run", path)
        self.assertRegex(run.stderr, r"bad\.yaml:\d+:\d+: error")

    def test_spec_that_is_not_there_is_named(self):
        run = self.refused(program.BAD_SPEC, "run", "missing.yaml")
        self.assertIn("missing.yaml", run.stderr)

    def test_report_folder_that_cannot_be_written_is_named(self):
        self.write("file", "")
        path = self.write("spec.yaml", spec())
        run = self.start("run", path, "--out", "file/out")
        run.wait()
        self.assert_exit(run, program.ENVIRONMENT)
        self.assertIn("file/out", run.stderr)

    def test_help_and_version_go_to_stdout(self):
        for option in ("--help", "--version"):
            run = self.start(option)
            run.wait()
            self.assert_exit(run, program.PASS)
            self.assertNotEqual(run.stdout, "")
            self.assertEqual(run.stderr, "")


class InterruptTest(program.ProgramTest):
    """Ctrl-C."""

    def test_interrupt_while_registering_writes_the_reports(self):
        run = self.start_spec(spec(pairs=5, buildup="20s", duration="60s"))
        self.interrupted(run, 2)

    def test_interrupt_in_calls_writes_the_reports(self):
        run = self.start_spec(spec(pairs=5, duration="60s"))
        self.interrupted(run, 4)

    def interrupted(self, run, after):
        """Interrupts it then: it ends soon, by its exit code, and all is written."""
        time.sleep(after)
        run.interrupt()
        run.wait()
        self.assert_exit(run, program.INTERRUPTED)
        self.assertTrue(run.result["interrupted"])
        self.assertEqual(len(run.endpoints()), 10)
        self.assertNotEqual(run.result["verdict"], "pass")
        self.assertTrue(os.path.exists(os.path.join(run.out, "junit.xml")))


class TerminalTest(program.ProgramTest):
    """What it looks like."""

    def on_terminal(self, columns, **environment):
        """The bytes of a run on a terminal of that width, and its exit code."""
        path = self.write("spec.yaml", spec())
        master, slave = pty.openpty()
        subprocess.run(["stty", "cols", str(columns), "rows", "24"], stdin=slave, check=True)
        base = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "CI")}
        child = subprocess.Popen(
            [self.program, "run", path, "--out", "out"],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=self.folder,
            env=dict(base, TERM="xterm-256color", LANG="C.UTF-8", **environment),
        )
        os.close(slave)
        text = b""
        try:
            while True:
                text += os.read(master, 65536)
        except OSError:  # the other end was closed: it has ended
            pass
        os.close(master)
        return text.decode(), child.wait(30)

    def test_without_a_terminal_it_prints_plain_lines(self):
        run = self.run_spec(spec())
        self.assert_exit(run, program.PASS)
        for text in (run.stdout, run.stderr):
            self.assertNotRegex(text, r"[\x1b\r\x08]")
            self.assertTrue(text == "" or text.endswith("\n"))
        self.assertIn("PASS", run.stdout)

    def test_on_a_terminal_it_uses_color(self):
        text, code = self.on_terminal(100)
        self.assertEqual(code, program.PASS, text)
        self.assertRegex(text, r"\x1b\[[0-9;]+m")

    def test_no_color_is_obeyed(self):
        text, code = self.on_terminal(100, NO_COLOR="1")
        self.assertEqual(code, program.PASS, text)
        self.assertNotRegex(text, r"\x1b\[[0-9;]*m")

    def test_live_line_fits_a_narrow_terminal(self):
        text, code = self.on_terminal(40, NO_COLOR="1")
        self.assertEqual(code, program.PASS, text)
        redrawn = [t for t in re.split(r"[\r\n]", re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)) if t]
        self.assertGreater(len(redrawn), 0)
        live = text[: text.find("PASS")]
        live = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", live)
        for line in re.split(r"[\r\n]+", live):
            self.assertLessEqual(len(line), 40, line)


if __name__ == "__main__":
    program.main()

#!/usr/bin/python3
"""Several specs in one invocation: chosen, repeated, ended early, told as a stream."""

import json
import os
import re
import signal
import sys
import time
import xml.etree.ElementTree as ElementTree

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(HERE, "..", "support"))

import jsonschema  # noqa: E402

import answerer  # noqa: E402
import program  # noqa: E402

SCHEMA = os.path.join(program.ROOT, "schema", "events.schema.json")

PLAIN = """cmtest: 1
name: {name}
tags: [{tags}]
groups:
  agents: {{ registrar: embedded, endpoints: 1, audio: {{ codecs: [pcma] }} }}
  callers: {{ registrar: embedded, endpoints: 1, call: agents, audio: {{ codecs: [pcma] }} }}
duration: {duration}
thresholds: [{threshold}]
"""
GOOD, BAD = "calls.success_rate >= 100%", "calls.success_rate < 50%"

OUTSIDE = """cmtest: 1
name: Outside
registrars:
  pbx:
    domain: test.example
    server: 127.0.0.1:{port}
    accounts: [{{ username: "1001", password: Hush-9x }}]
groups:
  callers: {{ registrar: pbx, endpoints: 1, call: "sip:echo@test.example", audio: {{ codecs: [pcma] }} }}
duration: 500ms
thresholds: [calls.success_rate >= 100%]
"""


def plain(name, tags="", threshold=GOOD, duration="300ms"):
    """Two phones that call each other for a moment."""
    return PLAIN.format(name=name, tags=tags, threshold=threshold, duration=duration)


class SessionTest(program.ProgramTest):
    def write_in(self, folder, name, text):
        """A file in a folder of the test's folder."""
        os.makedirs(os.path.join(self.folder, folder), exist_ok=True)
        self.write(os.path.join(folder, name), text)

    def run_all(self, *arguments, environment=None):
        run = self.start("run", *arguments, "--out", "out", environment=environment)
        run.wait(120)
        return run

    def read(self, *path):
        with open(os.path.join(self.folder, "out", *path), encoding="utf-8") as file:
            return file.read()

    def exists(self, *path):
        return os.path.exists(os.path.join(self.folder, "out", *path))

    def events(self, name="events"):
        """The lines of --events, each of which is what the schema says."""
        with open(SCHEMA, encoding="utf-8") as file:
            schema = json.load(file)
        validator = jsonschema.validators.validator_for(schema)
        validator.check_schema(schema)
        with open(os.path.join(self.folder, name), encoding="utf-8") as file:
            lines = [json.loads(line) for line in file]
        for line in lines:
            self.assertEqual([e.message for e in validator(schema).iter_errors(line)], [], line)
        return lines

    # ---- several specs ------------------------------------------------------------------------

    def test_a_folder_of_specs_runs_into_folders_of_their_own(self):
        self.write_in("t", "one.yaml", plain("One"))
        self.write_in("t", "two.yml", plain("Two"))
        self.write_in("t", "parts.yaml", "vars: {x: 1}\n")
        run = self.run_all("t")
        self.assert_exit(run, program.PASS)
        self.assertIn("2 runs: 2 passed", run.stdout)
        self.assertIn("parts.yaml is no spec", run.stderr)
        self.assertTrue(self.exists("one", "result.json") and self.exists("two", "result.json"))
        self.assertTrue(self.exists("junit.xml"))
        self.assertFalse(self.exists("one", "junit.xml"))

    def test_specs_of_one_name_keep_apart(self):
        self.write_in("a", "call.yaml", plain("A"))
        self.write_in("b", "call.yaml", plain("B"))
        run = self.run_all("a/call.yaml", "b/call.yaml")
        self.assert_exit(run, program.PASS)
        folders = [name for name in os.listdir(run.out) if name.startswith("call-")]
        self.assertEqual(len(folders), 2)

    def test_one_invalid_spec_and_nothing_runs(self):
        self.write_in("t", "bad.yaml", "cmtest: 1\ngruops: {}\n")
        self.write_in("t", "good.yaml", plain("Good"))
        run = self.run_all("t")
        self.assert_exit(run, program.BAD_SPEC)
        self.assertIn("1 of 2 specs are not valid; none was run", run.stderr)
        self.assertEqual(run.stdout, "")
        self.assertFalse(self.exists())

    def test_a_folder_without_specs_is_no_pass(self):
        os.mkdir(os.path.join(self.folder, "empty"))
        run = self.run_all("empty")
        self.assert_exit(run, program.BAD_SPEC)
        self.assertIn("has no spec", run.stderr)

    def test_tags_filters_and_shards_choose(self):
        for name, tags in (("one", "smoke"), ("two", "slow"), ("three", "")):
            self.write_in("t", f"{name}.yaml", plain(name, tags))
        run = self.run_all("t", "-q", "--tag", "smoke")
        self.assert_exit(run, program.PASS)
        self.assertIn("PASS  one", run.stdout)
        self.assertNotIn("two", run.stdout)
        seen = []
        for part in (1, 2):
            run = self.run_all("t", "-q", "--shard", f"{part}/2", "--filter", "/^t/")
            self.assert_exit(run, program.PASS)
            seen += [name for name in ("one", "two", "three") if f"PASS  {name}" in run.stdout]
        self.assertEqual(sorted(seen), ["one", "three", "two"])

    def test_no_case_left_is_a_usage_error_and_never_a_pass(self):
        self.write("a.yaml", plain("A", "smoke"))
        for wrong in (["--tag", "somke"], ["--filter", "B*"], ["--shard", "2/2"]):
            run = self.run_all("a.yaml", *wrong)
            self.assert_exit(run, program.USAGE)
            self.assertIn("no pass", run.stderr)

    def test_the_seed_of_a_case_repeats_it_alone(self):
        self.write("a.yaml", plain("A"))
        self.write("b.yaml", plain("B"))
        run = self.run_all("a.yaml", "b.yaml", "--seed", "5", "-q")
        self.assert_exit(run, program.PASS)
        with open(os.path.join(run.out, "b", "result.json"), encoding="utf-8") as file:
            seed = json.load(file)["seed"]
        self.assertIn(f"--filter 'B' --seed {seed}", run.stdout)
        run = self.run_all("a.yaml", "b.yaml", "--filter", "B", "--seed", seed, "-q")
        with open(os.path.join(run.out, "b", "result.json"), encoding="utf-8") as file:
            self.assertEqual(json.load(file)["seed"], seed)

    # ---- repeated, and ended early ------------------------------------------------------------

    def flaky(self, *options, statuses=(486, 200)):
        with answerer.Answerer(*statuses) as server:
            self.write("flaky.yaml", OUTSIDE.format(port=server.port))
            return self.run_all("flaky.yaml", "-q", "--events", "events", *options)

    def test_a_pass_after_a_failure_is_flaky(self):
        run = self.flaky("--retries", "2")
        self.assert_exit(run, program.PASS)
        self.assertIn("FLAKY", run.stdout)
        self.assertTrue(self.exists("attempt-1", "result.json"))
        self.assertFalse(self.exists("attempt-2"))
        self.assertTrue(os.listdir(os.path.join(run.out, "attempt-1", "evidence")))
        verdicts = [e for e in self.events() if e["kind"] == "verdict"]
        self.assertEqual([(e["verdict"], e["flaky"]) for e in verdicts],
                         [("fail", False), ("pass", True)])
        for path, text in run.files():
            self.assertNotIn("Hush-9x", text, path)

    def test_a_flaky_case_can_be_made_to_fail(self):
        self.assert_exit(self.flaky("--retries=1", "--fail-on-flaky"), program.FAIL)

    def test_a_case_that_never_passes_fails_after_its_attempts(self):
        run = self.flaky("--retries=1", statuses=(486,))
        self.assert_exit(run, program.FAIL)
        self.assertNotIn("FLAKY", run.stdout)
        self.assertIn("Attempts: fail at each of 2 attempts", run.stdout)

    def test_without_retries_the_failure_stands(self):
        self.assert_exit(self.flaky(), program.FAIL)

    def test_fail_fast_skips_what_follows(self):
        self.write("a.yaml", plain("A"))
        self.write("b.yaml", plain("B", threshold=BAD))
        self.write("c.yaml", plain("C"))
        run = self.run_all("a.yaml", "b.yaml", "c.yaml", "--fail-fast", "--events", "events")
        self.assert_exit(run, program.FAIL)
        self.assertRegex(run.stdout, r"(-|SKIPPED) C: did not run: a case before it did not pass")
        self.assertIn("2 runs: 1 failed, 1 passed; 1 did not run", run.stdout)
        self.assertIn('<skipped message="a case before it', self.read("junit.xml"))
        self.assertIn("| SKIPPED | C |", self.read("summary.md"))
        summary = json.loads(self.read("summary.json"))
        self.assertEqual([(s["name"], s["given"]) for s in summary["skipped"]], [("C", "c.yaml")])
        self.assertEqual((summary["verdict"], summary["end"]), ("fail", "complete"))
        self.assertFalse(self.exists("c"))
        skipped = [e for e in self.events() if e["kind"] == "skipped"]
        self.assertEqual([e["name"] for e in skipped], ["C"])
        self.assert_not_run(run, "fail", 1, "C")

    def test_the_time_limit_keeps_what_was_measured(self):
        self.write("a.yaml", plain("A", duration="60s"))
        self.write("b.yaml", plain("B"))
        run = self.run_all("a.yaml", "b.yaml", "--timeout", "3s")
        self.assert_exit(run, program.ENVIRONMENT)
        self.assertIn("timed out: the 3 s of --timeout are over", " ".join(run.stdout.split()))
        self.assertRegex(run.stdout, r"(-|SKIPPED) B: did not run: the time of --timeout")
        summary = json.loads(self.read("summary.json"))
        self.assertEqual((summary["exit_code"], summary["end"]), (4, "timed-out"))
        with open(os.path.join(run.out, "a", "result.json"), encoding="utf-8") as file:
            result = json.load(file)
        self.assertEqual(result["verdict"], "error")
        self.assertEqual(len(result["endpoints"]), 2)

    def test_nothing_of_an_earlier_invocation_is_left(self):
        self.write("a.yaml", plain("A"))
        self.write("b.yaml", plain("B", threshold=BAD))
        self.run_all("a.yaml", "b.yaml", "--retries", "1")
        self.assertTrue(self.exists("b", "attempt-1", "series.cmts"))
        self.write_in("out/b", "mine.txt", "kept")
        self.write_in("out/other", "series.cmts", "of somebody else")
        run = self.run_all("a.yaml")
        self.assert_exit(run, program.PASS)
        self.assertEqual(os.listdir(os.path.join(run.out, "b")), ["mine.txt"])
        self.assertFalse(self.exists("a"))
        self.assertTrue(self.exists("other", "series.cmts"))
        reports = re.search(r"Reports: out/: ([^:]*)", run.stdout)[1].split()
        for name in reports:
            self.assertTrue(self.exists(name), name)
        self.run_all("a.yaml", "b.yaml")
        self.assertFalse(self.exists("result.json"))
        self.assertFalse(self.exists("b", "attempt-1"))

    def test_each_block_names_only_reports_that_are_there(self):
        self.write("a.yaml", plain("A"))
        self.write("b.yaml", plain("B"))
        run = self.run_all("a.yaml", "b.yaml")
        named = re.findall(r"Reports: (out[^:]*)/: ((?:[a-z]+\.[a-z]+\s*)+)", run.stdout)
        self.assertEqual([folder for folder, _ in named], ["out/a", "out/b", "out"])
        for folder, names in named:
            for name in names.split():
                self.assertTrue(os.path.exists(os.path.join(self.folder, folder, name)), name)

    def test_an_interruption_ends_all_cases(self):
        self.write("a.yaml", plain("A", duration="60s"))
        self.write("b.yaml", plain("B"))
        run = self.start("run", "a.yaml", "b.yaml", "--out", "out", "--events", "events")
        self.until(lambda: "INCALL" in self.text_of("events"), "a call", alive=run.child)
        run.interrupt()
        run.wait()
        self.assert_exit(run, program.INTERRUPTED)
        self.assertRegex(run.stdout, "(-|SKIPPED) B: did not run: interrupted")
        self.assertEqual(json.loads(self.read("summary.json"))["end"], "interrupted")
        self.assertEqual(self.events()[-1]["exit_code"], program.INTERRUPTED)

    def assert_not_run(self, run, verdict, code, name):
        """All reports tell of the case that did not run."""
        with open(os.path.join(run.out, "summary.json"), encoding="utf-8") as file:
            summary = json.load(file)
        with open(os.path.join(program.ROOT, "schema", "summary.schema.json"),
                  encoding="utf-8") as file:
            jsonschema.validate(summary, json.load(file))
        self.assertEqual((summary["verdict"], summary["exit_code"]), (verdict, code))
        self.assertEqual([case["name"] for case in summary["skipped"]], [name])
        root = ElementTree.parse(os.path.join(run.out, "junit.xml")).getroot()
        self.assertEqual(root.get("skipped"), "1")
        self.assertEqual(int(root.get("tests")), len(root.findall(".//testcase")))
        self.assertEqual(root.findall("testsuite")[-1].get("package"), name.lower())
        with open(os.path.join(run.out, "summary.md"), encoding="utf-8") as file:
            self.assertIn(f"| SKIPPED | {name} |", file.read())

    def hold_at_the_verdict(self, run, seconds):
        """Stops it when its first case was judged, and for so long."""
        self.until(lambda: '"verdict"' in self.text_of("events"), "a verdict", alive=run.child)
        os.kill(run.child.pid, signal.SIGSTOP)
        time.sleep(seconds)
        os.kill(run.child.pid, signal.SIGCONT)
        run.wait()

    def test_a_time_limit_between_two_cases_is_no_interruption(self):
        self.write("a.yaml", plain("A"))
        self.write("b.yaml", plain("B", duration="60s"))
        run = self.start("run", "a.yaml", "b.yaml", "--out", "out", "--events", "events",
                         "--timeout", "8s")
        self.hold_at_the_verdict(run, 8)
        self.assert_exit(run, program.ENVIRONMENT)
        if "SKIPPED" in run.stdout:
            self.assert_not_run(run, "error", 4, "B")

    def test_a_time_limit_that_passes_behind_the_last_verdict_changes_nothing(self):
        self.write("a.yaml", plain("A"))
        run = self.start("run", "a.yaml", "--out", "out", "--events", "events",
                         "--timeout", "8s")
        self.hold_at_the_verdict(run, 8)
        self.assert_exit(run, program.PASS)

    def text_of(self, name):
        path = os.path.join(self.folder, name)
        if not os.path.exists(path):
            return ""
        with open(path, encoding="utf-8") as file:
            return file.read()

    # ---- what is written ----------------------------------------------------------------------

    def test_events_are_lines_in_order(self):
        self.write("a.yaml", plain("A", duration="2s"))
        run = self.run_all("a.yaml", "--events", "events")
        self.assert_exit(run, program.PASS)
        lines = self.events()
        kinds = [line["kind"] for line in lines]
        self.assertEqual((kinds[0], kinds[1], kinds[-2], kinds[-1]),
                         ("start", "case", "verdict", "end"))
        for kind in ("registration", "phase", "message", "media", "second", "call", "outcome"):
            self.assertIn(kind, kinds)
        second = next(line for line in lines if line["kind"] == "second")
        self.assertGreater(second["readings"]["packets"], 0)

    def test_events_on_stdout_are_nothing_but_events(self):
        self.write("a.yaml", plain("A"))
        run = self.run_all("a.yaml", "--events", "-")
        self.assert_exit(run, program.PASS)
        self.assertEqual(json.loads(run.stdout.splitlines()[-1])["kind"], "end")
        for line in run.stdout.splitlines():
            json.loads(line)
        self.assertIn("PASS", run.stderr)

    def test_a_format_can_go_to_a_file_or_to_stdout(self):
        self.write("a.yaml", plain("A"))
        run = self.run_all("a.yaml", "-q", "--format", "junit=-", "-f", "json=more.json")
        self.assert_exit(run, program.PASS)
        self.assertTrue(run.stdout.startswith("<?xml"))
        self.assertEqual(json.loads(self.text_of("more.json"))["verdict"], "pass")
        run = self.run_all("a.yaml", "--format", "jnuit")
        self.assert_exit(run, program.USAGE)
        self.assertIn('"junit"', run.stderr)

    def test_the_examples_of_a_suite_pass(self):
        folder = os.path.join(program.ROOT, "examples", "suite")
        run = self.run_all(folder, "--tag", "smoke", "-q")
        self.assert_exit(run, program.PASS)
        run = self.run_all(folder, "-q")
        self.assert_exit(run, program.PASS)
        self.assertIn("3 runs: 3 passed", run.stdout)


if __name__ == "__main__":
    program.main()

#!/usr/bin/python3
"""What a run keeps, as a user meets it: reported again, exported, cut, and without room."""

import csv
import io
import json
import os
import re
import sys
import time

from prometheus_client.samples import Timestamp
from prometheus_client.openmetrics.parser import text_string_to_metric_families

# Debian's version compares the nanoseconds of two times without their seconds.
Timestamp.__gt__ = lambda one, other: (one.sec, one.nsec) > (other.sec, other.nsec)


HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(HERE, "..", "support"))

import program  # noqa: E402

SPEC = """cmtest: 1
name: Kept
defaults: { registrar: embedded, endpoints: 2, audio: { codecs: [pcma] } }
groups:
  agents: {}
  callers: { call: agents }
duration: 2s
thresholds:
  - calls.success_rate >= 100%
  - check: receive.packet_loss.max < 1%
    group: callers
  - receive.mos.p5 >= 4.4 warn
"""

# As a disk that is full, but for this process alone: no file gets longer than 5 KiB, and a series.cmts
# does after some seconds.
FULL = ("/bin/bash", "-c", 'trap "" XFSZ; ulimit -f 5; exec "$@"', "full")


class ReportTest(program.ProgramTest):
    def run_it(self, text=SPEC):
        run = self.run_spec(text)
        self.assert_exit(run, program.PASS)
        return run

    def report(self, *arguments, code=program.PASS):
        run = self.start("report", *arguments)
        run.wait()
        self.assert_exit(run, code)
        return run

    def read(self, *path):
        with open(os.path.join(self.folder, *path), "rb") as file:
            return file.read()

    def test_reports_of_the_journal_are_those_of_the_run_to_the_byte(self):
        run = self.run_it()
        self.report(run.out, "--out", "again")
        names = [name for name in sorted(os.listdir(run.out)) if name != "series.cmts"]
        self.assertIn("junit.xml", names)
        for name in names:
            if os.path.isfile(os.path.join(run.out, name)):
                self.assertEqual(self.read(run.out, name), self.read("again", name), name)
        shown = self.report(run.out, "--no-color").stdout
        self.assertIn(shown.splitlines()[0], run.stdout)

    def snapshot(self, folder):
        """All files below it but the journals and what is kept of calls."""
        found = {}
        for path, _, names in os.walk(os.path.join(self.folder, folder)):
            below = os.path.relpath(path, os.path.join(self.folder, folder))
            if "attempt-" in below or "evidence" in below:
                continue
            for name in names:
                if name != "series.cmts":
                    # Paths of attachments name the folder.
                    found[os.path.join(below, name)] = self.read(path, name).replace(
                        folder.encode(), b"FOLDER"
                    )
        return found

    def test_reports_of_a_suite_are_those_of_its_runs_to_the_byte(self):
        for name in ("a", "b", "c"):
            # The second fails, at each attempt.
            text = SPEC.replace("Kept", name).replace("duration: 2s", "duration: 300ms")
            text = text.replace(">= 100%", "< 50%" if name == "b" else ">= 100%")
            self.write(f"{name}.yaml", re.sub(r"(?s)  - check.*", "", text))
        run = self.start("run", "a.yaml", "b.yaml", "c.yaml", "--retries=1", "--fail-fast",
                         "--out", "kept-runs")
        run.wait(120)
        self.assert_exit(run, program.FAIL)
        self.report("kept-runs", "--out", "kept-again")
        was, now = self.snapshot("kept-runs"), self.snapshot("kept-again")
        self.assertEqual(sorted(was), sorted(now))
        self.assertIn("b/report.html", was)
        for name, text in was.items():
            self.assertEqual(text, now[name], name)
        shown = self.report("kept-runs", "--no-color").stdout
        self.assertIn("2 runs: 1 failed, 1 passed; 1 did not run", shown)
        self.assertIn("Attempts: fail at each of 2 attempts", shown)
        # One case alone still knows that it was tried twice.
        self.assertIn("Attempts:", self.report("kept-runs/b", "--no-color").stdout)
        self.assertIn("Attempts:", self.report("kept-runs/b/series.cmts", "--no-color").stdout)
        # Several formats at once, of which one may have stdout.
        shown = self.report("kept-runs", "-f", "tap", "-f", "junit=j.xml", "-f", "summary=s.json")
        self.assertIn("# SKIP a case before it", shown.stdout)
        self.assertIn(b"<skipped", self.read("j.xml"))
        self.assertEqual(len(json.loads(self.read("s.json"))["runs"]), 2)
        self.report("kept-runs", "-f", "tap", "-f", "junit", code=program.USAGE)
        self.report("kept-runs", "-f", "html=x.html", code=program.USAGE)
        self.report("kept-runs", "-f", "html", "--out", "pages")
        self.assertTrue(self.read("pages", "a", "report.html"))
        # Without the summary (the invocation was killed), what is there is found.
        os.unlink(os.path.join(self.folder, "kept-runs", "summary.json"))
        self.assertIn("2 runs: 1 failed, 1 passed", self.report("kept-runs").stdout)

    def test_a_summary_leads_nowhere_else(self):
        run = self.run_it()
        path = os.path.join(self.folder, run.out, "summary.json")
        with open(path, encoding="utf-8") as file:
            summary = json.load(file)
        for folder in ("..", "../out", "/etc", "a/../..", "a//b", "a/", "."):
            summary["runs"][0]["folder"] = folder
            with open(path, "w", encoding="utf-8") as file:
                json.dump(summary, file)
            again = self.report(run.out)
            self.assertIn("is no summary of this version", again.stderr, folder)
            self.assertIn("PASS", again.stdout)

    def test_samples_of_the_csv_give_what_the_verdict_observed(self):
        run = self.run_it()
        rows = list(csv.DictReader(io.StringIO(self.report(run.out, "-f", "csv").stdout)))
        lost = [float(r["value"]) for r in rows if r["metric"] == "packet_loss" and r["value"]
                and r["direction"] == "receive" and r["group"] == "callers"]
        mos = sorted(float(r["value"]) for r in rows if r["metric"] == "mos" and r["value"]
                     and r["direction"] == "receive")
        judged = run.result["thresholds"]
        self.assertEqual(judged[1]["samples"], len(lost))
        self.assertEqual(judged[1]["observed"], max(lost))
        self.assertEqual(judged[2]["samples"], len(mos))
        self.assertAlmostEqual(judged[2]["observed"], mos[max(0, -(-len(mos) * 5 // 100) - 1)],
                               delta=0.005)
        calls = [r["value"] for r in rows if r["metric"] == "calls.success_rate"]
        self.assertEqual(calls, ["1", "1"])

    def test_series_are_openmetrics_with_times(self):
        run = self.run_it()
        text = self.report(run.out, "-f", "openmetrics-series").stdout
        families = {f.name: f for f in text_string_to_metric_families(text)}
        self.assertTrue(all(0 <= s.value <= 100
                            for s in families["cmtest_receive_packet_loss"].samples))
        self.assertTrue(all(s.timestamp for f in families.values() for s in f.samples))
        lines = text.splitlines()
        self.assertEqual(lines[-1], "# EOF")
        seen, last = [], None
        for line in lines[:-1]:
            found = re.match(r"(?:# (?:TYPE|HELP) )?(cmtest_\w+)(?:\{(.*)\} (\S+) (\d+\.\d{9}))?",
                             line)
            self.assertTrue(found, line)
            if found[1] != (seen[-1] if seen else None):
                self.assertNotIn(found[1], seen)
                seen.append(found[1])
                last = None
            if found[4]:
                self.assertTrue(last is None or last[0] != found[2] or
                                float(last[1]) <= float(found[4]), line)
                last = (found[2], found[4])
        self.assertIn("cmtest_receive_mos", seen)

    def test_it_is_judged_again_by_the_thresholds_of_another_spec(self):
        run = self.run_it()
        self.write("strict.yaml", SPEC[:SPEC.index("thresholds:")] +
                   "thresholds: [{ check: receive.mos.max <= 2, group: callers }]\n")
        again = self.report(run.out, "--thresholds", "strict.yaml")
        self.assertIn("FAIL", again.stdout)
        self.assertIn("receive.mos.max", again.stdout)
        self.write("group.yaml", SPEC[:SPEC.index("thresholds:")].replace("callers", "strangers") +
                   "thresholds: [{ check: receive.mos.avg >= 4, group: strangers }]\n")
        refused = self.report(run.out, "--thresholds", "group.yaml", code=program.ENVIRONMENT)
        self.assertIn("strangers", refused.stderr)
        self.assertIn('"callers"', refused.stderr)

    def test_what_stands_before_damage_is_exported(self):
        run = self.run_it()
        path = os.path.join(run.out, "series.cmts")
        with open(path, "rb") as file:
            good = file.read()
        whole = self.report(run.out, "-f", "jsonl").stdout.splitlines()
        at = len(good) - 600
        with open(path, "wb") as file:
            file.write(good[:at] + bytes(b ^ 0x55 for b in good[at:at + 40]) + good[at + 40:])
        for form in ("jsonl", "csv", "openmetrics-series"):
            part = self.report(run.out, "-f", form, code=program.ENVIRONMENT)
            self.assertIn("damaged", part.stderr)
            self.assertTrue(part.stdout)
            if form == "jsonl":
                lines = part.stdout.splitlines()
                self.assertTrue(0 < len(lines) < len(whole))
                self.assertEqual(lines, whole[:len(lines)])

    def test_a_disk_that_fills_while_it_runs_is_told_of_and_the_rest_is_written(self):
        run = self.start_spec(SPEC.replace("2s", "6s"), through=FULL)
        run.wait()
        self.assert_exit(run, program.ENVIRONMENT)
        self.assertIn("series.cmts could not be written to its end: File too large", run.stderr)
        self.assertIn("PASS", run.stdout)
        self.assertTrue(self.read(run.out, "junit.xml"))

    def test_a_run_that_was_killed_can_be_read(self):
        run = self.start_spec(SPEC.replace("2s", "60s"))
        path = os.path.join(run.out, "series.cmts")
        limit = time.monotonic() + 60
        seconds = []
        while not seconds and time.monotonic() < limit:
            time.sleep(0.2)
            if os.path.exists(path):
                seconds = run.events("second")
        run.child.kill()
        run.child.wait()
        self.assertTrue(seconds)
        after = self.report(run.out, code=program.ENVIRONMENT)
        self.assertIn("ends early", after.stderr)
        self.assertIn("ERROR", after.stdout)
        self.assertTrue(run.events("second"))

    def test_a_full_disk_costs_the_journal_and_not_the_verdict(self):
        os.makedirs(os.path.join(self.folder, "out"))
        os.symlink("/dev/full", os.path.join(self.folder, "out", "series.cmts"))
        run = self.run_spec(SPEC)
        self.assert_exit(run, program.ENVIRONMENT)
        self.assertIn("No space left on device", run.stderr)
        self.assertIn("PASS", run.stdout)
        self.assertIsNone(run.result["series"])

    def test_what_is_no_journal_is_refused_in_a_sentence(self):
        self.write("page.cmts", "<html>")
        os.makedirs(os.path.join(self.folder, "empty"))
        page = self.report("page.cmts", code=program.ENVIRONMENT)
        self.assertIn("is not a journal", page.stderr)
        empty = self.report("empty", code=program.ENVIRONMENT)
        self.assertIn("there is no series.cmts in empty", empty.stderr)
        missing = self.report("nowhere", code=program.ENVIRONMENT)
        self.assertIn("nowhere", missing.stderr)
        self.report("page.cmts", "--format", "nope", code=program.USAGE)

    def test_lines_of_json_are_the_events_of_the_run(self):
        run = self.run_it()
        lines = self.report(run.out, "-f", "jsonl").stdout.splitlines()
        events = [json.loads(line) for line in lines]
        kinds = {event["event"] for event in events}
        self.assertLessEqual({"phase", "message", "media", "second", "call", "outcome"}, kinds)
        received = [e["readings"]["packets"] for e in events if e["event"] == "second"
                    and e["endpoint"] == "callers[0]" and e["direction"] == "receive"]
        [call] = [e for e in events if e["event"] == "call" and e["endpoint"] == "callers[0]"]
        self.assertEqual(sum(received), call["packets_received"])


if __name__ == "__main__":
    program.main()

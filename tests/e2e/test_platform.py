#!/usr/bin/python3
"""Runs of a platform: `cmtest submit` and its kin against a stand-in that misbehaves as it is told.
Whatever happens: the right exit code, one clear sentence, and the key in no byte that is written."""

import email.utils
import json
import os
import signal
import stat
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(HERE, "..", "support"))

import program  # noqa: E402
from platform_stand_in import KEY, Fault, Platform, certificate, replay  # noqa: E402

SPEC = """cmtest: 1
name: Gate
platform: { project: p-1, test: t-1 }
groups:
  agents: { registrar: embedded, endpoints: 2, audio: { codecs: [pcma] } }
  callers: { registrar: embedded, endpoints: 2, call: agents, audio: { codecs: [pcma] } }
buildup: 100ms
duration: 3s
thresholds:
  - calls.success_rate >= 99%
  - receive.packet_loss.max < 1%
  - receive.mos.avg >= 3.5
  - receive.jitter.p95 < 40ms
"""
SPEC_MORE = SPEC + """  - post_dial_delay.p95 < 2s
  - receive.jitter.p99 < 50ms in callers
  - receive.mos.min >= 3 during worst 2s
  - post_dial_delay.max < 1us
"""

# What is told of a run without any event of an endpoint.
FIGURES = [
    {"metric": "calls.success_rate", "samples": 2, "statistics": {"value": 100}},
    {"metric": "packet_loss", "direction": "receive", "statistics": {"max": 0.2, "avg": 0}},
    {"metric": "mos", "direction": "receive", "samples": 8, "statistics": {"avg": 4.2}},
    {"metric": "jitter_ms", "direction": "receive", "samples": 8, "statistics": {"p95": 3}},
]


class PlatformTest(program.ProgramTest):
    FAST = ("--poll", "20ms", "--retry-delay", "10ms", "--connect-timeout", "5s")

    def enter(self, **options):
        """A stand-in until the test ends."""
        options.setdefault("metrics", {"aggregates": FIGURES})
        stand_in = Platform(**options)
        stand_in.__enter__()
        self.addCleanup(stand_in.__exit__)
        return stand_in

    def cmtest(self, *arguments, key=KEY, seconds=60, wait=True, **variables):
        """cmtest with a key, without proxies or config files of who runs the test."""
        environment = {"CMTEST_API_KEY": key, "CMTEST_CONFIG": "", "no_proxy": "*", **variables}
        run = self.start(*arguments, environment=environment)
        if wait:
            run.wait(seconds)
        return run

    def submit(self, stand_in, *options, spec=SPEC, **more):
        """A run of the spec there."""
        path = self.write("spec.yaml", spec)
        run = self.cmtest("submit", path, "--api-url", stand_in.url, "--out", "out", *self.FAST,
                          *options, **more)
        return run

    def assert_secret(self, run):
        """The key is in nothing that was written."""
        for path, text in run.files():
            self.assertNotIn(KEY[4:], text, path)
        for folder, _, names in os.walk(self.folder):
            for name in names:
                if not name.startswith("key"):
                    with open(os.path.join(folder, name), "rb") as file:
                        self.assertNotIn(KEY[4:].encode(), file.read(), name)

    def refused(self, run, code, *sentence):
        """It ended so, with that sentence, which stands in the reports, too."""
        self.assert_exit(run, code)
        for part in sentence:
            self.assertIn(part, " ".join((run.stdout + run.stderr).split()))
        self.assert_secret(run)

    # ---- what goes well -------------------------------------------------------------------------

    def test_a_run_is_started_followed_and_judged(self):
        stand_in = self.enter()
        run = self.submit(stand_in)
        self.assert_exit(run, program.PASS)
        self.assertEqual(len(stand_in.asked("POST", "/tests/t-1/run")), 1)
        for word in ("PENDING", "QUEUED", "RUNNING", "COMPLETED"):
            self.assertIn(word, run.stderr)
        self.assertIn("https://platform.example/app/lab/runs/run-1", run.stdout)
        self.assertEqual(run.result["platform"]["run"], "run-1")
        self.assertEqual(run.result["thresholds"][2]["observed"], 4.2)
        self.assertEqual(stand_in.requests[0]["headers"]["Authorization"], f"Bearer {KEY}")
        self.assert_secret(run)
        # And again from what was kept of it.
        again = self.cmtest("report", "out", "--format", "json")
        self.assertEqual(json.loads(again.stdout)["thresholds"], run.result["thresholds"])

    def test_the_verdict_of_a_replayed_run_is_that_of_the_local_one(self):
        local = self.run_spec(SPEC_MORE, "--seed", "7")
        # The one that nothing can meet fails, or is undecided where this machine was the limit.
        self.assertIn(local.child.returncode, (program.FAIL, program.INCONCLUSIVE), local.stdout)
        metrics, extra = replay(local)
        stand_in = self.enter(metrics=metrics, page=20)
        stand_in.extra = extra
        os.rename(os.path.join(self.folder, "out"), os.path.join(self.folder, "local"))
        local.out = os.path.join(self.folder, "local")
        run = self.submit(stand_in, "--seed", "7", spec=SPEC_MORE)
        self.assert_exit(run, local.child.returncode)
        self.assertGreater(len(stand_in.asked("GET", "/metrics")), 3)
        for key in ("verdict", "exit_code", "why", "try", "thresholds", "limits", "diagnoses",
                    "outcomes", "metrics", "started", "ended", "seed", "pacing", "health"):
            self.assertEqual(run.result[key], local.result[key], key)
        events = run.export("jsonl").splitlines()
        self.assertIn('"event": "remote"', events.pop())
        self.assertEqual(events, local.export("jsonl").splitlines())
        self.assert_secret(run)

    def test_run_on_platform_is_submit(self):
        stand_in = self.enter()
        self.write("spec.yaml", SPEC)
        run = self.cmtest("run", "spec.yaml", "--on", "platform", "--out", "out", "--quiet",
                          CMTEST_API_URL=stand_in.url, CMTEST_POLL="20ms")
        self.assert_exit(run, program.PASS)
        self.assertEqual(run.stderr, "")
        wrong = self.cmtest("run", "spec.yaml", "--on", "platfrom")
        self.assert_exit(wrong, program.USAGE)
        self.assertIn("platform", wrong.stderr)

    def test_completed_is_no_pass(self):
        figures = [dict(FIGURES[0], statistics={"value": 50}), *FIGURES[1:]]
        run = self.submit(self.enter(metrics={"aggregates": figures}))
        self.refused(run, program.FAIL, "calls.success_rate")

    def test_a_figure_that_was_not_told_is_no_pass(self):
        run = self.submit(self.enter(metrics={"aggregates": FIGURES[:2]}))
        self.refused(run, program.FAIL, "this one is not among them")
        self.assertIsNone(run.result["thresholds"][2]["observed"])
        run = self.submit(self.enter(), spec=SPEC + "  - receive.mos.avg >= 3 during worst 2s\n")
        self.refused(run, program.FAIL, "a part of it cannot be computed")

    def test_without_metrics_nothing_is_judged(self):
        run = self.submit(self.enter(metrics={"aggregates": []}))
        self.refused(run, program.ENVIRONMENT, "told no metrics")
        stand_in = self.enter()
        stand_in.faults += [Fault("GET", "/metrics", status=404)]
        run = self.submit(stand_in)
        self.refused(run, program.ENVIRONMENT, "its metrics could not be had", "404 SCRIPTED")

    def test_all_reports_are_written(self):
        run = self.submit(self.enter(), "--events", "events.jsonl")
        self.assert_exit(run, program.PASS)
        written = set(os.listdir(run.out))
        self.assertLessEqual({"junit.xml", "result.json", "report.html", "series.cmts",
                              "summary.json"}, written)
        self.assert_secret(run)

    # ---- statuses -------------------------------------------------------------------------------

    def test_failed_is_an_error_with_its_reason(self):
        stand_in = self.enter()
        stand_in.statuses = [["RUNNING", "FAILED"]]
        stand_in.extra = {"statusReason": "only worker lost"}
        self.refused(self.submit(stand_in), program.ENVIRONMENT, "FAILED: only worker lost")

    def test_an_unknown_status_is_waited_through(self):
        stand_in = self.enter()
        stand_in.statuses = [["WARMING_UP", "COMPLETED"]]
        run = self.submit(stand_in)
        self.assert_exit(run, program.PASS)
        self.assertIn("WARMING_UP", run.stderr)

    def test_capacity_is_waited_for(self):
        stand_in = self.enter()
        stand_in.statuses = [["CANNOT_RUN_FOR_NOW"], ["CANNOT_RUN_FOR_NOW"], ["COMPLETED"]]
        run = self.submit(stand_in)
        self.assert_exit(run, program.PASS)
        self.assertEqual(len(stand_in.asked("POST", "/run")), 3)

    def test_without_capacity_it_ends_with_four(self):
        stand_in = self.enter()
        stand_in.statuses = [["CANNOT_RUN_FOR_NOW"]]
        stand_in.extra = {"reason": "no workers in region"}
        run = self.submit(stand_in, "--wait-capacity", "300ms")
        self.refused(run, program.ENVIRONMENT, "CANNOT_RUN_FOR_NOW: no workers in region")
        self.assertGreater(len(stand_in.asked("POST", "/run")), 1)

    def test_a_run_that_never_ends_is_stopped_in_time(self):
        stand_in = self.enter()
        stand_in.statuses = [["RUNNING"]]
        run = self.submit(stand_in, "--timeout", "1s")
        self.refused(run, program.ENVIRONMENT, "timed out")
        self.assertEqual(len(stand_in.asked("POST", "/stop")), 1)

    # ---- Ctrl-C ---------------------------------------------------------------------------------

    def until_it_says(self, run, word):
        """Until it has said so."""
        self.until(lambda: word in run.stderr, word, alive=run.child)

    def test_an_interrupt_stops_the_run_there(self):
        stand_in = self.enter()
        stand_in.statuses = [["RUNNING"]]
        run = self.submit(stand_in, wait=False)
        self.until_it_says(run, "RUNNING")
        run.interrupt()
        run.wait()
        self.refused(run, program.INTERRUPTED, "stopping the run there")
        self.assertEqual(len(stand_in.asked("POST", "/test-runs/run-1/stop")), 1)
        self.assertTrue(run.result["interrupted"])

    def test_where_nothing_can_be_stopped_it_is_told(self):
        stand_in = self.enter(can_stop=False)
        stand_in.statuses = [["RUNNING"]]
        run = self.submit(stand_in, wait=False)
        self.until_it_says(run, "RUNNING")
        run.interrupt()
        run.wait()
        self.refused(run, program.INTERRUPTED, "could not be stopped")

    def test_a_second_interrupt_leaves_at_once(self):
        stand_in = self.enter()
        stand_in.statuses = [["RUNNING"]]
        stand_in.faults += [Fault("POST", "/stop", status=200, body={"data": {}})]
        run = self.submit(stand_in, wait=False)
        self.until_it_says(run, "RUNNING")
        run.interrupt()
        self.until_it_says(run, "interrupted")
        time.sleep(0.2)
        self.assertIsNone(run.child.poll())
        run.child.send_signal(signal.SIGTERM)
        run.wait()
        self.refused(run, program.INTERRUPTED)

    def test_an_interrupt_before_the_run_starts_nothing(self):
        stand_in = self.enter()
        stand_in.faults += [Fault("GET", "/tests/t-1", delay=5)]
        run = self.submit(stand_in, wait=False)
        self.until(lambda: stand_in.requests, "it asks", alive=run.child)
        run.interrupt()
        run.wait()
        self.refused(run, program.INTERRUPTED)
        self.assertEqual(stand_in.asked("POST", ""), [])

    def test_an_interrupt_while_it_is_started_stops_it(self):
        stand_in = self.enter()
        stand_in.statuses = [["RUNNING"]]
        stand_in.faults += [Fault("POST", "/run", delay=1, after=True)]
        run = self.submit(stand_in, wait=False)
        self.until(lambda: stand_in.asked("POST", "/run"), "it starts the run", alive=run.child)
        run.interrupt()
        run.wait()
        self.refused(run, program.INTERRUPTED)
        self.assertEqual(len(stand_in.asked("POST", "/stop")), 1)

    # ---- detached -------------------------------------------------------------------------------

    def test_a_detached_run_is_resumed(self):
        stand_in = self.enter()
        run = self.submit(stand_in, "--detach", "--quiet")
        self.assert_exit(run, program.PASS)
        self.assertEqual(run.stdout, "run-1\n")
        self.assertFalse(os.path.exists(os.path.join(run.out, "result.json")))
        status = self.cmtest("status", "run-1", "--out", "out")
        self.assert_exit(status, program.PASS)
        self.assertEqual(status.stdout, "PENDING\n")
        fetch = self.cmtest("fetch", "run-1", "--out", "out", *self.FAST)
        self.assert_exit(fetch, program.PASS)
        self.assertEqual(len(stand_in.asked("POST", "/run")), 1)
        self.assertEqual(fetch.result["platform"]["run"], "run-1")
        self.assert_secret(fetch)

    def test_a_run_is_fetched_by_its_spec_only(self):
        stand_in = self.enter()
        self.submit(stand_in, "--detach")
        alone = self.cmtest("fetch", "run-1", "--out", "elsewhere")
        self.refused(alone, program.USAGE, "--spec FILE")
        named = self.cmtest("fetch", "run-1", "--out", "elsewhere", "--spec", "spec.yaml",
                            "--api-url", stand_in.url, *self.FAST)
        self.assert_exit(named, program.PASS)
        self.write("spec.yaml", SPEC.replace(">= 3.5", ">= 1.5"))
        changed = self.cmtest("fetch", "run-1", "--out", "out", *self.FAST)
        self.refused(changed, program.BAD_SPEC, "is not what was submitted any more")

    def test_a_case_of_a_matrix_is_resumed(self):
        spec = SPEC.replace("groups:", "matrix: { codec: [pcma, pcmu] }\ngroups:").replace(
            "[pcma]", "[\"${matrix.codec}\"]")
        stand_in = self.enter()
        run = self.submit(stand_in, "--detach", "--quiet", spec=spec)
        self.assertEqual(run.stdout, "run-1\nrun-2\n")
        folders = sorted(os.listdir(run.out))
        fetch = self.cmtest("fetch", "run-2", "--out", os.path.join("out", folders[1]), *self.FAST)
        self.assert_exit(fetch, program.PASS)
        fetch.out = os.path.join(run.out, folders[1])
        self.assertEqual(fetch.result["case"], "codec=pcmu")

    def test_a_run_that_is_lost_can_be_fetched(self):
        stand_in = self.enter()
        stand_in.faults += [Fault("GET", "/test-runs/run-1", status=500)] * 6
        run = self.submit(stand_in)
        self.refused(run, program.ENVIRONMENT, "500 SCRIPTED: as told (request r-",
                     "`cmtest fetch run-1` waits for it")
        self.assert_exit(self.cmtest("fetch", "run-1", "--out", "out", *self.FAST), program.PASS)

    # ---- which test -----------------------------------------------------------------------------

    def test_another_test_than_the_spec_is_refused(self):
        stand_in = self.enter(tests={"t-1": {"totalEndpoints": 40, "duration": 3}})
        run = self.submit(stand_in)
        self.refused(run, program.ENVIRONMENT, "endpoints: 40, not 4", "--allow-drift")
        self.assertEqual(stand_in.asked("POST", "/run"), [])
        run = self.submit(stand_in, "--allow-drift")
        self.assert_exit(run, program.PASS)
        self.assertIn("endpoints: 40, not 4", run.stderr)
        same = {"t-1": {"totalEndpoints": 4, "duration": 3, "buildup": 0.1, "groups": [{}, {}]}}
        self.assert_exit(self.submit(self.enter(tests=same)), program.PASS)

    def test_a_test_is_made_of_the_spec(self):
        stand_in = self.enter()
        made = self.submit(stand_in, spec=SPEC.replace(", test: t-1", ""))
        self.assert_exit(made, program.PASS)
        body = json.loads(stand_in.asked("POST", "/tests")[0]["body"])
        self.assertIn("success_rate", body["spec"])
        self.assertEqual(len(stand_in.asked("POST", "/tests/made-1/run")), 1)
        without = self.enter(can_create=False)
        run = self.submit(without, spec=SPEC.replace(", test: t-1", ""))
        self.refused(run, program.ENVIRONMENT, "makes no tests from specs")

    def test_passwords_stay_here(self):
        spec = """cmtest: 1
platform: { project: p-1 }
registrars:
  pbx: { domain: pbx.example, accounts: [{ username: a, password: hunter2 },
                                         { username: b, password: hunter2 }] }
groups:
  agents: { registrar: pbx, endpoints: 1, audio: { codecs: [pcma] } }
  callers: { registrar: pbx, endpoints: 1, call: agents, audio: { codecs: [pcma] } }
duration: 1s
"""
        stand_in = self.enter()
        self.submit(stand_in, spec=spec)
        self.assertNotIn(b"hunter2", b"".join(r["body"] for r in stand_in.requests))

    def test_what_a_platform_cannot_do_is_an_error_before(self):
        self.write("bad.yaml", SPEC.replace("call: agents,",
                                            "call: agents, impair: { loss: 1% }, caller_id: x,")
                   + "load: { rate: 2/s }\n")
        here = self.cmtest("validate", "bad.yaml", "--quiet")
        self.assertNotIn("not-on-platform", here.stderr)
        there = self.cmtest("validate", "bad.yaml", "--on", "platform")
        self.assert_exit(there, program.BAD_SPEC)
        for key in ("impair", "caller_id", "rate"):
            self.assertIn(f'a platform has no "{key}"', there.stderr)
        self.write("none.yaml", SPEC.replace("platform: { project: p-1, test: t-1 }\n", ""))
        none = self.cmtest("validate", "none.yaml", "--on", "platform")
        self.assert_exit(none, program.BAD_SPEC)
        self.assertIn("needs-project", none.stderr)
        named = self.cmtest("validate", "none.yaml", "--on", "platform", "--project", "p-1")
        self.assert_exit(named, program.PASS)

    def test_endpoints_of_another_test_are_no_verdict(self):
        event = {"time": "2026-11-21T10:00:00Z", "event": "phase", "endpoint": "others[7]",
                 "phase": "INCALL"}
        run = self.submit(self.enter(metrics={"events": [event]}))
        self.refused(run, program.ENVIRONMENT, "first others[7]")

    # ---- lists ----------------------------------------------------------------------------------

    def test_projects_and_tests_are_listed(self):
        stand_in = self.enter()
        run = self.cmtest("list", "projects", "--api-url", stand_in.url)
        self.assert_exit(run, program.PASS)
        self.assertIn("p-1", run.stdout)
        self.assertIn("p-2", run.stdout)  # of the second page
        run = self.cmtest("list", "tests", "--project", "p-1", "--api-url", stand_in.url, "--json")
        self.assertIn("t-1", run.stdout)
        run = self.cmtest("list", "tests", "--api-url", stand_in.url)
        self.refused(run, program.USAGE, "--project ID")

    # ---- what goes wrong ------------------------------------------------------------------------

    def with_faults(self, *faults, **more):
        """A run with faults before the run is started: at the look at the test."""
        stand_in = self.enter()
        stand_in.faults += faults
        return stand_in, self.submit(stand_in, **more)

    def test_a_key_that_is_not_accepted(self):
        stand_in = self.enter()
        run = self.submit(stand_in, key="cmk_" + "f" * 32)
        self.refused(run, program.ENVIRONMENT, "does not accept the key", "401 UNAUTHORIZED",
                     "(request r-1)")
        self.assertEqual(len(stand_in.requests), 1)

    def test_a_key_that_may_not(self):
        _, run = self.with_faults(Fault("POST", "/run", status=403))
        self.refused(run, program.ENVIRONMENT, "the key may not do this: 403 SCRIPTED", "Tester")

    def test_a_test_that_is_not_there(self):
        run = self.submit(self.enter(tests={}))
        self.refused(run, program.ENVIRONMENT, "has no test of that id", "404 NOT_FOUND")

    def test_a_conflict(self):
        stand_in, run = self.with_faults(Fault("POST", "/run", status=409))
        self.refused(run, program.ENVIRONMENT, "as things are now: 409 SCRIPTED")
        self.assertEqual(len(stand_in.asked("POST", "/run")), 1)

    def test_a_rate_limit_is_kept(self):
        stand_in, run = self.with_faults(
            Fault("POST", "/run", status=429, headers={"Retry-After": "1"}))
        self.assert_exit(run, program.PASS)
        first, second = stand_in.asked("POST", "/run")
        self.assertGreaterEqual(second["time"] - first["time"], 0.9)

    def test_retry_after_may_be_a_date(self):
        date = email.utils.formatdate(time.time() + 2, usegmt=True)
        stand_in, run = self.with_faults(
            Fault("POST", "/run", status=503, headers={"Retry-After": date}))
        self.assert_exit(run, program.PASS)
        first, second = stand_in.asked("POST", "/run")
        self.assertGreaterEqual(second["time"] - first["time"], 0.7)

    def test_a_rate_limit_of_an_hour_is_not_waited_for(self):
        _, run = self.with_faults(
            Fault("POST", "/run", status=429, headers={"Retry-After": "3600"}))
        self.refused(run, program.ENVIRONMENT, "for 3600 s, which is too long")

    def test_a_rate_limit_without_an_end(self):
        stand_in, run = self.with_faults(*[Fault("POST", "/run", status=429)] * 9)
        self.refused(run, program.ENVIRONMENT, "limits the rate of requests")
        self.assertEqual(len(stand_in.asked("POST", "/run")), 6)

    def test_a_burst_of_errors_is_outlived(self):
        stand_in = self.enter()
        stand_in.faults += [Fault("GET", status=500)] * 4 + [Fault("GET", "/metrics", status=502)]
        run = self.submit(stand_in)
        self.assert_exit(run, program.PASS)
        self.assert_secret(run)

    def test_a_start_that_may_have_been_accepted_is_not_repeated(self):
        for fault in (Fault("POST", "/run", status=500), Fault("POST", "/run", status=503),
                      Fault("POST", "/run", reset=True, after=True),
                      Fault("POST", "/run", delay=2, after=True)):
            with self.subTest(fault=fault.__dict__):
                stand_in, run = self.with_faults(fault, *[])
                if fault.delay:
                    stand_in = self.enter()
                    stand_in.faults.append(Fault("POST", "/run", delay=2, after=True))
                    run = self.submit(stand_in, "--request-timeout", "500ms")
                self.refused(run, program.ENVIRONMENT, "look at the platform before you submit")
                self.assertEqual(len(stand_in.asked("POST", "/run")), 1)

    def test_lost_connections_are_made_again(self):
        stand_in = self.enter()
        stand_in.faults += [Fault("GET", reset=True)] * 3
        self.assert_exit(self.submit(stand_in), program.PASS)

    def test_a_slow_platform_is_given_up(self):
        stand_in = self.enter()
        stand_in.faults += [Fault("GET", delay=3)] * 6
        run = self.submit(stand_in, "--request-timeout", "200ms")
        self.refused(run, program.ENVIRONMENT, "cannot be reached")

    def test_nobody_listens(self):
        stand_in = Platform()
        stand_in.server.server_close()
        run = self.submit(stand_in)
        self.refused(run, program.ENVIRONMENT, "the platform cannot be reached")

    def test_answers_that_are_none(self):
        bodies = {
            b'{"data": {"id": "t-1", ': "no JSON that can be read",
            b"": "no JSON that can be read",
            b"<html>sorry</html>": "no JSON that can be read",
            b'{"meta": {}}': 'has no "data"',
            b'{"data": {"id": ["t-1"]}}': "told no id",
            b'{"data": "t-1"}': "told no id",
            b'{"data": {"id": "t-1", "id": "t-2"}}': "no JSON that can be read",
            b"[" * 100000: "no JSON that can be read",
            b"{" + b" " * (9 << 20) + b"}": "larger than 8 MiB",
        }
        for body, sentence in bodies.items():
            with self.subTest(body=body[:40]):
                _, run = self.with_faults(Fault("GET", "/tests/t-1", status=200, body=body))
                self.refused(run, program.ENVIRONMENT, sentence)

    def test_wrong_types_in_a_run(self):
        for body in ({"data": {"id": "run-1", "status": 7}}, {"data": {"id": "run-9"}},
                     {"data": [1, 2]}):
            with self.subTest(body=body):
                _, run = self.with_faults(Fault("GET", "/test-runs/", status=200, body=body))
                self.refused(run, program.ENVIRONMENT, "`cmtest fetch run-1`")

    def test_wrong_types_in_metrics(self):
        for body in ({"data": {"events": 3}}, {"data": {"events": [3]}},
                     {"data": {"aggregates": [{"metric": "mos"}]}},
                     {"data": {"events": [{"event": "outcome", "time": "today"}]}},
                     {"data": {"events": [{"event": "outcome", "outcome": "SPLENDID",
                                           "endpoint": "callers[0]",
                                           "time": "2026-11-21T10:00:00Z"}]}}):
            with self.subTest(body=body):
                _, run = self.with_faults(Fault("GET", "/metrics", status=200, body=body))
                self.refused(run, program.ENVIRONMENT, "its metrics could not be had")

    def test_redirects_are_not_followed_with_the_key(self):
        other = self.enter()
        for target in (other.url + "/steal", "http://127.0.0.1:1/x", "//evil.example/x"):
            _, run = self.with_faults(
                Fault("GET", "/tests/t-1", status=302, headers={"Location": target}))
            self.refused(run, program.ENVIRONMENT, "sends the client elsewhere (302 to",
                         "--api-url")
        self.assertEqual(other.requests, [])

    def test_garbage_in_place_of_http(self):
        for raw in (b"HTTP/1.1 999 What\r\nContent-Length: 0\r\n\r\n", b"\x00\xff\x16\x03 hello\r\n",
                    b"HTTP/9.9 abc\r\n\r\n"):
            with self.subTest(raw=raw):
                _, run = self.with_faults(*[Fault("GET", "/tests/t-1", raw=raw)] * 6)
                self.refused(run, program.ENVIRONMENT)

    def test_a_key_that_is_told_back_is_masked(self):
        body = {"error": {"code": KEY, "message": f"the key {KEY} is bad"},
                "meta": {"requestId": KEY}}
        _, run = self.with_faults(Fault("GET", "/tests/t-1", status=400, body=body))
        self.refused(run, program.ENVIRONMENT, "cmk_****")
        stand_in = self.enter()
        stand_in.extra = {"reason": KEY, "url": f"https://x.example/{KEY}"}
        stand_in.metrics = {"aggregates": FIGURES, "events": [
            {"time": "2026-11-21T10:00:00Z", "event": "outcome", "endpoint": "callers[0]",
             "outcome": "CALL_FAILED", "failure": "", "reason": KEY, "detail": f"\\u0063{KEY}"}]}
        self.assert_secret(self.submit(stand_in, "--events", "-", "-v"))

    # ---- TLS ------------------------------------------------------------------------------------

    def test_a_certificate_is_verified(self):
        good = certificate(self.folder)
        stand_in = self.enter(certificate=good)
        self.refused(self.submit(stand_in), program.ENVIRONMENT, "certificate was not accepted",
                     "--api-ca")
        self.assertEqual(stand_in.requests, [])
        run = self.submit(stand_in, "--api-ca", good[0])
        self.assert_exit(run, program.PASS)
        self.assert_secret(run)

    def test_a_certificate_of_another_name(self):
        other = certificate(self.folder, "other.example")
        stand_in = self.enter(certificate=other)
        run = self.submit(stand_in, "--api-ca", other[0])
        self.refused(run, program.ENVIRONMENT, "certificate was not accepted")
        self.assertEqual(stand_in.requests, [])

    def test_an_expired_certificate(self):
        old = certificate(self.folder, start="200101000000Z")
        stand_in = self.enter(certificate=old)
        run = self.submit(stand_in, "--api-ca", old[0])
        self.refused(run, program.ENVIRONMENT, "certificate was not accepted", "expired")
        self.assertEqual(stand_in.requests, [])

    # ---- keys -----------------------------------------------------------------------------------

    def test_a_key_of_a_file(self):
        stand_in = self.enter()
        path = self.write("key", KEY + "\n")
        os.chmod(path, stat.S_IRUSR)
        run = self.submit(stand_in, "--api-key-file", path, key="")
        self.assert_exit(run, program.PASS)
        os.chmod(path, 0o644)
        run = self.submit(stand_in, "--api-key-file", path, key="")
        self.refused(run, program.ENVIRONMENT, "others may read the key", "chmod 600")
        self.write(".cmtest.yaml", f"api-key-file: {path}\n")
        os.chmod(path, 0o600)
        run = self.submit(stand_in, key="", CMTEST_CONFIG=".cmtest.yaml")
        self.assert_exit(run, program.PASS)
        self.assert_secret(run)

    def test_a_key_in_a_config_file_is_refused(self):
        self.write("key.yaml", f"api-key: {KEY}\n")
        run = self.submit(self.enter(), key="", CMTEST_CONFIG="key.yaml")
        self.refused(run, program.USAGE, "secrets do not belong", "api-key-file")

    def test_no_key_and_wrong_ones(self):
        stand_in = self.enter()
        self.refused(self.submit(stand_in, key=""), program.ENVIRONMENT, "there is no API key")
        for key in ("secret" + KEY[4:], "cmk_", KEY + "\r\nX: y", "cmk_é"):
            run = self.submit(stand_in, key=key)
            self.refused(run, program.ENVIRONMENT, "begin with cmk_")
        self.assertEqual(stand_in.requests, [])

    def test_a_url_that_would_show_the_key(self):
        self.write("spec.yaml", SPEC)
        for url in ("http://callmeter.example/api", "ftp://x", "https://user:pw@x/api",
                    "http://localhost.evil.example/", "http://127.0.0.1@evil.example/"):
            run = self.cmtest("submit", "spec.yaml", "--api-url", url)
            self.refused(run, program.ENVIRONMENT, "the URL of the platform")
            self.assertNotIn("pw", run.stderr)

    def test_a_proxy_of_the_environment_never_sees_what_is_not_encrypted(self):
        stand_in, proxy = self.enter(), self.enter()
        run = self.submit(stand_in, no_proxy="", http_proxy=proxy.url.split("/api")[0])
        self.assert_exit(run, program.PASS)
        self.assertEqual(proxy.requests, [])

    def test_a_proxy_is_used(self):
        stand_in = self.enter()
        proxy = self.enter()
        run = self.submit(stand_in, "--api-proxy", proxy.url.split("/api")[0], no_proxy="")
        self.assertGreater(len(proxy.requests), 0)
        self.assertEqual(stand_in.requests, [])
        self.assert_secret(run)


if __name__ == "__main__":
    program.main()

"""Runs cmtest as a user would, for the tests in Python: its argv, its files, its exit code.

The program under test is named by the environment variable CMTEST. A test that fails shows what
was printed, and keeps its folder when CMTEST_KEEP is set.
"""

import functools
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from subprocess import TimeoutExpired

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

PASS, FAIL, USAGE, BAD_SPEC, ENVIRONMENT, INCONCLUSIVE, INTERRUPTED = 0, 1, 2, 3, 4, 5, 130

# Seconds after which what has not happened never will: soon enough for ctest's own limit, and late
# enough for a machine that is busy. How long something may take is no matter of it.
HANGS = 150

LATE = 0.02  # seconds
AGAIN = 2  # tries of a test after one that this machine was too busy for


@functools.cache
def times():
    """The readings that are times, which the journal has in ms."""
    with open(os.path.join(ROOT, "include/cmtest/readings.def"), encoding="utf-8") as file:
        return set(re.findall(r'^READING\(\w+, "(\w+)", MS,', file.read(), re.M))


class Running:
    """A cmtest that has been started: files for what it prints, and its result when it has ended."""

    def __init__(self, argv, folder, name, environment, out="out"):
        self.argv = argv
        self.folder = folder
        self._read_seconds = None
        self.out = os.path.join(folder, out)
        self.paths = [os.path.join(folder, f"{name}.{kind}") for kind in ("stdout", "stderr")]
        with open(self.paths[0], "wb") as stdout, open(self.paths[1], "wb") as stderr:
            self.child = subprocess.Popen(
                argv,
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
                cwd=folder,
                env=environment,
            )

    def _read(self, path):
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            return file.read()

    @property
    def stdout(self):
        """What it wrote to stdout so far."""
        return self._read(self.paths[0])

    @property
    def stderr(self):
        """What it wrote to stderr so far."""
        return self._read(self.paths[1])

    def interrupt(self):
        """One Ctrl-C."""
        self.child.send_signal(signal.SIGINT)

    def wait(self, seconds=HANGS):
        """Its exit code; a program that does not end in time is killed, and that is an error."""
        try:
            return self.child.wait(seconds)
        except TimeoutExpired:
            self.stop()
            raise

    def stop(self):
        """Kills it when it still runs."""
        if self.child.poll() is None:
            self.child.kill()
            self.child.wait()

    def limited(self):
        """Whether it found this machine to be a limit, or a thread of its own late."""
        if self.child.returncode == INCONCLUSIVE:
            return True
        try:
            result = self.result
        except (OSError, ValueError):  # no run, or not to its end
            return False
        threads = (result.get("health") or {}).get("threads", [])
        return bool(result.get("limits")) or any((t.get("lag_max") or 0) > LATE for t in threads)

    @property
    def result(self):
        """result.json."""
        with open(os.path.join(self.out, "result.json"), encoding="utf-8") as file:
            return json.load(file)

    def export(self, form, path=None):
        """A journal (that of the run) in a format of `cmtest report`, as far as it goes."""
        return subprocess.run([os.environ["CMTEST"], "report", path or self.out, "--format", form],
                              capture_output=True, check=False, text=True,
                              errors="surrogateescape").stdout

    def events(self, kind):
        """The events of a kind, as `cmtest report --format jsonl` has them."""
        events = [json.loads(line) for line in self.export("jsonl").splitlines()]
        return [event for event in events if event["event"] == kind]

    def ended(self, group=None):
        """The endpoints of result.json, of one group or all."""
        return [e for e in self.result["endpoints"] if group in (None, e["group"])]

    def _seconds(self):
        """The seconds of its journal by endpoint and direction, read once unless it has changed."""
        path = os.path.join(self.out, "series.cmts")
        about = os.stat(path) if os.path.exists(path) else None
        version = about and (about.st_ino, about.st_mtime_ns, about.st_size)
        if self._read_seconds is None or self._read_seconds[0] != version:
            found = {}
            for second in self.events("second"):
                found.setdefault((second["endpoint"], second["direction"]), []).append(second)
            self._read_seconds = version, found
        return self._read_seconds[1]

    def endpoints(self, group=None):
        """The endpoints of result.json, of one group or all; each with its seconds of the journal
        in columns: endpoint["receive"]["packets"][3]; times in s."""
        found = self.ended(group)
        in_ms = times()
        seconds = self._seconds()
        for endpoint in found:
            for direction in ("receive", "send"):
                rows = seconds.get((endpoint["name"], direction), [])
                columns = {name: [row[name] for row in rows]
                           for name in ("second", "length_ms", "scale", "provisional")}
                for name in {name for row in rows for name in row["readings"]}:
                    values = [row["readings"].get(name) for row in rows]
                    columns[name] = [v / 1e3 if v is not None and name in in_ms else v
                                     for v in values]
                endpoint[direction] = columns if rows else None
        return found

    def files(self):
        """(path, text) of all that it wrote: the report folder, stdout and stderr; of a journal
        what is in it."""
        found = [(path, self._read(path)) for path in self.paths]
        for folder, _, names in os.walk(self.out):
            for name in names:
                path = os.path.join(folder, name)
                found.append((path, self.export("jsonl", path) if name.endswith(".cmts")
                              else self._read(path)))
        return found


class Held:
    """Of the result of a test what is bad, until somebody knows whether it counts."""

    def __init__(self, result):
        self._result = result
        self.bad = []

    def __getattr__(self, name):
        return getattr(self._result, name)

    def addFailure(self, *what):
        """An assertion."""
        self.bad.append((self._result.addFailure, what))

    def addError(self, *what):
        """Anything else."""
        self.bad.append((self._result.addError, what))

    def addSubTest(self, test, subtest, err):
        """A part of the test."""
        if err is None:
            self._result.addSubTest(test, subtest, err)
        else:
            self.bad.append((self._result.addSubTest, (test, subtest, err)))

    def tell(self):
        """It counts."""
        for add, what in self.bad:
            add(*what)


class ProgramTest(unittest.TestCase):
    """A test with a folder of its own, that can run cmtest in it."""

    maxDiff = None

    def run(self, result=None):
        """Runs the test; shows every log when it failed, then removes its folder. When a cmtest in
        it said that this machine was a limit or that a thread of it came late, the failure is no
        news of the program: then the test is run again, as the program itself advises, twice at
        most. tests/support/real_time.h does the same."""
        result = result if result is not None else self.defaultTestResult()
        for left in range(AGAIN, -1, -1):
            held = Held(result)
            self.folder = tempfile.mkdtemp(prefix="cmtest-test-")
            try:
                super().run(held)
                if held.bad and left and self.limited():
                    print("this machine was the limit: once more", file=sys.stderr)
                    result.testsRun -= 1
                    continue
                if held.bad:
                    self._show()
                held.tell()
                return result
            finally:
                if "CMTEST_KEEP" in os.environ:
                    print(f"kept: {self.folder}", file=sys.stderr)
                else:
                    shutil.rmtree(self.folder)

    def limited(self):
        """Whether a run says so."""
        return any(running.limited() for running in getattr(self, "started", []))

    def setUp(self):
        if "CMTEST" not in os.environ:
            self.fail("the environment variable CMTEST must name the program under test")
        self.program = os.path.abspath(os.environ["CMTEST"])
        self.started = []
        self.addCleanup(lambda: [running.stop() for running in self.started])
        # ctest ends a test that takes too long by a signal: clean up then, too.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))

    def _show(self):
        """Prints the spec and every log of the folder, the end of long ones."""
        for folder, _, names in sorted(os.walk(self.folder)):
            for name in sorted(names):
                if not name.endswith((".yaml", ".log", ".txt", ".stdout", ".stderr")):
                    continue
                path = os.path.join(folder, name)
                with open(path, encoding="utf-8", errors="replace") as file:
                    text = file.read()
                if len(text) > 6000:
                    text = "[...]" + text[-6000:]
                print(f"--- {os.path.relpath(path, self.folder)}\n{text}", file=sys.stderr)

    def write(self, name, text):
        """A file in the test's folder; its path."""
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def start(self, *arguments, environment=None, out="out", through=()):
        """Starts cmtest with these arguments in the test's folder; through: what starts it."""
        running = Running(
            [*through, self.program, *arguments],
            self.folder,
            f"cmtest-{len(self.started)}",
            dict(os.environ, **(environment or {})),
            out,
        )
        self.started.append(running)
        return running

    def start_spec(self, text, *options, environment=None, name="", through=()):
        """Starts `cmtest run` of a spec; its reports go to the folder out. Those that run at the same
        time have names."""
        path = self.write(f"spec{name}.yaml", text)
        out = "out" + name
        return self.start("run", path, "--out", out, *options, environment=environment, out=out,
                          through=through)

    def run_spec(self, text, *options, seconds=HANGS):
        """Runs a spec to its end; the exit code is in `.child.returncode`."""
        running = self.start_spec(text, *options)
        running.wait(seconds)
        return running

    def until(self, happens, what, alive=None):
        """Waits until it happens, while the process runs (that of a cmtest, or `alive`)."""
        end = time.monotonic() + HANGS
        while not happens():
            self.assertLess(time.monotonic(), end, what)
            if alive is not None and alive.poll() is not None:
                self.assertTrue(happens(), f"{what}: it ended with {alive.returncode}")
                return
            time.sleep(0.02)

    def assert_exit(self, running, code):
        """The exit code, with what was printed when it is another one."""
        self.assertEqual(running.child.returncode, code, running.stdout + running.stderr)

    def assert_outcomes(self, running, outcome, group=None, but=()):
        """Every endpoint (of the group) ended so, except those at the indices `but`."""
        found = running.ended(group)
        self.assertGreater(len(found), 0)
        wrong = [e for i, e in enumerate(found) if e["outcome"] != outcome and i not in but]
        self.assertEqual([(e["name"], e["outcome"]) for e in wrong], [])


def main():
    """Every test of the file, or those named: Class.test_name or only test_name."""
    names = sys.argv[1:]
    module = sys.modules["__main__"]
    loader = unittest.TestLoader()
    suite = loader.loadTestsFromModule(module)
    if names:
        every = [test for group in suite for test in group]
        chosen = [t for t in every if t._testMethodName in names or t.id()[9:] in names]
        if len(chosen) != len(names):
            sys.exit(f"no such test in {names}")
        suite = unittest.TestSuite(chosen)
    sys.exit(not unittest.TextTestRunner(verbosity=2).run(suite).wasSuccessful())

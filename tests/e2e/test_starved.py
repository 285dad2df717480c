#!/usr/bin/python3
"""Where this machine is the limit, a run is inconclusive and says which resource it was. What only a
quiet machine can show, and ten times each, is tests/e2e/starved-10."""

import os
import re
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(HERE, "..", "support"))

import program  # noqa: E402
import starved  # noqa: E402


def words(running):
    """What it printed, whatever the width."""
    return " ".join(running.stdout.split())


class StarvedTest(program.ProgramTest):
    """Runs that lack something."""

    def run_under(self, prefix, text):
        """Runs a spec as an argument of another command."""
        path = self.write("spec.yaml", text)
        running = program.Running(
            [*prefix, self.program, "run", path, "--out", "out"], self.folder, "cmtest",
            dict(os.environ))
        self.started.append(running)
        running.wait(120)
        return running

    def test_too_few_descriptors_are_named_with_what_would_fit(self):
        run = self.run_under(["prlimit", f"--nofile={starved.FEW_DESCRIPTORS}"],
                             starved.CALLS.format(calls=40))
        self.assert_exit(run, program.INCONCLUSIVE)
        self.assertRegex(words(run), "descriptors: the run needs 180 descriptors at once and 60 are")
        self.assertRegex(words(run), "About [0-9]+ endpoints in a call would fit")
        self.assertEqual(run.result["verdict"], "inconclusive")
        self.assertEqual(run.result["health"]["machine"]["descriptors"], 60)

    def test_tiny_receive_queues_are_named_with_what_they_dropped(self):
        run = self.run_under([], starved.TINY)
        self.assert_exit(run, program.INCONCLUSIVE)
        media = [t for t in run.result["health"]["threads"] if t["thread"] == "media"]
        self.assertGreater(media[0]["dropped"], 100)
        self.assertLess(media[0]["queue"], 5000)
        # On a machine that is busy too, that may come first.
        self.assertRegex(words(run), "receive queue|cpu: ")

    def test_starved_cpu_never_fails_the_system_under_test(self):
        with starved.Hogs(8) as hogs:
            run = self.run_under(hogs.pinned(), starved.CALLS.format(calls=60))
        self.assertIn(run.child.returncode, (program.PASS, program.INCONCLUSIVE), run.stdout)
        if run.child.returncode == program.INCONCLUSIVE:
            self.assertRegex(words(run), "limit, not the system under test: (cpu|pacing|event|rate)")

    def test_threads_of_a_run_tell_what_they_got(self):
        run = self.run_under([], starved.CALLS.format(calls=2))
        threads = {t["thread"]: t for t in run.result["health"]["threads"]}
        self.assertEqual(sorted(threads), ["collector", "media", "signalling"])
        for name in ("media", "signalling"):
            self.assertGreater(threads[name]["cpu"], 0)
            self.assertGreaterEqual(threads[name]["lag_max"], threads[name]["lag_p99"])
        # 2 calls of 3 s, both ways, and 4 registrations.
        self.assertGreater(threads["media"]["asked"], 550)
        self.assertGreater(threads["media"]["received"], 500)
        self.assertEqual(threads["signalling"]["asked"], 6)
        self.assertFalse(re.search("nan|inf", str(run.result["health"])))


if __name__ == "__main__":
    program.main()

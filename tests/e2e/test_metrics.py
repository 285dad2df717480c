#!/usr/bin/python3
"""METRICS.md is what the program prints, and tells of as many metrics as were promised."""

import json
import os
import subprocess
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(HERE, "..", "support"))

import program  # noqa: E402

CATEGORIES = {
    "quality scores",
    "network transport",
    "rtcp feedback",
    "jitter buffer",
    "audio quality",
    "video quality",
    "call timing",
    "fec and advanced",
}


def listing(*arguments):
    done = subprocess.run(
        [os.environ["CMTEST"], "list", "metrics", *arguments],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


class Metrics(unittest.TestCase):
    def test_the_file_is_what_the_program_prints(self):
        with open(os.path.join(program.ROOT, "METRICS.md"), encoding="utf-8") as file:
            self.assertEqual(file.read(), listing("--format", "markdown"))

    def test_there_are_150_and_each_has_a_known_category(self):
        rows = json.loads(listing("--json"))["rows"]
        per_second = [r for r in rows if r["name"].startswith(("send.", "receive."))]
        self.assertGreaterEqual(len(per_second), 150)
        self.assertEqual({row["category"] for row in rows} - CATEGORIES, set())

    def test_an_unknown_format_is_refused(self):
        done = subprocess.run(
            [os.environ["CMTEST"], "list", "metrics", "--format", "html"],
            capture_output=True,
            text=True,
            check=False,
        )
        self.assertEqual(done.returncode, 2)
        self.assertIn("markdown", done.stderr)


if __name__ == "__main__":
    program.main()

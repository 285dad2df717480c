#!/usr/bin/python3
"""`cmtest compare` on runs that were made, as a user would."""

import json
import os
import subprocess
import sys
import tempfile
import unittest

import jsonschema

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(HERE, "..", "support"))

import program  # noqa: E402

SPEC = """
cmtest: 1
name: compare
groups:
  callees: {{ registrar: embedded, endpoints: 12, audio: {{ codecs: [pcma] }} }}
  callers:
    registrar: embedded
    endpoints: 12
    call: callees
    audio: {{ codecs: [pcma] }}
    {impair}
duration: 3s
thresholds: [calls.success_rate >= 0%]
"""
# So much that it is no question of luck, even where the machine is too busy for anything else.
LOSS = "impair: { send: { loss: 20% }, receive: { loss: 20% } }"


def cmtest(*arguments):
    return subprocess.run([os.environ["CMTEST"], *arguments], capture_output=True, text=True,
                          check=False)


def schema():
    with open(os.path.join(program.ROOT, "schema", "compare.schema.json"), encoding="utf-8") as file:
        return json.load(file)


class Compare(unittest.TestCase):
    def run_twice(self, folder):
        """A run without and one with loss, and whether both prove anything on this machine."""
        codes = []
        for name, impair in (("base", ""), ("new", LOSS)):
            spec = os.path.join(folder, f"{name}.yaml")
            with open(spec, "w", encoding="ascii") as file:
                file.write(SPEC.format(impair=impair))
            codes.append(cmtest("run", spec, "--out", os.path.join(folder, name)).returncode)
        return set(codes) == {0}

    def test_a_lossy_run_is_worse_and_a_run_is_the_same_as_itself(self):
        with tempfile.TemporaryDirectory() as folder:
            proven = self.run_twice(folder)
            base, new = os.path.join(folder, "base"), os.path.join(folder, "new")
            for pair, word, code in (((base, new), "worse", 1), ((base, base), "same", 0)):
                done = cmtest("compare", *pair, "--json")
                told = json.loads(done.stdout)
                jsonschema.Draft7Validator(schema()).validate(told)
                if not proven:
                    self.assertNotEqual((told["word"], done.returncode), ("same", 1))
                    continue
                self.assertEqual((told["word"], done.returncode), (word, code), told["why"])
            text = cmtest("compare", base, new).stdout
            self.assertLessEqual(max(map(len, text.splitlines())), 80 + len(folder))
            markdown = cmtest("compare", base, new, "--format", "markdown").stdout
            self.assertTrue(markdown.startswith("### cmtest compare: "), markdown[:80])
            self.assertLess(len(markdown), 65536)

    def test_the_schema_that_is_printed_is_the_one_in_the_repository(self):
        self.assertEqual(json.loads(cmtest("schema", "compare").stdout), schema())

    def test_what_cannot_be_compared_is_said(self):
        with tempfile.TemporaryDirectory() as folder:
            done = cmtest("compare", folder, folder)
            self.assertEqual(done.returncode, 4)
            self.assertIn("series.cmts", done.stderr)
        self.assertEqual(cmtest("compare", "only-one").returncode, 2)
        self.assertEqual(cmtest("compare", "--margin", "mos", "a", "b").returncode, 2)
        self.assertEqual(cmtest("compare", "--margin", "no.such=1", "a", "b").returncode, 2)
        self.assertEqual(cmtest("compare", "--alpha", "2", "a", "b").returncode, 2)
        self.assertEqual(cmtest("compare", "--format", "html", "a", "b").returncode, 2)

    def test_a_damaged_journal_proves_nothing(self):
        with tempfile.TemporaryDirectory() as folder:
            self.run_twice(folder)
            path = os.path.join(folder, "new", "series.cmts")
            with open(path, "rb") as file:
                whole = file.read()
            with open(path, "wb") as file:
                file.write(whole[: len(whole) * 2 // 3])
            done = cmtest("compare", os.path.join(folder, "base"), path, "--json")
            told = json.loads(done.stdout)
            self.assertEqual((told["word"], done.returncode), ("cannot tell", 5))
            self.assertNotIn("worse", {line["word"] for line in told["metrics"]})


if __name__ == "__main__":
    program.main()

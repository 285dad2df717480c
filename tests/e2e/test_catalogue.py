#!/usr/bin/python3
"""Every code that the sources can print is explained, and no code that they cannot."""

import glob
import json
import os
import re
import subprocess
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(HERE, "..", "support"))

import program  # noqa: E402

RUNNER = os.path.join(program.ROOT, "runner")

# Where findings are made. There a word with a hyphen is a code, and so is what a call that reports
# one is given, or what a row calls .code.
FOLDERS = ("base", "scenario", "spec", "plan", "verdict")
HYPHENED = re.compile(r'"([a-z][a-z0-9]*(?:-[a-z0-9]+)+)"')
GIVEN = re.compile(
    r"\b(?:diag_add|\w*error|fail|wrong)\s*\([^;\"]*?"
    r'"([a-z][a-z0-9]*(?:-[a-z0-9]+)*)"\s*,'
)
FIELD = re.compile(r'(?:\.code|->code|\bcode)\s*=\s*"([a-z][a-z0-9-]*)"')

# Words with a hyphen that are no codes, in the files where they are none.
NO_CODES = {
    "sha-256": "an algorithm",
    "telephone-event": "a codec",
    "session-timer": "an option tag",
}
EXAMPLE = re.compile(r'\.example\s*=\s*"(?:[^"\\]|\\.)*"')


def without_words(text):
    """The code alone: no comments, and no examples of values."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = EXAMPLE.sub("", text)
    # The words of the language are no codes: CHOICE("...", ...), .word = "...", .key = "..."
    text = re.sub(r'CHOICE(?:_LATER)?\(\s*"[^"]*"', "", text)
    return re.sub(r'\.(?:word|key|name|encoding)\s*=\s*"[^"]*"', "", text)


def codes_of_sources():
    """Each code with the files that use it."""
    codes = {}
    for folder in FOLDERS:
        for path in glob.glob(os.path.join(RUNNER, folder, "**", "*.[ch]"), recursive=True):
            with open(path, encoding="utf-8") as file:
                text = without_words(file.read())
            for pattern in (HYPHENED, GIVEN, FIELD):
                for code in pattern.findall(text):
                    if code not in NO_CODES:
                        codes.setdefault(code, set()).add(os.path.relpath(path, program.ROOT))
    return codes


class CatalogueTest(unittest.TestCase):
    """The sources against `cmtest list errors`."""

    maxDiff = None

    def setUp(self):
        out = subprocess.run(
            [os.environ["CMTEST"], "list", "errors", "--json"],
            stdout=subprocess.PIPE,
            check=True,
        )
        self.explained = {row["code"] for row in json.loads(out.stdout)["rows"]}

    def test_every_code_in_the_sources_is_explained(self):
        missing = {c: sorted(f) for c, f in codes_of_sources().items() if c not in self.explained}
        self.assertEqual(
            missing, {}, "add runner/report/explanations/<code>.c and its line in table.def"
        )

    def test_every_explained_code_is_in_the_sources(self):
        self.assertEqual(sorted(self.explained - set(codes_of_sources())), [])

    def test_the_scan_finds_what_it_must(self):
        """A pattern that finds nothing would prove nothing."""
        found = codes_of_sources()
        for code in ("syntax", "tab", "not-utf8", "control-character", "unknown-metric",
                     "unknown-transport", "internal", "duplicate-codec"):
            self.assertIn(code, found)


if __name__ == "__main__":
    program.main()

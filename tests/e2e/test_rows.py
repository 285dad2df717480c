#!/usr/bin/python3
"""Each action and each trigger of a scenario is tested under the clock of a test, in calls on
loopback, and in an example that runs."""

import glob
import os
import re
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(HERE, "..", "support"))

import program  # noqa: E402


def read(*pattern):
    """The text of each of these files."""
    texts = []
    for path in sorted(glob.glob(os.path.join(program.ROOT, *pattern))):
        with open(path, encoding="utf-8") as file:
            texts.append(file.read())
    return texts


def rows(table):
    """The words of a table."""
    (text,) = read("runner", "scenario", table, "table.def")
    return re.findall(r"^ROW\((\w+)\)", text, flags=re.MULTILINE)


def running_examples():
    """Without their comments, in which words may stand that they do not use."""
    texts = [text for text in read("examples", "*.yaml") if "Only validated here" not in text]
    return [re.sub(r"(^|\s)#.*", "", text) for text in texts]


class RowsTest(unittest.TestCase):
    """The tables against what is run."""

    maxDiff = None

    def check(self, pattern, texts, where):
        """Of both tables each word is in one of the texts. pattern: by table."""
        self.assertGreater(len(texts), 0)
        for table, form in pattern.items():
            words = rows(table)
            self.assertGreater(len(words), 10)
            missing = [word for word in words
                       if not any(re.search(form.format(word), text) for text in texts)]
            self.assertEqual(missing, [], f"{table} that nothing does in {where}")

    def test_each_has_a_unit_test(self):
        self.check({"actions": '"{}"', "triggers": '"{}"'}, read("tests", "scenario", "*.c"),
                   "tests/scenario")

    def test_each_is_done_on_loopback(self):
        self.check({"actions": r"\bdo: {}\b", "triggers": r"\bon: {}\b"},
                   read("tests", "loopback", "*.c"), "tests/loopback")

    def test_each_has_an_example_that_runs(self):
        self.check({"actions": r"\bdo: {}\b", "triggers": r"\bon: {}\b"}, running_examples(),
                   "an example that runs")


if __name__ == "__main__":
    program.main()

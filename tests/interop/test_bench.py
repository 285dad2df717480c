#!/usr/bin/python3
"""The benchmark, as small as it can be: it measures all it promises, and says so in its table."""

import json
import os
import shutil
import subprocess
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path += [os.path.join(HERE, "..", "support"), os.path.join(HERE, "..", "bench")]

import growth  # noqa: E402
import measures  # noqa: E402
import program  # noqa: E402
import table  # noqa: E402
import sniff  # noqa: E402

# Of 20 endpoints the difference of two runs may be less than what they vary by.
DIFFERENCES = {("caller", "per_s"), ("callee", "per_s")}


class BenchTest(program.ProgramTest):
    """ci/bench --smoke with the program under test."""

    def bench(self, *arguments):
        """Runs it; its folder."""
        out = os.path.join(self.folder, "bench")
        command = [os.path.join(program.ROOT, "ci", "bench"), "--smoke", "--busy", "--program",
                   os.environ["CMTEST"], "--out", out, *arguments]
        done = subprocess.run(command, check=False, timeout=200, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.assertEqual(done.returncode, 0, done.stdout)
        return out

    @unittest.skipUnless(shutil.which("sipp"), "SIPp is not installed")
    def test_every_row_is_measured_and_plausible(self):
        out = self.bench()
        with open(os.path.join(out, "bench.json"), encoding="utf-8") as file:
            found = json.load(file)
        with open(os.path.join(out, "bench.md"), encoding="utf-8") as file:
            text = file.read()
        self.assertEqual(found["failed"], [])
        self.assertIn(found["machine"]["model"], text)
        for row in table.rows(measures.SMOKE, found["machine"]["cores"]):
            if row.figure[0] == "jitter" and not sniff.available():
                continue
            if row.figure in DIFFERENCES:
                continue
            with self.subTest(row=row.text):
                self.assertIn("| " + row.text + " |", text)
                values = table.values(found["rounds"], row.figure)
                self.assertTrue(values)
                lost = row.figure[1] == "lost"
                self.assertTrue(all(value == 0 if lost else value > 0 for value in values), values)

    def test_growth_is_a_table_and_a_plot(self):
        out = self.bench("--growth", "--quick", "--sizes", "2,4")
        with open(os.path.join(out, "growth.csv"), encoding="ascii") as file:
            lines = file.read().splitlines()
        self.assertEqual(lines[0].split(","), list(growth.COLUMNS))
        self.assertEqual([line.split(",")[:2] for line in lines[1:]], [["2", "pass"], ["4", "pass"]])
        with open(os.path.join(out, "growth.svg"), encoding="utf-8") as file:
            self.assertEqual(file.read().count("<circle "), 3 * 2)


class ArithmeticTest(unittest.TestCase):
    """What the benchmark reckons with, without running anything."""

    def test_a_ratio_is_that_of_one_round(self):
        row = table.Row("ours", "ns", ("ours", "x"), ("peer", "x"), "peer")
        rounds = [{"ours": {"x": 2.0}, "peer": {"x": 1.0}}, {"ours": {"x": 8.0}, "peer": {"x": 4.0}},
                  {"ours": {"x": 30.0}, "peer": {"x": 10.0}}]
        self.assertEqual(table.cells(row, rounds), ("8.00 ns", "2.00 – 30.0", "2.00 × peer", ""))

    def test_what_was_not_measured_is_no_row(self):
        row = table.Row("ours", "ns", ("ours", "x"))
        self.assertIsNone(table.cells(row, [{"ours": {}}, {}]))

    def test_the_readme_changes_between_the_marks_only(self):
        before = f"a\n{table.BEGIN}\nold\n{table.END}\nb\n"
        after = table.replace(before, "new \\1")
        self.assertEqual(after, f"a\n{table.BEGIN}\nnew \\1\n{table.END}\nb\n")
        self.assertRaises(ValueError, table.replace, "no marks", "new")

    def test_jitter_is_that_of_rfc_3550(self):
        even = [(0.02 * i, 160 * i) for i in range(100)]
        self.assertAlmostEqual(sniff.figures(even)[0], 0)
        self.assertAlmostEqual(sniff.figures(even)[1], 50)
        # In pairs, 20 ms off: what SIPp does. It settles at the difference of the spacings.
        pairs = [(0.04 * (i // 2), 160 * i) for i in range(1000)]
        self.assertAlmostEqual(sniff.figures(pairs)[0], 0.02, delta=0.001)

    def test_the_line_is_that_of_least_squares(self):
        slope, base, fits = growth.line_through([(1, 3), (2, 5), (3, 7)])
        self.assertAlmostEqual(slope, 2)
        self.assertAlmostEqual(base, 1)
        self.assertAlmostEqual(fits, 1)


if __name__ == "__main__":
    program.main()

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

import costs  # noqa: E402
import growth  # noqa: E402
import measures  # noqa: E402
import program  # noqa: E402
import table  # noqa: E402
import sniff  # noqa: E402

# Of 20 endpoints the difference of two runs may be less than what they vary by.
DIFFERENCES = {("caller", "per_s"), ("callee", "per_s")}
# A run of each kind; with their peers.
KINDS = ("start", "pcma-20", "plain", "pcma-1-core", "jitter", "caller", "callee", "rate-100", "registrations")


class BenchTest(program.ProgramTest):
    """ci/bench --smoke with the program under test."""

    printed = ""  # by the last one

    def limited(self):
        return "This machine was the limit" in self.printed

    def bench(self, *arguments):
        """Runs it; its folder."""
        out = os.path.join(self.folder, "bench")
        command = [os.path.join(program.ROOT, "ci", "bench"), "--smoke", "--busy", "--program",
                   os.environ["CMTEST"], "--out", out, *arguments]
        done = subprocess.run(command, check=False, timeout=200, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.printed = done.stdout
        self.assertEqual(done.returncode, 0, done.stdout)
        return out

    @unittest.skipUnless(shutil.which("sipp"), "SIPp is not installed")
    def test_every_row_is_measured_and_plausible(self):
        out = self.bench(*(f"--only={name}" for name in KINDS))
        with open(os.path.join(out, "bench.json"), encoding="utf-8") as file:
            found = json.load(file)
        with open(os.path.join(out, "bench.md"), encoding="utf-8") as file:
            text = file.read()
        self.assertEqual(found["failed"], [])
        self.assertIn(found["machine"]["model"], text)
        cores = found["machine"]["cores"]
        for row in table.goals(measures.SMOKE, cores):
            if row.figure[0] not in KINDS or row.figure in DIFFERENCES or \
                    (row.figure[0] == "jitter" and not sniff.available()):
                continue
            with self.subTest(row=row.text):
                self.assertIn("| " + row.text + " |", text)
                values = table.values(found["rounds"], row.figure)
                self.assertTrue(values)
                none = row.figure[1] in ("lost", "failed")
                self.assertTrue(all(value == 0 if none else value > 0 for value in values), values)
        for run in table.media(measures.SMOKE, cores):
            self.assertEqual("| " + run.text + " |" in text, run.name in KINDS, run.text)
        self.assertLessEqual({"start", "pcma-20", "caller", "caller, before", "registrations"},
                             {run["name"] for run in found["rounds"][0]["runs"]})

    def test_growth_is_a_table_and_a_plot(self):
        out = self.bench("--growth", "--quick", "--sizes", "2,4")
        with open(os.path.join(out, "growth.csv"), encoding="ascii") as file:
            lines = file.read().splitlines()
        self.assertEqual(lines[0].split(","), list(growth.COLUMNS))
        self.assertEqual([line.split(",")[:2] for line in lines[1:]], [["2", "pass"], ["4", "pass"]])
        with open(os.path.join(out, "growth.svg"), encoding="utf-8") as file:
            self.assertEqual(file.read().count("<circle "), 3 * 2)
        with open(os.path.join(out, "growth.md"), encoding="utf-8") as file:
            self.assertEqual(file.read().count("| pass |"), 2)


class ArithmeticTest(unittest.TestCase):
    """What the benchmark reckons with, without running anything."""

    def test_a_ratio_is_that_of_one_round(self):
        row = table.Row("ours", "ns", ("ours", "x"), ("peer", "x"), "peer", ("≤", 2.5))
        rounds = [{"ours": {"x": 2.0}, "peer": {"x": 1.0}}, {"ours": {"x": 8.0}, "peer": {"x": 4.0}},
                  {"ours": {"x": 30.0}, "peer": {"x": 10.0}}]
        self.assertEqual(table.cells(row, rounds),
                         ("8.00 ns", "2.00 – 30.0", "2.00 × peer", "≤ 2.50 ×", "met"))

    def test_a_goal_is_of_the_median_or_of_the_worst(self):
        rounds = [{"ours": {"x": value}} for value in (1, 2, 9)]
        self.assertTrue(table.met(table.Row("", "", ("ours", "x"), limit=("≤", 2)), rounds))
        self.assertFalse(table.met(table.Row("", "", ("ours", "x"), limit=("≥", 3)), rounds))
        self.assertFalse(table.met(table.Row("", "", ("ours", "x"), limit=("≤", 2), worst=True), rounds))
        self.assertIsNone(table.met(table.Row("", "", ("other", "x"), limit=("≤", 2)), rounds))

    def test_costs_are_found_in_what_was_made_of_them(self):
        ns = {"start": 3e7, "wall": 1e7, "registrations": 4e5, "sides": 6e5, "packets": 5e3, "srtp": 3e3,
              "stream_seconds": 1e5, "pair": 3e3}
        sizes = ((2, 1), (1000, 5), (2000, 10), (5000, 10), (5000, 60), (10000, 12), (300, 10))
        runs = []
        for number, (count, seconds) in enumerate(sizes * 2):
            talking = seconds * (count if number % 7 != 5 else 0)
            run = {"name": f"run-{number}", "verdict": "pass", "interrupted": False, "pair_ns": 3e3, "start": 1,
                   "wall": seconds + count / 1000, "registrations": count, "sides": talking / seconds,
                   "packets": talking * (50 if number % 3 else 17), "stream_seconds": talking,
                   "srtp": talking * 50 * (number == 3)}
            runs.append(dict(run, cpu_s=costs.reckoned(run, ns)))
        found = costs.fitted(costs.medians([{"runs": runs}]))
        for part, value in ns.items():
            self.assertAlmostEqual(found[part] / value, 1, delta=0.02, msg=part)

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

#!/usr/bin/python3
"""A thousand random thresholds of a run with loss, jitter, three groups and a scenario: what cmtest
makes of them is what this makes of the exported samples (csv) and events (jsonl), by the definitions
of include/cmtest/threshold.h alone."""

import csv
import io
import json
import math
import os
import random
import subprocess
import sys
from collections import defaultdict

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(HERE, "..", "support"))

import program  # noqa: E402

SPEC = """cmtest: 1
groups:
  agents: { registrar: embedded, endpoints: 4 }
  callers:
    registrar: embedded
    endpoints: 4
    call: agents
    impair: { send: { loss: 8%, burst: 2 }, receive: { jitter: 8ms } }
  holders: { registrar: embedded, endpoints: 2, call: desks, scenario: [ { at: 3s, do: hold }, { at: 5s, do: resume } ] }
  desks: { registrar: embedded, endpoints: 2 }
buildup: 2s
duration: 9s
thresholds:
"""
GROUPS = [None, None, "agents", "callers", "holders", "desks"]
PHASES = ["registered", "calling", "ringing", "negotiating", "incall"]
ORDER = ["INITIALIZING", "REGISTERED", "CALLING", "RINGING", "NEGOTIATING", "INCALL",
         "DISCONNECTING", "CLOSED"]  # fmt: skip
STATISTICS = ["avg", "min", "max", "sum", "count", "rate", "median", "stddev", "p5", "p95", "p37.5"]
SECOND = 10**9


def nanoseconds(text):
    whole, _, rest = text.partition(".")
    return int(whole) * SECOND + int(rest.ljust(9, "0"))


def utc(text):
    """2026-11-21T18:38:41.317530722Z, as ns since midnight of that month's first day."""
    day, clock = text.rstrip("Z").split("T")
    hours, minutes, seconds = clock.split(":")
    days = int(day.split("-")[2])
    return ((days * 24 + int(hours)) * 60 + int(minutes)) * 60 * SECOND + nanoseconds(seconds)


class Run:
    """What a run told."""

    def __init__(self, folder):
        with open(os.path.join(folder, "result.json"), encoding="utf-8") as file:
            self.result = json.load(file)
        self.samples = defaultdict(list)  # by metric: (ns, endpoint, value)
        self.unit, self.owed = {}, defaultdict(set)
        first = None
        for row in csv.DictReader(io.StringIO(report(folder, "csv"))):
            name = ".".join(filter(None, (row["direction"], row["metric"])))
            if not row["value"]:
                self.owed[name].add(row["endpoint"])
                continue
            self.unit[name] = row["unit"]
            at = nanoseconds(row["time"])
            if row["metric"] == "registration.success_rate" and first is None:
                first = (row["endpoint"], at)
            at -= int(row["length_ms"] or 0) * 500_000
            self.samples[name].append((at, row["endpoint"], float(row["value"])))
        events = [json.loads(line) for line in report(folder, "jsonl").splitlines()]
        origin = next(
            utc(each["time"]) - first[1]
            for each in events
            if each["event"] == "registration" and each["endpoint"] == first[0]
        )
        self.ended = nanoseconds(str(self.result["duration"]))
        self.take_course(events, origin)

    def take_course(self, events, origin):
        self.phases, self.established, settled, byes = defaultdict(dict), set(), {}, []
        for each in events:
            who, at = each.get("endpoint"), utc(each["time"]) - origin
            if each["event"] == "phase":
                self.phases[who].setdefault(each["phase"], at)
            ends = each["event"] in ("call", "outcome") or (
                each["event"] == "phase" and ORDER.index(each["phase"]) >= 5
            )
            if ends and who.split("[")[0] in ("callers", "holders"):
                settled.setdefault(who, at)
            if each["event"] == "call" and each["established"]:
                self.established.add(who)
            if each["event"] == "message" and each["sent"] and each["method"] == "BYE":
                if each["status"] == 0 and "INCALL" in self.phases[who]:
                    byes.append(at)
        assert len(settled) == 6, settled
        self.settled = max(settled.values())
        self.bye = min(byes, default=self.ended)

    def limits(self, during):
        if during == "steady":
            return self.settled, min(self.bye, self.ended)
        return 0, min(self.settled, self.ended) if during == "ramp" else self.ended

    def holds(self, during, endpoint, at):
        if during in ("steady", "ramp"):
            start, stop = self.limits(during)
            return start <= at < stop
        if during is None:
            return True
        phase = "INITIALIZING"
        for name in ORDER:
            if self.phases[endpoint].get(name, math.inf) <= at:
                phase = name
        return phase == during.upper()


def report(folder, form):
    return subprocess.run(
        [os.environ["CMTEST"], "report", folder, "-f", form, "-o", "-"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip


def statistic(name, values, kind, seconds):
    """None: there is none."""
    if name == "count":
        return len(values)
    if name == "rate":
        return (sum(values) if kind == "counter" else len(values)) / seconds
    if name == "sum" and (values or kind == "counter"):
        return math.fsum(values)
    if not values:
        return None
    mean = math.fsum(values) / len(values)
    if name == "stddev":
        return math.sqrt(math.fsum((x - mean) ** 2 for x in values) / len(values))
    if name == "value":
        return 100 * mean
    if name in ("avg", "min", "max"):
        return {"avg": mean, "min": min(values), "max": max(values)}[name]
    percent = 50 if name == "median" else float(name[1:])
    rank = math.ceil(percent / 100 * len(values) - 1e-6)
    return sorted(values)[max(rank, 1) - 1]


def satisfies(value, comparison, limit):
    same = abs(value - limit) <= 1e-9 * max(abs(value), abs(limit))
    return {
        ">=": same or value > limit, "<=": same or value < limit, ">": not same and value > limit,
        "<": not same and value < limit, "==": same, "!=": not same,
    }[comparison]  # fmt: skip


class Threshold:
    def __init__(self, draw, run, kinds):
        self.metric = draw.choice(sorted(kinds))
        self.kind = kinds[self.metric]
        per_second = self.metric.startswith(("send.", "receive."))
        share = self.kind == "rate"
        self.statistic = draw.choice(["value", "value", "count"] if share else STATISTICS)
        self.group, self.during, self.window, self.share = draw.choice(GROUPS), None, 0, 0
        groups = {who.split("[")[0] for _, who, _ in run.samples[self.metric]}
        if not per_second and self.group not in groups:
            self.group = None  # which the plan would refuse
        if per_second and draw.random() < 0.5:
            self.during = draw.choice(["steady", "steady", "ramp", "incall", draw.choice(PHASES)])
        scope = draw.random()
        if scope < 0.3 and (self.statistic != "rate" or self.during in (None, "steady", "ramp")):
            self.share = draw.choice([100, 100, 90, 75, 50])
        elif scope < 0.6:
            self.window = draw.choice([1, 2, 3, 5, 30])
        if self.statistic == "rate" and self.during in PHASES and not self.window:
            self.during = None
        self.min_samples = draw.choice([0] * 8 + [3, 20])
        self.comparison = draw.choice([">=", "<=", ">", "<", "!=" if draw.random() < 0.3 else "<="])
        self.set_limit(draw, run)

    def set_limit(self, draw, run):
        """Near what another run showed, so that it is not clear from the start what comes out."""
        values = [x for _, _, x in run.samples[self.metric]]
        if self.statistic in ("sum", "count", "rate", "stddev"):
            part = draw.choice([1, 0.5, 0.1])
            limit = statistic(self.statistic, values, self.kind, 12) * part
        else:
            limit = 99 if self.statistic == "value" else draw.choice(values)
        limit = abs(limit) * draw.choice([0.5, 0.9, 0.99])
        self.text = self.metric + ("" if self.statistic == "value" else "." + self.statistic)
        number = f"{limit:.5f}"
        self.limit = float(number)
        plain = self.statistic in ("count", "rate")
        unit = run.unit[self.metric] if self.statistic != "value" else "%"
        unit = "" if plain or unit not in ("%", "ms") else unit
        self.text += f" {self.comparison} {number}{unit}"
        self.text += f" in {self.group}" if self.group else ""
        if self.window:
            self.text += f" during worst {self.window}s" + (f" of {self.during}" if self.during else "")
        elif self.during:
            self.text += f" during {self.during}"
        if self.share:
            self.text += " of worst endpoint" if self.share == 100 else f" of {self.share}% of endpoints"

    def line(self):
        if self.min_samples:
            return f'  - {{ check: "{self.text}", min_samples: {self.min_samples} }}\n'
        return f"  - {self.text}\n"

    def badness(self, value):
        if self.comparison[0] in "<>":
            return value if self.comparison[0] == "<" else -value
        return -abs(value - self.limit)

    def missing(self, run, seen):
        """Endpoints that owe a sample and gave none."""
        if not self.metric.startswith(("send.", "receive.")):
            owed = run.owed[self.metric]
        elif self.during in (None, "steady", "incall"):
            owed = run.established - seen
        else:
            owed = set()
        return {each for each in owed if self.group in (None, each.split("[")[0])}

    def judge(self, run):
        """(passes, observed); observed None: no data."""
        samples = [
            each for each in run.samples[self.metric]
            if self.group in (None, each[1].split("[")[0]) and run.holds(self.during, each[1], each[0])
        ]  # fmt: skip
        start, stop = run.limits(self.during)
        if not samples or start >= stop:
            return False, None
        missing = self.missing(run, {who for _, who, _ in samples})
        seconds = (stop - start) / SECOND
        if self.share:
            return self.judge_endpoints(samples, missing, seconds)
        if self.window:
            observed = self.worst_window(samples, start, stop)
            few = observed is None
        else:
            values = [x for _, _, x in samples]
            observed = statistic(self.statistic, values, self.kind, seconds)
            few = len(values) < self.min_samples
        if few or missing and self.kind != "rate":
            return False, observed
        return satisfies(observed, self.comparison, self.limit), observed

    def judge_endpoints(self, samples, missing, seconds):
        each = defaultdict(list)
        for _, who, value in samples:
            each[who].append(value)
        due, rows = len(each) + len(missing), []
        for values in each.values():
            value = statistic(self.statistic, values, self.kind, seconds)
            few = len(values) < self.min_samples
            rows.append((math.inf if few else self.badness(value), value, few))
        rows.sort(key=lambda row: -row[0])
        good = sum(not few and satisfies(v, self.comparison, self.limit) for _, v, few in rows)
        allowed = math.floor((100 - self.share) * due / 100 + 1e-9)
        at = max(allowed - len(missing), 0)
        # Those with too few are all as bad: which of them is shown is left open.
        row = rows[min(at, len(rows) - 1)]
        return due - good <= allowed, "any" if row[2] else row[1]

    def worst_window(self, samples, start, stop):
        slots = defaultdict(list)
        for at, _, value in samples:
            slots[at // SECOND].append(value)
        first, end = min(slots), max(slots) + 1
        inner = max(first, -(-start // SECOND)), min(end, stop // SECOND)
        if inner[1] - inner[0] >= self.window:
            first, end = inner
        length = min(self.window, end - first)
        found = []
        for begin in range(first, end - length + 1):
            values = [x for slot in range(begin, begin + length) for x in slots.get(slot, [])]
            value = statistic(self.statistic, values, self.kind, length)
            if value is not None and len(values) >= self.min_samples:
                found.append(value)
        return max(found, key=self.badness, default=None)


def kinds_of_metrics(run):
    """Of the metrics that gave samples."""
    listed = subprocess.run(
        [os.environ["CMTEST"], "list", "metrics", "--format", "json"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    kinds = {row["name"]: row["kind"] for row in json.loads(listed)["rows"]}
    return {name: kinds[name] for name, values in run.samples.items() if len(values) >= 2}


class Recompute(program.ProgramTest):
    def run_with(self, name, lines):
        # The name is the folder's: two runs in one test.
        done = self.run_spec(SPEC + "".join(lines), "-o", name, seconds=300)
        return done, Run(os.path.join(self.folder, name))

    def test_a_thousand_thresholds_are_as_recomputed_from_the_export(self):
        _, before = self.run_with("before", ["  - receive.mos.avg >= 1\n"])
        draw = random.Random(7)
        kinds = kinds_of_metrics(before)
        thresholds = [Threshold(draw, before, kinds) for _ in range(1000)]
        _, run = self.run_with("after", [each.line() for each in thresholds])
        wrong, passed, measured = [], 0, 0
        for threshold, judged in zip(thresholds, run.result["thresholds"]):
            trouble = self.compare(threshold, judged, run)
            passed += judged["verdict"] == "pass"
            measured += judged["observed"] is not None
            if trouble:
                wrong.append(f"{threshold.text}: {trouble} ({judged['note']})")
        self.assertEqual(wrong, [], f"{len(wrong)} differ")
        self.assertTrue(200 < passed < 800, passed)
        self.assertGreater(measured, 700)

    def compare(self, threshold, judged, run):
        passes, observed = threshold.judge(run)
        theirs = judged["observed"]
        if (observed is None) != (theirs is None):
            return f"observed {theirs}, not {observed}"
        exact = threshold.statistic not in ("median", "p5", "p95", "p37.5")
        if observed not in (None, "any"):
            scale = 1000 if judged["unit"] == "seconds" else 1
            largest = max(abs(x) for _, _, x in run.samples[threshold.metric])
            near = {"rel_tol": 1e-9, "abs_tol": 1e-9 * largest} if exact else {"rel_tol": 0.002}
            if not math.isclose(theirs * scale, observed, **near):
                return f"observed {theirs * scale}, not {observed}"
            if not exact and math.isclose(observed, threshold.limit, rel_tol=0.002):
                return ""  # within the error of the percentile
        # Where this machine was the limit, a failure is not told as one.
        told = {"pass": [True], "fail": [False], "inconclusive": [True, False]}[judged["verdict"]]
        return "" if passes in told else f"{judged['verdict']}, recomputed {passes} at {observed}"


if __name__ == "__main__":
    program.main()

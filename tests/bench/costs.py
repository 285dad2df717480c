"""What the cost model of `cmtest plan` is made of (runner/plan/costs.h), from all runs of a batch.

The processor time of a run is a sum of what it had: registrations, sides of calls, packets, seconds
of streams and of the wall. The constants are those, none below 0, whose sums come closest to what
was measured, relative to it. Times are of a machine where a datagram to itself takes what it took
in the middle of the batch, for `plan` scales them so.
"""

import os
import re
import statistics

import growth

HEADER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../runner/plan/costs.h")
PARTS = ("start", "wall", "registrations", "sides", "packets", "srtp", "stream_seconds")
# dumpcap beside it; a peer without digest, or one that is no proxy; decoding, which is of its own.
LEFT_OUT = re.compile(r"jitter|caller|callee|rate-|opus")
# Of a registration and of a side of a call, our registrar's and proxy's part: assumed.
REGISTRAR_PART, PROXY_PART = 0.29, 0.25
STEPS = 20000


def medians(rounds):
    """[a run], each the median of its rounds; those that passed, and told all."""
    kept = {}
    for each in rounds:
        for run in each.get("runs", []):
            if run["verdict"] in ("pass", "error", "aborted") and run["pair_ns"] and run["cpu_s"]:
                kept.setdefault(run["name"], []).append(run)
    found = []
    for name, runs in kept.items():
        middle = {key: statistics.median(each[key] for each in runs) for key, value in runs[0].items()
                  if isinstance(value, (int, float)) and all(each[key] is not None for each in runs)}
        found.append(dict(middle, name=name, start=1))
    return found


def fitted(runs):
    """{part: ns} of least squares, none below 0."""
    known = [run for run in runs if not LEFT_OUT.search(run["name"])]
    pair = statistics.median(run["pair_ns"] for run in runs)
    targets = [1e9 * run["cpu_s"] * pair / run["pair_ns"] for run in known]
    # Each line divided by what was measured: errors are relative ones.
    columns = [[run[part] / target for run, target in zip(known, targets)] for part in PARTS]
    squares = [sum(value * value for value in column) for column in columns]
    found, rest = [0.0] * len(PARTS), [1.0] * len(known)
    for _ in range(STEPS):
        for i, column in enumerate(columns):
            if not squares[i]:
                continue
            wanted = max(0.0, found[i] + sum(a * b for a, b in zip(column, rest)) / squares[i])
            rest = [b - a * (wanted - found[i]) for a, b in zip(column, rest)]
            found[i] = wanted
    return dict(zip(PARTS, found), pair=pair)


def by_hand(runs):
    """What include/cmtest/estimate.h would say by these runs: texts."""
    plain = [run for run in runs if re.match(r"pcma-\d+$|reports", run["name"])]
    found = []
    each = [1e9 * run["media_s"] / run["packets"] for run in plain if run["packets"]]
    if each:
        found.append(f"ESTIMATE_PACKET_NS {statistics.median(each):.0f}")
        found += [f"ESTIMATE_SRTP_NS {1e9 * run['media_s'] / run['packets'] - statistics.median(each):.0f}"
                  for run in runs if run["name"] == "srtp" and run["packets"]]
    slope, base, _ = growth.line_through([(run["endpoints"], run["peak_memory"]) for run in plain
                                          if run.get("peak_memory")])
    if slope:
        found.append(f"ESTIMATE_MEMORY_ENDPOINT {slope / 1024:.0f} KiB, ESTIMATE_MEMORY "
                     f"{base / (1 << 20):.0f} MiB of all processes")
    return found


def reckoned(run, ns):
    """CPU s that the constants say."""
    return sum(run[part] * ns[part] for part in PARTS) * run["pair_ns"] / ns["pair"] / 1e9


def constants(ns, runs):
    """{name in costs.h: value}"""
    worst = max((max(reckoned(run, ns) / run["cpu_s"], run["cpu_s"] / max(reckoned(run, ns), 1e-9))
                 for run in runs if not LEFT_OUT.search(run["name"])), default=2)
    return {"PAIR_NS": ns["pair"], "START_NS": ns["start"], "WALL_SECOND_NS": ns["wall"],
            "REGISTRATION_NS": ns["registrations"] * (1 - REGISTRAR_PART),
            "REGISTRAR_NS": ns["registrations"] * REGISTRAR_PART,
            "CALL_SIDE_NS": ns["sides"] * (1 - PROXY_PART), "PROXY_NS": ns["sides"] * PROXY_PART,
            "PACKET_NS": ns["packets"], "SRTP_NS": ns["srtp"],
            "STREAM_SECOND_NS": ns["stream_seconds"], "SCALED_WITHIN": max(1.2, worst)}


def _shown(name, value):
    if name == "SCALED_WITHIN":
        return f"{value + 0.049:.1f}"
    text = f"{value:.2g}" if value >= 1e6 else f"{value:.3g}"
    return f"{float(text) / 1e6:g}e6" if value >= 1e6 else f"{float(text) / 1e3:g}e3" if value >= 1e4 \
        else f"{float(text):.0f}"


def written(header, found, machine, rounds):
    """costs.h with those constants; what could not be measured stays."""
    for name, value in found.items():
        header = re.sub(rf"(#define COST_{name}) \S+", rf"\1 {_shown(name, value)}", header)
    line = f" * Measured: {machine.model}, {machine.cores} cores, Linux {machine.kernel}; {rounds} rounds."
    return re.sub(r"^ \* Measured: .*$", lambda _: line[:100], header, flags=re.M)


def errors(runs):
    """(factors of CPU, of memory) that `plan` predicted of what was measured; 1 is right."""
    # One that was interrupted is shorter than it was planned.
    whole = [run for run in runs if not run["interrupted"]]
    cpu = [run["predicted_s"] / run["cpu_s"] for run in whole if run.get("predicted_s")]
    memory = [run["predicted_memory"] / run["peak_memory"] for run in runs
              if run.get("predicted_memory") and run.get("peak_memory")]
    return cpu, memory


def sentence(rounds):
    """How far `plan` was from what was measured."""
    found = []
    for what, factors in zip(("processor time", "memory"), errors(medians(rounds))):
        if factors:
            found.append(f"{what}, {statistics.median(factors):.2f} times what {len(factors)} runs took "
                         f"({min(factors):.2f} – {max(factors):.2f})")
    return "`cmtest plan` predicted " + "; ".join(found) + "." if found else ""


def report(rounds):
    """(the constants, text: these, and for each run what was measured, predicted, and reckoned anew)"""
    runs = medians(rounds)
    if len([run for run in runs if not LEFT_OUT.search(run["name"])]) < len(PARTS):
        return {}, "too few runs passed for the constants of runner/plan/costs.h"
    ns = fitted(runs)
    # What no run had costs what it cost.
    has = {"SRTP_NS": "srtp", "CALL_SIDE_NS": "sides", "PROXY_NS": "sides", "PACKET_NS": "packets"}
    found = {name: value for name, value in constants(ns, runs).items()
             if name not in has or any(run[has[name]] for run in runs)}
    lines = [f"#define COST_{name} {_shown(name, value)}" for name, value in found.items()]
    lines += ["", *by_hand(runs), "", f"{'run':16} {'CPU s':>8} {'plan said':>10} {'error':>7} {'now':>8} {'error':>7}"
                  f" {'MB':>7} {'plan said':>10} {'error':>7}"]
    for run in runs:
        lines.append(_line(run, reckoned(run, ns)))
    return found, "\n".join(lines)


def _line(run, now):
    said = None if run["interrupted"] else run.get("predicted_s")
    text = f"{run['name']:16} {run['cpu_s']:8.2f} "
    text += f"{said:10.2f} {100 * (said / run['cpu_s'] - 1):+6.0f}%" if said else " " * 18
    text += " " * 17 if LEFT_OUT.search(run["name"]) else \
        f" {now:8.2f} {100 * (now / run['cpu_s'] - 1):+6.0f}%"
    if run.get("peak_memory") and run.get("predicted_memory"):
        text += (f" {run['peak_memory'] / 1e6:7.0f} {run['predicted_memory'] / 1e6:10.0f}"
                 f" {100 * (run['predicted_memory'] / run['peak_memory'] - 1):+6.0f}%")
    return text

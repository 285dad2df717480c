#!/usr/bin/python3
"""Measures cmtest, SIPp and the raw UDP loop in alternation on loopback.

Prints and writes build/bench.md: medians, what they vary between, and ratios against the peer of the
same round. Absolute figures of a machine that others use mean little; ratios of one batch do.
"""

import argparse
import fnmatch
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import costs
import growth
import measures
import spent
import table

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUSY = 0.5


def options():
    """Of the command line."""
    parser = argparse.ArgumentParser(prog="ci/bench", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="smaller and shorter, one round")
    parser.add_argument("--smoke", action="store_true", help="as small as can be: whether it works")
    parser.add_argument("--rounds", type=int, help="how many medians are of (3)")
    parser.add_argument("--only", action="append", metavar="NAME",
                        help="these measurements, and their peers; a pattern, as pcma-*")
    parser.add_argument("--seconds", type=int, help="of the calls of a media measurement (10)")
    parser.add_argument("--list", action="store_true", help="the names of the measurements")
    parser.add_argument("--busy", action="store_true", help="also when the machine is busy")
    parser.add_argument("--readme", action="store_true", help="put the table into README.md")
    parser.add_argument("--growth", action="store_true", help="how cost grows with the endpoints")
    parser.add_argument("--costs", action="store_true", help="the constants of runner/plan/costs.h")
    parser.add_argument("--sizes", help="of --growth, as 10,100,1000")
    parser.add_argument("--program", help="a cmtest that is built already; bench_udp is beside it")
    parser.add_argument("--out", default=os.path.join(ROOT, "build"), help="folder (build)")
    return parser.parse_args()


def built(given):
    """(cmtest, bench_udp), built as users run it."""
    build = os.path.join(ROOT, "build", "release")
    if given:
        build = os.path.dirname(os.path.abspath(given))
    else:
        os.chdir(ROOT)
        configure = [] if os.path.exists(build + "/build.ninja") else [["cmake", "--preset", "release"]]
        for argv in configure + [["ninja", "-C", build, "cmtest", "bench_udp"]]:
            subprocess.run(argv, check=True, stdout=sys.stderr)
    raw = [path for path in (build + "/tests/bench_udp", build + "/bench_udp")
           if os.path.exists(path)]
    if not raw:
        sys.exit(f"ci/bench: there is no bench_udp in {build}: ninja -C {build} bench_udp")
    return given or os.path.join(build, "cmtest"), raw[0]


def chosen(all_names, patterns):
    """Those names, with the peers of their rows."""
    if not patterns:
        return list(all_names)
    kept = {name for name in all_names for pattern in patterns if fnmatch.fnmatch(name, pattern)}
    if not kept:
        sys.exit("ci/bench: no measurement has that name; there are " + ", ".join(all_names))
    if any(name.startswith("pcma") or name in ("opus", "srtp") for name in kept):
        kept |= {"raw-1", "raw-2", "sipp-media"}
    if kept & {"caller", "callee"}:
        kept.add("sipp-calls")
    if "jitter" in kept:
        kept.add("sipp-media")
    return [name for name in all_names if name in kept]


def one_round(all_measures, names, number):
    """Each of them once."""
    found = {}
    for name in names:
        began = time.monotonic()
        try:
            found[name] = all_measures.all[name]()
        except (OSError, RuntimeError, subprocess.SubprocessError) as problem:
            all_measures.failed.append(f"{name}: {problem}")
            found[name] = {}
        shown = ", ".join(f"{key} {table.number(value)}" for key, value in found[name].items()
                          if value is not None)
        print(f"round {number}, {name}, {time.monotonic() - began:.0f} s, load "
              f"{os.getloadavg()[0]:.1f}: {shown or 'nothing measured'}", file=sys.stderr)
    return found


def notes(machine, failed):
    """What a reader has to know."""
    found = []
    if machine.load > BUSY:
        found.append(f"The machine was busy (load average {machine.load:.2f}): only ratios count.")
    counted = {}
    for each in failed:
        counted[each] = counted.get(each, 0) + 1
    found += [f"{text}{f' ({count} times)' if count > 1 else ''}" for text, count in counted.items()]
    return found


def main():
    """Exit 0 when everything could be measured."""
    # As Ctrl-C: what was started is ended, too.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    chosen_options = options()
    machine = spent.Machine()
    if machine.load > BUSY:
        print(f"ci/bench: this machine is busy: load average {machine.load:.2f}", file=sys.stderr)
        if chosen_options.readme and not chosen_options.busy:
            sys.exit("ci/bench: figures for the README need a quiet machine (--busy: even so)")
    program, raw = built(chosen_options.program)
    os.makedirs(chosen_options.out, exist_ok=True)
    folder = tempfile.mkdtemp(prefix="cmtest-bench-")
    try:
        if chosen_options.growth:
            return growth.main(program, folder, chosen_options, machine)
        if chosen_options.costs:
            return costs.main(program, folder, chosen_options.rounds or 3)
        return batch(chosen_options, machine, program, raw, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def batch(chosen_options, machine, program, raw, folder):
    """All rounds, and the table."""
    small = chosen_options.smoke or chosen_options.quick
    sizes = measures.SMOKE if chosen_options.smoke else measures.QUICK if small else measures.SIZES
    seconds = (measures.SMOKE_SECONDS if chosen_options.smoke else
               measures.QUICK_SECONDS if small else measures.SECONDS)
    if chosen_options.seconds:
        seconds = dict(seconds, media=chosen_options.seconds)
    found = measures.Measures(program, raw, folder, machine.cores, sizes, seconds)
    if chosen_options.list:
        print("\n".join(found.all))
        return 0
    names = chosen(list(found.all), chosen_options.only)
    count = chosen_options.rounds or (1 if small else 3)
    rounds = [one_round(found, names, number + 1) for number in range(count)]
    rows = table.rows(sizes, machine.cores)
    text = table.markdown(rows, rounds, machine, notes(machine, found.failed))
    print(text)
    path = os.path.join(chosen_options.out, "bench.md")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text + "\n")
    with open(os.path.join(chosen_options.out, "bench.json"), "w", encoding="utf-8") as file:
        json.dump({"machine": vars(machine), "rounds": rounds, "failed": found.failed}, file, indent=1)
    if chosen_options.readme:
        readme = os.path.join(ROOT, "README.md")
        with open(readme, encoding="utf-8") as file:
            document = table.replace(file.read(), text)
        with open(readme, "w", encoding="utf-8") as file:
            file.write(document)
    print(f"{path} written", file=sys.stderr)
    return 1 if found.failed else 0


if __name__ == "__main__":
    sys.exit(main())

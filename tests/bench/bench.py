#!/usr/bin/python3
"""Measures cmtest, SIPp and the raw UDP loop in alternation on loopback.

Prints and writes build/bench.md: medians, what they vary between, and ratios against the peer of the
same round. Absolute figures of a machine that others use mean little; ratios of one batch do.
"""

import argparse
import fnmatch
import json
import os
import re
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
    parser.add_argument("--costs", action="store_true",
                        help="put the constants of `cmtest plan` into runner/plan/costs.h, from this batch")
    parser.add_argument("--from", dest="source", metavar="FILE",
                        help="the rounds of this bench.json, in place of new ones")
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


def chosen(all_names, patterns, peers):
    """Those names, with the peers of their rows."""
    if not patterns:
        return list(all_names)
    kept = {name for name in all_names for pattern in patterns if fnmatch.fnmatch(name, pattern)}
    if not kept:
        sys.exit("ci/bench: no measurement has that name; there are " + ", ".join(all_names))
    for name in list(kept):
        kept |= peers.get(name, set())
    return [name for name in all_names if name in kept]


def one_round(all_measures, names, number):
    """Each of them once. runs: what each run had and cost, for costs.py."""
    found, runs = {}, []
    for name in names:
        if number > 1 and name in measures.ONCE:
            continue
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
        ended, all_measures.program.ended = all_measures.program.ended, []
        runs += [{"name": name if each is ended[-1] else f"{name}, before", **each.features}
                 for each in ended if each.endpoints]
    return dict(found, runs=runs)


def notes(machine, rounds, failed):
    """What a reader has to know."""
    found = []
    if any(each.get("real_time") is False for batch_round in rounds
           for name, each in batch_round.items() if name not in ("runs", "plain")):
        found.append("SCHED_FIFO was not permitted: all runs were without it.")
    if machine.load > BUSY:
        found.append(f"The machine was busy (load average {machine.load:.2f}): only ratios count.")
    counted, first = {}, {}
    for each in failed:
        verdict = re.match(r"(.*: verdict \w+): ", each)
        key = verdict[1] if verdict else each
        counted[key] = counted.get(key, 0) + 1
        first.setdefault(key, re.split(r"\. (?=[A-Z])", each)[0].rstrip("."))
    found += [f"{text}{f' ({counted[key]} times)' if counted[key] > 1 else ''}" for key, text in first.items()]
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
        if chosen_options.readme and not (chosen_options.busy or chosen_options.source):
            sys.exit("ci/bench: figures for the README need a quiet machine (--busy: even so)")
    os.makedirs(chosen_options.out, exist_ok=True)
    if chosen_options.source:
        return told_again(chosen_options)
    program, raw = built(chosen_options.program)
    folder = tempfile.mkdtemp(prefix="cmtest-bench-")
    try:
        if chosen_options.growth:
            return growth.main(program, folder, chosen_options, machine)
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
    names = chosen(list(found.all), chosen_options.only, table.peers(sizes, machine.cores))
    count = chosen_options.rounds or (1 if small else 3)
    rounds = []
    for number in range(count):
        rounds.append(one_round(found, names, number + 1))
        # Also what was measured before somebody stops it.
        with open(os.path.join(chosen_options.out, "bench.json"), "w", encoding="utf-8") as file:
            json.dump({"machine": vars(machine), "sizes": sizes, "rounds": rounds,
                       "failed": found.failed}, file, indent=1)
    return told(chosen_options, machine, sizes, rounds, found.failed)


def told_again(chosen_options):
    """The tables of an earlier batch."""
    with open(chosen_options.source, encoding="utf-8") as file:
        found = json.load(file)
    machine = spent.Machine()
    vars(machine).update(found["machine"])
    return told(chosen_options, machine, found["sizes"], found["rounds"], found["failed"])


def told(chosen_options, machine, sizes, rounds, failed):
    """Prints and writes the tables and constants."""
    said = costs.sentence(rounds)
    text = table.markdown(sizes, rounds, machine, [said] * bool(said) + notes(machine, rounds, failed))
    print(text)
    path = os.path.join(chosen_options.out, "bench.md")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text + "\n")
    if chosen_options.readme:
        change(os.path.join(ROOT, "README.md"), lambda document: table.replace(document, text))
    constants, lines = costs.report(rounds)
    print("\n" + lines)
    if chosen_options.costs and constants:
        change(costs.HEADER, lambda header: costs.written(header, constants, machine, len(rounds)))
    print(f"{path} written", file=sys.stderr)
    return 1 if failed else 0


def change(path, made):
    """A file, as made() has it."""
    with open(path, encoding="utf-8") as file:
        document = made(file.read())
    with open(path, "w", encoding="utf-8") as file:
        file.write(document)


if __name__ == "__main__":
    sys.exit(main())

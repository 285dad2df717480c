"""What the cost model of `cmtest plan` is made of (runner/plan/costs.h), measured by differences.

Each figure is the CPU time of the whole program, divided by what the machine itself took for a
packet of loopback in that moment (health.machine.packet_pair), times what it takes where the
machine is at rest: so that figures of busy hours and other machines can be compared.
"""

import statistics
import sys

import ours

USUAL_PAIR_NS = 2930


def main(program, folder, rounds, size=500):
    """Prints the constants, medians of the rounds."""
    runner = ours.Program(program, folder)
    found = []
    for number in range(rounds):
        found.append(measured(runner, size))
        print(f"round {number + 1}: " + ", ".join(f"{key} {value:.0f}" for key, value in
                                                  found[-1].items()), file=sys.stderr)
    for key in found[0]:
        values = sorted(each[key] for each in found)
        print(f"{key:16} {statistics.median(values):12.0f} ns   {values[0]:.0f} – {values[-1]:.0f}")
    return 0


def _cpu(run):
    """Of a run, ns, as on the usual machine."""
    pair = run.result["health"]["machine"]["packet_pair"] * 1e9
    return 1e9 * run.cpu * USUAL_PAIR_NS / pair


def _media(runner, size, seconds, spec=None, **more):
    spec = spec or ours.media_spec(size, duration=seconds, buildup=2, **more)
    return _cpu(runner.run(spec, 120))


def measured(runner, size):
    """{name: ns} of one round."""
    one = _cpu(runner.run(ours.media_spec(2, duration=1, buildup=0.001), 60))
    longer = _cpu(runner.run(ours.media_spec(2, duration=6, buildup=0.001), 60))
    second = (longer - one) / 5
    start = one - second
    waiting = runner.run(ours.registrations_spec(size, 2), 60, interrupt=3)
    registration = (_cpu(waiting) - start - 3 * second) / size
    short = ours.media_spec(size, duration="0.001", buildup=2)
    calls = _cpu(runner.run(short[:short.index("thresholds")], 60))
    side = (calls - start - 2 * second) / size - registration
    few, many = _media(runner, size, 3), _media(runner, size, 9)
    slow = [ours.media_spec(size, duration=seconds, buildup=2).replace(
        "[pcma]", "[{ name: pcma, ptime: 60ms }]") for seconds in (3, 9)]
    slow_few, slow_many = (_media(runner, size, 0, spec=spec) for spec in slow)
    each = (many - few - 6 * second) / (6 * size)
    slow_each = (slow_many - slow_few - 6 * second) / (6 * size)
    packet = (each - slow_each) / (50 - 1000 / 60)
    secured = (_media(runner, size, 9, srtp=True) - _media(runner, size, 3, srtp=True)
               - 6 * second) / (6 * size)
    return {"start": start, "wall second": second, "registration": registration,
            "side of a call": side, "packet": packet, "stream second": each - 50 * packet,
            "srtp packet": (secured - each) / 50}

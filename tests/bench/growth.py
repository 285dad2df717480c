"""How cost grows with the endpoints: a short run of each size, a table, a plot and a line through it."""

import csv
import html
import os
import sys

import measures
import ours
import table

SIZES = (10, 30, 100, 300, 1000, 2000, 4000, 6000)
COLUMNS = ("endpoints", "verdict", "cpu_s", "cpu_share", "packet_ns", "memory_mb", "late_p50_ms",
           "late_p99_ms", "late_max_ms", "lost", "sent", "predicted_cpu", "predicted_memory")


def main(program, folder, options, machine):
    """Writes growth.csv, growth.md and growth.svg into the folder of the options."""
    sizes = [int(each) for each in options.sizes.split(",")] if options.sizes else SIZES
    runner = ours.Program(program, folder)
    lines = []
    for size in sizes:
        lines.append(measured(runner, size, 5 if options.quick else 10))
        print("  ".join(f"{key} {value}" for key, value in lines[-1].items()), file=sys.stderr)
    path = os.path.join(options.out, "growth.csv")
    with open(path, "w", encoding="ascii", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="")
        writer.writeheader()
        writer.writerows(lines)
    with open(os.path.join(options.out, "growth.svg"), "w", encoding="utf-8") as file:
        file.write(svg(lines, str(machine)))
    text = markdown(lines, machine)
    with open(os.path.join(options.out, "growth.md"), "w", encoding="utf-8") as file:
        file.write(text)
    print(text + f"{path}, growth.md and growth.svg written", file=sys.stderr)
    return 0


def measured(runner, size, seconds):
    """One size, as a line of the CSV. cpu_share: cores that were busy, in the time of the calls."""
    spec = ours.media_spec(size, duration=seconds)
    run = runner.run(spec, 180, interval=1 if size > 500 else 0.3)
    figures = measures.media_figures(run)
    line = {"endpoints": size, "verdict": run.verdict}
    if figures:
        line["cpu_share"] = round(figures["cpu_s"] / seconds, 4)
        line.update((key, round(value, 4)) for key, value in figures.items()
                    if key in COLUMNS and value is not None)
    memory, kernel = run.memory()
    if memory:
        line["memory_mb"] = round((memory + kernel) / 1e6, 1)
    return line


TEXT = """# How cost grows with the endpoints

Calls of {seconds} between halves of the endpoints, PCMA, all of them ours, with RTCP and all metrics; one run of each size.
Measured on {machine}.
`ci/bench --growth --out docs` repeats it and writes this page, in about three minutes on a machine that does nothing else.

![Processor time, memory and lateness over the number of endpoints](growth.svg)

The processor is the whole program from its start to its last report, per second of the calls; memory is in the calls, with the
sockets in the kernel; predicted is what `cmtest plan` said before, of what was measured ([costs.h](../runner/plan/costs.h)).

"""
HEAD = (("endpoints", "endpoints"), ("cores busy", "cpu_share"), ("ns a packet", "packet_ns"),
        ("memory, MB", "memory_mb"), ("late p50, ms", "late_p50_ms"), ("p99", "late_p99_ms"),
        ("most", "late_max_ms"), ("packets lost", "lost"), ("predicted CPU", "predicted_cpu"),
        ("memory", "predicted_memory"), ("verdict", "verdict"))


def _cell(line, key):
    value = line.get(key, "")
    return value if isinstance(value, str) else \
        f"{value:,}" if key == "endpoints" else table.number(value)


def markdown(lines, machine):
    """The page about it."""
    out = ["| " + " | ".join(text for text, _ in HEAD) + " |", "|" + "---:|" * len(HEAD)]
    out += ["| " + " | ".join(_cell(line, key) for _, key in HEAD) + " |" for line in lines]
    out.append("")
    for key, what, unit in (("cpu_share", "Processor", "cores"), ("memory_mb", "Memory", "MB")):
        points = [(line["endpoints"], line[key]) for line in lines if key in line]
        slope, base, fits = line_through(points)
        out.append(f"- {what}: {base:.3g} {unit}, and {slope * 1000:.3g} for each 1,000 endpoints "
                   f"(the dashed line, R² {fits:.3f}).")
    longest = max((line["sent"] / line["endpoints"] / 50 for line in lines if "sent" in line), default=0)
    return TEXT.format(seconds=f"{longest:.0f} s", machine=machine) + "\n".join(out) + "\n"


def line_through(points):
    """(slope, value at 0, R²) of least squares."""
    count = len(points)
    if count < 2:
        return 0.0, points[0][1] if points else 0.0, 0.0
    mean_x, mean_y = (sum(point[i] for point in points) / count for i in (0, 1))
    square = sum((x - mean_x) ** 2 for x, _ in points)
    slope = sum((x - mean_x) * (y - mean_y) for x, y in points) / square if square else 0.0
    base = mean_y - slope * mean_x
    total = sum((y - mean_y) ** 2 for _, y in points)
    rest = sum((y - base - slope * x) ** 2 for x, y in points)
    return slope, base, 1 - rest / total if total else 1.0


# ---- the plot ----------------------------------------------------------------------------------

WIDTH, HEIGHT, LEFT, TOP, GAP = 300, 170, 56, 34, 26
PANELS = (("cpu_share", "CPU, cores", True), ("memory_mb", "memory, MB", True),
          ("late_p99_ms", "lateness p99, ms", False))
STYLE = ("text{font:11px sans-serif;fill:#444}.t{font-weight:bold;fill:#111}.g{stroke:#ddd}"
         ".f{stroke:#999;stroke-dasharray:4 3}.l{fill:none;stroke:#1565c0;stroke-width:1.5}"
         "circle{fill:#1565c0}")


def _step(most):
    """A round distance of about four lines."""
    power = 1.0
    while power * 10 <= most / 4:
        power *= 10
    while power > most / 4 and power > 1e-6:
        power /= 10
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= most / 5)


def _panel(lines, key, title, fitted, left):
    points = [(line["endpoints"], line[key]) for line in lines if key in line]
    if not points:
        return []
    most_x, most_y = max(x for x, _ in points), max(max(y for _, y in points), 1e-6) * 1.08
    place = lambda x, y: (left + x / most_x * WIDTH, TOP + HEIGHT - y / most_y * HEIGHT)
    out = [f'<text class="t" x="{left}" y="{TOP - 12}">{html.escape(title)}</text>']
    at, step = 0.0, _step(most_y)
    while at <= most_y:
        y = place(0, at)[1]
        out.append(f'<path class="g" d="M{left} {y:.1f}h{WIDTH}"/>'
                   f'<text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end">{at:g}</text>')
        at = round(at + step, 9)
    at, step = 0.0, _step(most_x)
    while at <= most_x:
        out.append(f'<text x="{place(at, 0)[0]:.1f}" y="{TOP + HEIGHT + 16}" '
                   f'text-anchor="middle">{at:g}</text>')
        at += step
    if fitted:
        slope, base, _ = line_through(points)
        ends = [place(x, max(0, base + slope * x)) for x in (0, most_x)]
        out.append('<path class="f" d="M%.1f %.1fL%.1f %.1f"/>' % (*ends[0], *ends[1]))
    path = "L".join("%.1f %.1f" % place(*point) for point in points)
    out.append(f'<path class="l" d="M{path}"/>')
    out += ['<circle cx="%.1f" cy="%.1f" r="3"/>' % place(*point) for point in points]
    return out


def svg(lines, machine):
    """The plot: a panel per figure, endpoints to the right."""
    wide = len(PANELS) * (WIDTH + LEFT) + GAP
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {HEIGHT + TOP + 44}">',
           f"<style>{STYLE}</style>", '<rect width="100%" height="100%" fill="#fff"/>']
    for number, (key, title, fitted) in enumerate(PANELS):
        out += _panel(lines, key, title, fitted, LEFT + number * (WIDTH + LEFT))
    out.append(f'<text x="{LEFT}" y="{HEIGHT + TOP + 36}">over the number of endpoints in calls '
               f"(PCMA, both ends ours, RTCP and all metrics); {html.escape(machine)}</text></svg>")
    return "\n".join(out) + "\n"

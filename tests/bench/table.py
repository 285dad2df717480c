"""The rows of the benchmark's table, and how they are written."""

import re
import statistics

BEGIN, END = "<!-- bench: begin -->", "<!-- bench: end -->"


class Row:
    """A line of the table. figure: of a measurement, (name, key); peer: what it is divided by, and
    who that is; goal: for people."""

    def __init__(self, text, unit, figure, peer=None, of="", goal=""):
        self.text = text
        self.unit = unit
        self.figure = figure
        self.peer = peer
        self.of = of
        self.goal = goal


def rows(sizes, cores):
    """All of them; those of a measurement that was not run stay empty."""
    two = f"raw-{min(2, cores)}"
    big = f"pcma-{sizes['media'][-1]}"
    found = [Row("raw UDP loop, 1 core, per packet sent and received", "ns", ("raw-1", "packet_ns"))]
    if cores > 1:
        found.append(Row("raw UDP loop, 2 cores", "ns", ("raw-2", "packet_ns")))
    found.append(Row(f"SIPp rtp_stream, {sizes['streams']} streams, per packet sent", "ns",
                     ("sipp-media", "packet_ns"), (two, "packet_ns"), "raw loop"))
    kinds = [(f"pcma-{size}", f"{size} endpoints, PCMA") for size in sizes["media"]]
    kinds += [("opus", f"{sizes['other']} endpoints, Opus"),
              ("srtp", f"{sizes['other']} endpoints, PCMA with SRTP")]
    for name, text in kinds:
        found += _media(name, text, two)
    found += [
        Row(f"{text_of(kinds, big)}: memory of an endpoint, with sockets", "kB", (big, "memory_kb"),
            goal="≤ 40"),
        Row(f"{text_of(kinds, big)}: the same at the most, with the reports", "kB", (big, "peak_kb")),
        Row(f"{text_of(kinds, big)}: end of the run to the last report", "s", (big, "reports_s"),
            goal="≤ 5"),
        Row(f"{text_of(kinds, big)}: CPU that `cmtest plan` predicts, of what was measured", "×",
            (big, "predicted_cpu")),
        Row(f"{text_of(kinds, big)}: memory that `cmtest plan` predicts, of what was measured", "×",
            (big, "predicted_memory")),
        Row(f"jitter that leaves, {sizes['streams']} streams, by dumpcap", "ms",
            ("jitter", "jitter_ms"), ("sipp-media", "jitter_ms"), "SIPp", "≤ 0.3"),
        Row("the same of SIPp", "ms", ("sipp-media", "jitter_ms")),
    ]
    return found + _signalling(sizes)


def text_of(kinds, name):
    """What a measurement is called."""
    return dict(kinds)[name]


def _media(name, text, raw):
    plain = name.startswith("pcma")
    return [
        Row(f"{text}, per packet sent and received, media threads", "ns", (name, "media_ns"),
            (raw, "packet_ns"), "raw loop", "≤ 1.35" if plain else ""),
        Row(f"{text}: the whole program, from its start to its reports", "ns", (name, "packet_ns"),
            (raw, "packet_ns"), "raw loop"),
        Row(f"{text}: the same, of what SIPp spends to send", "ns", (name, "packet_ns"),
            ("sipp-media", "packet_ns"), "SIPp", "≤ 1.0" if plain else ""),
        Row(f"{text}: lateness, median", "ms", (name, "late_p50_ms")),
        Row(f"{text}: lateness, p99", "ms", (name, "late_p99_ms"), goal="≤ 1, without real-time ≤ 5"),
        Row(f"{text}: lateness, most", "ms", (name, "late_max_ms")),
        Row(f"{text}: packets lost", "", (name, "lost"), goal="0"),
    ]


def _signalling(sizes):
    return [
        Row("SIPp as caller, calls per CPU second", "", ("sipp-calls", "caller_per_s")),
        Row("SIPp as callee, calls per CPU second", "", ("sipp-calls", "callee_per_s")),
        Row("as caller, calls per CPU second", "", ("caller", "per_s"),
            ("sipp-calls", "caller_per_s"), "SIPp", "≥ 0.5"),
        Row("as callee, calls per CPU second", "", ("callee", "per_s"),
            ("sipp-calls", "callee_per_s"), "SIPp", "≥ 0.6"),
        Row("both ends and their registrar, with registrations: calls per CPU second", "",
            ("both", "per_s")),
        Row("registrations with digest, both ends, per CPU second", "", ("registrations", "per_s")),
        Row(f"{sizes['registrations']} registered endpoints and their registrar: memory", "MB",
            ("registrations", "memory_mb"), goal="≤ 200"),
        Row("start of the program to its first INVITE", "ms", ("start", "first_invite_ms"),
            goal="≤ 100"),
    ]


def number(value):
    """With three digits."""
    if value == 0:
        return "0"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.{1 if abs(value) >= 10 else 2 if abs(value) >= 1 else 3}f}"


def values(rounds, figure):
    """Of a figure, in those rounds that have it."""
    name, key = figure
    found = (each.get(name, {}).get(key) for each in rounds)
    return [value for value in found if value is not None]


def cells(row, rounds):
    """(median, least to most, ratio, ...) as texts; None: it was not measured."""
    own = values(rounds, row.figure)
    if not own:
        return None
    median = number(statistics.median(own)) + (" " + row.unit if row.unit else "")
    span = f"{number(min(own))} – {number(max(own))}" if len(own) > 1 else ""
    ratio = ""
    if row.peer:
        peers = [values([each], row.peer) for each in rounds]
        owns = [values([each], row.figure) for each in rounds]
        # Of one round each: its two were minutes apart at most.
        ratios = [a[0] / b[0] for a, b in zip(owns, peers) if a and b and b[0]]
        ratio = f"{statistics.median(ratios):.2f} × {row.of}" if ratios else ""
    return median, span, ratio, row.goal


def markdown(all_rows, rounds, machine, notes):
    """The table, and who measured it."""
    lines = [f"Measured on {machine}; medians of {len(rounds)}, in alternation, on loopback.", "",
             "| | median | least – most | ratio | goal |", "|---|---:|---:|---:|---|"]
    for row in all_rows:
        found = cells(row, rounds)
        if found:
            lines.append("| " + " | ".join((row.text, *found)) + " |")
    lines += [""] + [f"- {note}" for note in notes] + ([""] if notes else [])
    return "\n".join(lines)


def replace(document, text):
    """The document with the text between the marks."""
    pattern = re.compile(re.escape(BEGIN) + ".*?" + re.escape(END), re.S)
    if not pattern.search(document):
        raise ValueError(f"there is no {BEGIN} ... {END}")
    return pattern.sub(lambda _: f"{BEGIN}\n{text.strip()}\n{END}", document)

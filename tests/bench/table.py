"""The tables of the benchmark: which figures they have, what was to be reached, how they are written."""

import re
import statistics

BEGIN, END = "<!-- bench: begin -->", "<!-- bench: end -->"
REPEAT = ("`ci/bench --readme` repeats it and writes this, in about 20 minutes, on a machine that does "
          "nothing else; `ci/bench --list` names its parts. Ratios are of one round, whose two runs "
          "were a minute apart; figures of different machines, or of two days, do not compare.")


class Row:
    """A figure. figure: of a measurement, (name, key); peer: what it is divided by, and who that is;
    limit: what it, or its ratio, has to be, ("≤" or "≥", value); worst: in every round, in place of
    the median."""

    def __init__(self, text, unit, figure, peer=None, of="", limit=None, worst=False):
        self.text = text
        self.unit = unit
        self.figure = figure
        self.peer = peer
        self.of = of
        self.limit = limit
        self.worst = worst


class Media:
    """A run with media: its measurement, and those of the raw loop and of SIPp with as many streams."""

    def __init__(self, name, text, raw, sipp):
        self.name = name
        self.text = text
        self.raw = raw
        self.sipp = sipp


def media(sizes, cores):
    """All runs with media."""
    on = f"{min(2, cores)} cores" if cores > 1 else "1 core"
    found = [Media(f"pcma-{size}", f"{size:,} endpoints, PCMA, {on}", f"raw-{size}", f"sipp-{size}")
             for size in sizes["media"]]
    big, other, one = sizes["media"][-1], sizes["other"], sizes["one"]
    found.append(Media("plain", f"{big:,}, PCMA, {on}, without SCHED_FIFO", f"raw-{big}", f"sipp-{big}"))
    found.append(Media("reports", f"{big:,}, PCMA, {on}, for {sizes['long']} s", f"raw-{big}", f"sipp-{big}"))
    for codec, text in (("srtp", "PCMA with SRTP"), ("opus", "Opus")):
        found.append(Media(codec, f"{other:,}, {text}, {on}", f"raw-{other}", f"sipp-{other}"))
    for codec, text in (("pcma", "PCMA"), ("srtp", "PCMA with SRTP"), ("opus", "Opus")):
        found.append(Media(f"{codec}-1-core", f"{one:,}, {text}, 1 core", "raw-1-core", f"sipp-{one}"))
    return found


def goals(sizes, cores):
    """What is to be reached, and by which figure."""
    big, other, rate = sizes["media"][-1], sizes["other"], sizes["rate"]
    name, most = f"pcma-{big}", f"{big:,} endpoints, PCMA"
    found = [Row(f"{most}: packets lost", "", (name, "lost"), limit=("≤", 0), worst=True),
             Row(f"{most}: rounds with the verdict pass", "of each", (name, "passed"), limit=("≥", 1),
                 worst=True),
             Row(f"{most}: lateness p99, SCHED_FIFO", "ms", (name, "late_p99_ms"), limit=("≤", 1)),
             Row(f"{most}: lateness p99, without", "ms", ("plain", "late_p99_ms"), limit=("≤", 5)),
             Row(f"{most}, without SCHED_FIFO: packets lost", "", ("plain", "lost"), limit=("≤", 0),
                 worst=True)]
    for late, key in ((1, "in_time"), (5, "endpoints")):
        found.append(Row(f"most endpoints, PCMA, with no packet lost and lateness p99 of {late} ms", "", ("most", key),
                         ("most", "raw_endpoints"), "raw loop", ("≥", 0.6)))
    for codec, text in (("srtp", "SRTP"), ("opus", "Opus")):
        found += [Row(f"{other:,} endpoints, {text}: packets lost", "", (codec, "lost"),
                      limit=("≤", 0), worst=True),
                  Row(f"{other:,} endpoints, {text}: lateness p99", "ms", (codec, "late_p99_ms"),
                      limit=("≤", 1))]
    found += [
        Row(f"{most}: CPU of a packet, media threads, of the raw loop's", "ns", (name, "media_ns"),
            (f"raw-{big}", "packet_ns"), "raw loop", ("≤", 1.35)),
        Row(f"{most}: CPU of a packet, whole program, of what SIPp spends to send", "ns",
            (name, "packet_ns"), (f"sipp-{big}", "packet_ns"), "SIPp", ("≤", 1.0)),
        Row(f"{most}: memory of an endpoint in a call, with the kernel's", "kB", (name, "memory_kb"),
            limit=("≤", 40)),
        Row(f"{sizes['streams']:,} streams: jitter that leaves, by dumpcap", "ms",
            ("jitter", "jitter_ms"), ("sipp-jitter", "jitter_ms"), "SIPp", None),
        Row("as caller: calls per CPU second", "", ("caller", "per_s"),
            ("sipp-calls", "caller_per_s"), "SIPp", ("≥", 0.5)),
        Row("as callee: calls per CPU second", "", ("callee", "per_s"),
            ("sipp-calls", "callee_per_s"), "SIPp", ("≥", 0.6)),
        Row(f"{rate:,} calls/s for {sizes['calls'] / rate:.3g} s, both ends: calls that failed", "",
            (f"rate-{rate}", "failed"), limit=("≤", 0), worst=True),
        Row(f"{rate:,} calls/s, both ends: calls that began per second", "",
            (f"rate-{rate}", "begun_per_s"), limit=("≥", 0.99 * rate)),
        Row(f"{sizes['registrations']:,} registered endpoints and their registrar: memory", "MB",
            ("registrations", "memory_mb"), limit=("≤", 200)),
        Row("start of the program to its first INVITE", "ms", ("start", "first_invite_ms"),
            limit=("≤", 100)),
        Row(f"{most}, {sizes['long']} s: its end to the last report", "s", ("reports", "reports_s"),
            limit=("≤", 5))]
    del cores
    # Of its own, not of SIPp's.
    jitter = next(row for row in found if row.figure[0] == "jitter")
    found.insert(found.index(jitter), Row(jitter.text, "ms", jitter.figure, limit=("≤", 0.3)))
    return [row for row in found if row is not jitter]


def others(sizes):
    """Figures without a goal."""
    big = sizes["media"][-1]
    return [Row(f"raw loop, {big:,} streams: lateness p99 of its grid, SCHED_FIFO", "ms",
                (f"raw-{big}", "late_p99_ms")),
            Row("SIPp: jitter that leaves", "ms", ("sipp-jitter", "jitter_ms")),
            Row("SIPp as caller: calls per CPU second", "", ("sipp-calls", "caller_per_s")),
            Row("SIPp as callee: calls per CPU second", "", ("sipp-calls", "callee_per_s")),
            Row("both ends, our registrar and proxy, with registrations: calls per CPU second", "",
                ("both", "per_s")),
            Row("registrations with digest, and ends of them, both sides: per CPU second", "",
                ("registrations", "per_s")),
            Row(f"{sizes['one']:,} endpoints, PCMA with 60 ms packets: CPU of a packet", "ns",
                ("ptime-60", "packet_ns"))]


def peers(sizes, cores):
    """{a measurement: those that it is compared with}"""
    found = {}
    for row in goals(sizes, cores):
        if row.peer:
            found.setdefault(row.figure[0], set()).add(row.peer[0])
    for run in media(sizes, cores):
        found.setdefault(run.name, set()).update((run.raw, run.sipp))
    found["jitter"] = {"sipp-jitter"}
    return found


# ---- cells -------------------------------------------------------------------------------------

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


def ratios(rounds, figure, peer):
    """Of each round that has both."""
    pairs = [(values([each], figure), values([each], peer)) for each in rounds]
    return [own[0] / other[0] for own, other in pairs if own and other and other[0]]


def _median(found, unit=""):
    return number(statistics.median(found)) + (" " + unit if unit else "") if found else ""


def met(row, rounds):
    """Whether it is as it has to be; None: not known."""
    found = ratios(rounds, row.figure, row.peer) if row.peer else values(rounds, row.figure)
    if not found or not row.limit:
        return None
    sign, limit = row.limit
    worst = max if sign == "≤" else min
    value = worst(found) if row.worst else statistics.median(found)
    return value <= limit if sign == "≤" else value >= limit


def cells(row, rounds):
    """(median, least to most, ratio, goal, whether it is met) as texts; None: it was not measured."""
    own = values(rounds, row.figure)
    if not own:
        return None
    span = f"{number(min(own))} – {number(max(own))}" if len(own) > 1 else ""
    found = ratios(rounds, row.figure, row.peer) if row.peer else []
    ratio = f"{statistics.median(found):.2f} × {row.of}" if found else ""
    goal = f"{row.limit[0]} {number(row.limit[1])}{' ×' if row.peer else ''}" if row.limit else ""
    done = {None: "", True: "met", False: "**not met**"}[met(row, rounds)]
    return _median(own, row.unit), span, ratio, goal, done


def media_cells(run, rounds):
    """Of a run with media; None: it was not measured."""
    get = lambda key: values(rounds, (run.name, key))
    if not get("packet_ns"):
        return None
    found = [_median(get("packets_per_s")), _median(values(rounds, (run.raw, "packet_ns"))),
             _median(values(rounds, (run.sipp, "packet_ns")))]
    for key in ("media_ns", "packet_ns"):
        found.append(_median(get(key)))
        for peer in (run.raw, run.sipp):
            each = ratios(rounds, (run.name, key), (peer, "packet_ns"))
            found.append(f"{statistics.median(each):.2f}" if each else "")
    found.append(number(max(get("lost"))))
    found.append(" / ".join(_median(get(f"late_{key}_ms")) for key in ("p50", "p99", "max")))
    return found + [_median(get("memory_kb"))]


# ---- text --------------------------------------------------------------------------------------

MEDIA_HEAD = ("", "packets/s", "raw loop", "SIPp sends", "media threads", "× raw", "× SIPp",
              "whole program", "× raw", "× SIPp", "lost", "late p50 / p99 / max, ms", "kB each")


def _grid(head, lines):
    if not lines:
        return []
    return ["| " + " | ".join(head) + " |", "|---" + "|---:" * (len(head) - 1) + "|",
            *("| " + " | ".join(line) + " |" for line in lines), ""]


def _rows(head, rows, rounds):
    found = [(row.text, cells(row, rounds)) for row in rows]
    return _grid(head, [(text, *each[:len(head) - 1]) for text, each in found if each])


def markdown(sizes, rounds, machine, notes):
    """The tables, and who measured them."""
    found = [(run.text, media_cells(run, rounds)) for run in media(sizes, machine.cores)]
    measured = _grid(MEDIA_HEAD, [(text, *each) for text, each in found if each])
    if measured:
        measured = ["Calls between halves of the endpoints, all ours, with RTCP and all metrics. CPU in ns "
                    "for a packet sent and received (SIPp: sent only, it reads none); packets lost are of "
                    "the worst round; kB are of an endpoint in its call, with the kernel's.", "", *measured]
    head = ("", "median", "least – most", "ratio", "goal", "")
    lines = [f"Measured on {machine}; medians of {len(rounds)}, in alternation, on loopback.", "",
             *_rows(head, goals(sizes, machine.cores), rounds), *measured,
             *_rows(head[:3], others(sizes), rounds)]
    return "\n".join(lines + [f"- {note}" for note in notes] + [""] * bool(notes) + [REPEAT])


def replace(document, text):
    """The document with the text between the marks."""
    pattern = re.compile(re.escape(BEGIN) + ".*?" + re.escape(END), re.S)
    if not pattern.search(document):
        raise ValueError(f"there is no {BEGIN} ... {END}")
    return pattern.sub(lambda _: f"{BEGIN}\n{text.strip()}\n{END}", document)

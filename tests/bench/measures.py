"""The measurements of the benchmark: each is one run of something, and says figures by name.

A figure that could not be measured is left out; nothing here judges.
"""

import contextlib
import os
import signal
import statistics
import time

import ours
import rivals
import sniff

SECONDS = {"media": 10, "sipp_media": 8, "raw": 5, "watch": 2, "settle": 2}
SIZES = {"media": (1000, 2000, 4000, 5000), "other": 4000, "calls": 2000, "rate": 1000,
         "sipp_calls": 16000, "sipp_rate": 4000, "streams": 2000, "registrations": 10000,
         "registration_rate": 1000}
QUICK_SECONDS = {"media": 5, "sipp_media": 5, "raw": 2, "watch": 1, "settle": 2}
QUICK = dict(SIZES, media=(1000, 2000), other=1000, calls=500, sipp_calls=4000, streams=1000,
             registrations=1000)
SMOKE_SECONDS = {"media": 1, "sipp_media": 2, "raw": 1, "watch": 1, "settle": 0.5}
SMOKE = {"media": (20,), "other": 20, "calls": 20, "rate": 100, "sipp_calls": 100, "sipp_rate": 100,
         "streams": 20, "registrations": 20, "registration_rate": 50}


class Measures:
    """All of them, by name, in the order in which they are run."""

    def __init__(self, program, raw, folder, cores, sizes, seconds):
        self.program = ours.Program(program, folder)
        self.raw_program = raw
        self.folder = folder
        self.cores = cores
        self.sizes = sizes
        self.seconds = seconds
        self.failed = []
        self.all = self._list()

    def _list(self):
        found = {"start": self.start}
        for cores in range(1, min(2, self.cores) + 1):
            found[f"raw-{cores}"] = lambda cores=cores: self.raw(cores)
        found["sipp-media"] = self.sipp_media
        found["sipp-calls"] = self.sipp_calls
        for size in self.sizes["media"]:
            found[f"pcma-{size}"] = lambda size=size: self.media(size)
        found["opus"] = lambda: self.media(self.sizes["other"], codec="opus")
        found["srtp"] = lambda: self.media(self.sizes["other"], srtp=True)
        found["jitter"] = self.jitter
        found["caller"] = self.caller
        found["callee"] = self.callee
        found["both"] = self.both
        found["registrations"] = self.registrations
        return found

    def _whole(self, run, what):
        if run.verdict != "pass":
            self.failed.append(f"{what}: verdict {run.verdict}: {(run.result.get('why') or '')[:200]}")
        return run

    def start(self):
        """The smallest test there is."""
        run = self.program.run(ours.media_spec(2, duration=1, buildup=0.001), 30)
        self._whole(run, "start")
        return {"first_invite_ms": 1e3 * run.first_invite_s} if run.first_invite_s else {}

    def raw(self, cores):
        """The raw UDP loop: the most streams on two cores, half of them on one."""
        streams = self.sizes["media"][-1] // (3 - cores)
        each, packets = rivals.raw_loop(self.raw_program, self.folder, streams,
                                       self.seconds["raw"], cores)
        return {"packet_ns": each, "packets": packets}

    def sipp_media(self):
        """SIPp's rtp_stream, PCMA; sends only: what comes is not read."""
        seen = []
        watch = lambda: seen.extend(sniff.during(self.folder, self.seconds["watch"]))
        if self.sizes["streams"] < 500:
            watch = lambda: seen.extend(sniff.during(self.folder, self.seconds["watch"], whole=True))
        cpu, streams, good = rivals.sipp_media(
            self.folder, self.sizes["streams"] // 2, self.seconds["sipp_media"],
            watch if sniff.available() else None)
        figures = {"good_calls": good}
        rate = statistics.mean(rate for _, rate in seen) if seen else 50.0
        figures["packet_ns"] = 1e9 * cpu / (streams * rate * self.seconds["sipp_media"])
        if seen:
            figures["jitter_ms"] = 1e3 * statistics.mean(jitter for jitter, _ in seen)
        if 2 * good < streams:
            self.failed.append(f"sipp-media: {good} of {streams // 2} calls of SIPp were good")
        return figures

    def sipp_calls(self):
        """SIPp's own caller and callee, without media."""
        count = self.sizes["sipp_calls"]
        caller, callee, good = rivals.sipp_calls(self.folder, count, self.sizes["sipp_rate"])
        if good < count:
            self.failed.append(f"sipp-calls: {good} of {count} calls of SIPp were good")
        return {"caller_per_s": good / caller, "callee_per_s": good / callee} if good else {}

    def media(self, size, codec="pcma", srtp=False):
        """Calls between halves of so many endpoints, with RTCP and every metric."""
        what = f"{size} endpoints, {codec}{' with SRTP' if srtp else ''}"
        spec = ours.media_spec(size, codec, srtp, self.seconds["media"])
        run = self.program.run(spec, 180, interval=2 if size > 500 else 0.4)
        self._whole(run, what)
        return media_figures(run)

    def jitter(self):
        """The same with dumpcap beside it: its own run, for it costs CPU itself."""
        if not sniff.available():
            return {}
        size = self.sizes["streams"]
        buildup = max(1, round(size / 1000))
        seen = []
        process = self.program.start(ours.media_spec(size, duration=self.seconds["watch"] + 2 * self.seconds["settle"],
                                                     buildup=buildup))
        with process:
            seen = sniff.during(self.folder, self.seconds["watch"], buildup + self.seconds["settle"], whole=size < 500)
            process.wait(120)
        return {"jitter_ms": 1e3 * statistics.mean(jitter for jitter, _ in seen)} if seen else {}

    def _registered_cpu(self, port):
        """CPU s of as many endpoints that register and do nothing else."""
        count, rate = self.sizes["calls"], self.sizes["rate"]
        spec = ours.outside_spec(count, port, max(1, count / rate), duration="60s")
        run = self.program.run(spec, 60, interrupt=max(1, count / rate) + self.seconds["settle"])
        return run.cpu if run.registered == count else None

    def _net(self, what, run, base):
        good, wanted = run.good_calls, self.sizes["calls"]
        if good < wanted:
            self.failed.append(f"{what}: {good} of {wanted} calls were good")
        if not good:
            return {}
        figures = {"with_registration_us": 1e6 * run.cpu / good}
        if base is not None and run.cpu > base:
            figures["per_s"] = good / (run.cpu - base)
            figures["call_us"] = 1e6 * (run.cpu - base) / good
        return figures

    def caller(self):
        """Our callers, SIPp as registrar and callee."""
        count, rate = self.sizes["calls"], self.sizes["rate"]
        with rivals.Sipp(self.folder, "registrar") as callee:
            callee.ready()
            base = self._registered_cpu(callee.port)
        with rivals.Sipp(self.folder, "registrar") as callee:
            callee.ready()
            spec = ours.outside_spec(count, callee.port, max(1, count / rate),
                                     f"sip:x@{rivals.HOST}:{callee.port}")
            run = self.program.run(spec, 60)
        return self._net("caller", run, base)

    def callee(self):
        """SIPp calls our callees."""
        with contextlib.closing(rivals.Registrar()) as registrar:
            base = self._registered_cpu(registrar.port)
        with contextlib.closing(rivals.Registrar()) as registrar:
            run = self._called(registrar)
        return self._net("callee", run, base) if run else {}

    def _called(self, registrar):
        count, rate = self.sizes["calls"], self.sizes["rate"]
        spec = ours.outside_spec(count, registrar.port, max(1, count / rate), duration="5s")
        with self.program.start(spec) as process:
            until = time.monotonic() + 30 + count / rate
            while registrar.known() < count and time.monotonic() < until:
                time.sleep(0.1)
            if registrar.known() < count:
                self.failed.append(f"callee: {registrar.known()} of {count} endpoints registered")
                return None
            self._call_all(registrar.contacts, rate)
            process.send(signal.SIGINT)
            process.wait(30)
        return ours.Run(process)

    def _call_all(self, contacts, rate):
        for number, (address, users) in enumerate(contacts.items()):
            path = os.path.join(self.folder, f"users-{number}.csv")
            with open(path, "w", encoding="ascii") as file:
                file.write("SEQUENTIAL\n" + "".join(user + "\n" for user in users))
            with rivals.Sipp(self.folder, "caller", "-inf", path, "-m", len(users), "-r", rate,
                            f"{address[0]}:{address[1]}") as caller:
                caller.wait(len(users) / rate + 20)

    def both(self):
        """Short calls between ours, through the embedded registrar: registrations in it."""
        count = 2 * self.sizes["calls"]
        spec = ours.media_spec(count, duration="0.001", buildup=max(1, count / 2 / self.sizes["rate"]))
        spec = spec[:spec.index("  - receive.packet_loss")]
        run = self.program.run(spec, 90)
        self._whole(run, "both")
        return {"per_s": run.good_calls / 2 / run.cpu} if run.good_calls else {}

    def registrations(self):
        """Endpoints that register at the embedded registrar with a digest, and wait."""
        count, rate = self.sizes["registrations"], self.sizes["registration_rate"]
        spec = ours.registrations_spec(count, max(1, count / rate))
        run = self.program.run(spec, 120, interval=0.4, interrupt=max(1, count / rate) + self.seconds["settle"])
        if run.registered < count:
            self.failed.append(f"registrations: {run.registered} of {count} registered")
        memory, kernel = run.memory()
        figures = {"per_s": run.registered / run.cpu} if run.registered else {}
        if memory:
            figures["memory_mb"] = (memory + kernel) / 1e6
        return figures


def media_figures(run):
    """Of a run with media."""
    sent, received = run.total("packets_sent"), run.total("packets_received")
    if not sent:
        return {}
    figures = {"packet_ns": 1e9 * run.cpu / sent, "lost": run.total("packets_lost"),
               "missing": sent - received, "cpu_s": run.cpu, "sent": sent,
               "reports_s": run.reports_s}
    if run.thread_s("media"):
        figures["media_ns"] = 1e9 * run.thread_s("media") / sent
    for key in ("p50", "p99", "max"):
        if run.pacing.get(key) is not None:
            figures[f"late_{key}_ms"] = 1e3 * run.pacing[key]
    memory, kernel = run.memory()
    if memory:
        figures["memory_kb"] = (memory + kernel) / len(run.endpoints) / 1e3
        figures["kernel_kb"] = kernel / len(run.endpoints) / 1e3
        figures["peak_kb"] = run.peak_memory / len(run.endpoints) / 1e3
    figures.update(prediction(run, run.peak_memory))
    return figures


def prediction(run, memory):
    """What `cmtest plan` said, against what was measured: 1 is right."""
    costs = run.predicted.get("costs") or {}
    figures = {}
    if costs.get("cpu_seconds"):
        figures["predicted_cpu"] = costs["cpu_seconds"] / run.cpu
    if costs.get("memory_bytes") and memory:
        figures["predicted_memory"] = costs["memory_bytes"] / memory
    return figures

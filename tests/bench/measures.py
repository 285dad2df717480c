"""The measurements of the benchmark: each is a run of something, and says figures by name.

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

SECONDS = {"media": 10, "sipp_media": 6, "raw": 4, "watch": 2, "settle": 2}
# one: on one core; long: s of the run for reports. pace: endpoints that register per second before calls are measured.
SIZES = {"media": (1000, 2000, 4000, 5000), "other": 4000, "one": 2000, "calls": 6000, "rate": 2000,
         "pace": 1500, "both": 1000, "streams": 2000, "registrations": 10000,
         "registration_rate": 1000, "long": 60}
QUICK_SECONDS = {"media": 5, "sipp_media": 5, "raw": 2, "watch": 1, "settle": 2}
QUICK = dict(SIZES, media=(1000, 2000), other=1000, one=1000, calls=1000, streams=1000, both=400,
             registrations=1000, long=10)
SMOKE_SECONDS = {"media": 1, "sipp_media": 2, "raw": 1, "watch": 1, "settle": 0.5}
SMOKE = {"media": (20,), "other": 20, "one": 20, "calls": 20, "rate": 100, "pace": 100, "both": 20,
         "streams": 20, "registrations": 20, "registration_rate": 50,
         "long": 1}
# Measured in the first round only, for they take long.
ONCE = ("reports",)
# Of the endpoints whose packets alone would fill the cores, by the raw loop: what is tried, rising.
SHARES = (0.3, 0.4, 0.5, 0.6)
PACKETS_PER_S = 50
# A second of a stream has a third of the packets, and costs otherwise the same.
SLOW = "{ name: pcma, ptime: 60ms }"


class Measures:
    """All of them, by name, in the order in which they are run: what is compared is close."""

    def __init__(self, program, raw, folder, cores, sizes, seconds):
        self.program = ours.Program(program, folder)
        self.raw_program = raw
        self.folder = folder
        self.cores = cores
        self.sizes = sizes
        self.seconds = seconds
        self.failed = []
        self.raw_ns = None
        self.all = self._list()

    def _list(self):
        found = {"start": self.start}
        for size in self.sizes["media"]:
            found[f"raw-{size}"] = lambda size=size: self.raw(size, min(2, self.cores))
            found[f"sipp-{size}"] = lambda size=size: self.sipp_media(size)
            found[f"pcma-{size}"] = lambda size=size: self.media(size)
        other, one = self.sizes["other"], self.sizes["one"]
        found["most"] = self.most
        found["srtp"] = lambda: self.media(other, srtp=True)
        found["opus"] = lambda: self.media(other, codec="opus")
        found["plain"] = lambda: self.media(self.sizes["media"][-1], plain=True)
        first = {sorted(os.sched_getaffinity(0))[0]}
        found["raw-1-core"] = lambda: self.raw(one, 1)
        found["pcma-1-core"] = lambda: self.media(one, cores=first)
        found["srtp-1-core"] = lambda: self.media(one, srtp=True, cores=first)
        found["opus-1-core"] = lambda: self.media(one, codec="opus", cores=first)
        found["ptime-60"] = lambda: self.media(one, codec=SLOW)
        found["jitter"] = self.jitter
        found["sipp-jitter"] = self.sipp_jitter
        found["sipp-calls"] = self.sipp_calls
        found["caller"] = self.caller
        found["callee"] = self.callee
        found[f"rate-{self.sizes['rate']}"] = self.rate
        found["both"] = self.both
        found["registrations"] = self.registrations
        found["reports"] = lambda: self.media(self.sizes["media"][-1], seconds=self.sizes["long"])
        return found

    def _whole(self, run, what):
        if run.verdict != "pass":
            why = (run.result.get("why") or "").split(". ")[0].rstrip(".")
            self.failed.append(f"{what}: verdict {run.verdict}: {why}.")
        return run

    def start(self):
        """The smallest test there is."""
        run = self.program.run(ours.media_spec(2, duration=1, buildup=0.001), 30)
        self._whole(run, "start")
        return {"first_invite_ms": 1e3 * run.first_invite_s} if run.first_invite_s else {}

    def raw(self, streams, cores):
        """The raw UDP loop, a process on each core."""
        each, packets, late = rivals.raw_loop(self.raw_program, self.folder, streams,
                                              self.seconds["raw"], cores)
        if cores > 1:
            self.raw_ns = each
        return {"packet_ns": each, "packets_per_s": packets / self.seconds["raw"], "late_p99_ms": late}

    def most(self):
        """How many endpoints lose no packet, with a verdict that is pass, and are late by 1 ms at p99, or
        by 5. What a packet costs varies with the machine's hour; the share of what the raw loop could
        carry says more than the number."""
        if not self.raw_ns or self.cores < 2:
            return {}
        limit = 2e9 / (PACKETS_PER_S * self.raw_ns)
        found = {"raw_endpoints": limit, "endpoints": 0, "in_time": 0}
        for share in SHARES:
            size = 2 * round(share * limit / 2)
            run = self.program.run(ours.media_spec(size, duration=self.seconds["media"]), 240)
            figures = media_figures(run)
            late = figures.get("late_p99_ms", 9)
            if not figures.get("passed") or figures["lost"] or late > 5:
                break
            found["endpoints"] = size
            if late <= 1:
                found["in_time"] = size
        return found

    def sipp_media(self, streams):
        """SIPp's rtp_stream, PCMA; sends only: what comes is not read."""
        cpu, packets, good = rivals.sipp_media(self.folder, streams // 2, self.seconds["sipp_media"])
        if 2 * good < streams:
            self.failed.append(f"sipp-{streams}: {good} of {streams // 2} calls of SIPp were good")
        if not packets:
            return {}
        return {"packet_ns": 1e9 * cpu / packets, "good_calls": good,
                "packets_per_s": packets / self.seconds["sipp_media"]}

    def sipp_jitter(self):
        """SIPp's rtp_stream with dumpcap beside it: its own run, for that costs CPU itself."""
        if not sniff.available():
            return {}
        streams, seen = self.sizes["streams"], []
        watch = lambda: seen.extend(sniff.during(self.folder, self.seconds["watch"],
                                                 whole=streams < 500))
        rivals.sipp_media(self.folder, streams // 2, self.seconds["sipp_media"], watch)
        return {"jitter_ms": 1e3 * statistics.mean(jitter for jitter, _ in seen)} if seen else {}

    def sipp_calls(self):
        """SIPp's own caller and callee, without media, at the rate that ours have."""
        count = self.sizes["calls"]
        caller, callee, good = rivals.sipp_calls(self.folder, count, self.sizes["rate"])
        if good < count:
            self.failed.append(f"sipp-calls: {good} of {count} calls of SIPp were good")
        return {"caller_per_s": good / caller, "callee_per_s": good / callee} if good else {}

    def media(self, size, codec="pcma", srtp=False, seconds=None, **how):
        """Calls between halves of so many endpoints, with RTCP and every metric."""
        what = f"{size} endpoints, {codec}{' with SRTP' if srtp else ''}"
        what += " on one core" if how.get("cores") else " without real time" if how.get("plain") else ""
        spec = ours.media_spec(size, codec, srtp, seconds or self.seconds["media"])
        run = self.program.run(spec, 240, interval=2 if size > 500 else 0.4, **how)
        self._whole(run, what)
        if run.real_time and how.get("plain"):
            self.failed.append(f"{what}: it had real-time scheduling")
        return media_figures(run)

    def jitter(self):
        """The same with dumpcap beside it: its own run, for it costs CPU itself."""
        if not sniff.available():
            return {}
        size = self.sizes["streams"]
        buildup = max(1, round(size / 500))
        seen = []
        process = self.program.start(ours.media_spec(size, duration=self.seconds["watch"] + 2 * self.seconds["settle"],
                                                     buildup=buildup))
        with process:
            seen = sniff.during(self.folder, self.seconds["watch"], buildup + self.seconds["settle"], whole=size < 500)
            process.wait(120)
        return {"jitter_ms": 1e3 * statistics.mean(jitter for jitter, _ in seen)} if seen else {}

    def _building(self):
        """Seconds in which the endpoints of a measurement of calls register."""
        return max(1, self.sizes["calls"] / self.sizes["pace"])

    def _registered_cpu(self, port):
        """CPU s of as many endpoints that register, are there as long, and do nothing else."""
        count, buildup = self.sizes["calls"], self._building()
        run = self.program.run(ours.outside_spec(count, port, buildup, duration="60s"), 60,
                               interrupt=buildup + count / self.sizes["rate"] + 0.5)
        return run.cpu if run.registered == count else None

    def _net(self, what, run, base):
        good, wanted = run.good_calls, self.sizes["calls"]
        if good < wanted:
            self.failed.append(f"{what}: {good} of {wanted} calls were good")
        if not good:
            return {}
        figures = {"with_registration_us": 1e6 * run.cpu / good, "failed": wanted - good}
        if base is not None and run.cpu > base:
            figures["per_s"] = good / (run.cpu - base)
            figures["call_us"] = 1e6 * (run.cpu - base) / good
        return figures

    def caller(self):
        """Our callers, SIPp as registrar and callee."""
        count = self.sizes["calls"]
        with rivals.Sipp(self.folder, "registrar") as callee:
            callee.ready()
            base = self._registered_cpu(callee.port)
        with rivals.Sipp(self.folder, "registrar") as callee:
            callee.ready()
            spec = ours.outside_spec(count, callee.port, self._building(),
                                     [f"sip:x@{rivals.HOST}:{callee.port}"], self.sizes["rate"])
            run = self.program.run(spec, 60)
        return self._net("caller", run, base)

    def callee(self):
        """SIPp calls our callees."""
        with contextlib.closing(rivals.Registrar()) as registrar:
            base = self._registered_cpu(registrar.port)
        with contextlib.closing(rivals.Registrar()) as registrar, self._waiting(registrar) as process:
            if not self._all_known(registrar, "callee"):
                return {}
            self._call_all(registrar.contacts)
            process.send(signal.SIGINT)
            process.wait(30)
            run = self.program.finish(process)
        return self._net("callee", run, base)

    def _waiting(self, registrar):
        """Endpoints that register there and are called from outside."""
        return self.program.start(ours.outside_spec(self.sizes["calls"], registrar.port,
                                                    self._building(), duration="30s"))

    def _all_known(self, registrar, what):
        count, until = self.sizes["calls"], time.monotonic() + 30 + self._building()
        while registrar.known() < count and time.monotonic() < until:
            time.sleep(0.1)
        if registrar.known() < count:
            self.failed.append(f"{what}: {registrar.known()} of {count} endpoints registered")
        return registrar.known() == count

    def _call_all(self, contacts):
        """Of each address that workers have its share of the rate, all at once."""
        count, rate, callers = self.sizes["calls"], self.sizes["rate"], []
        with contextlib.ExitStack() as stack:
            for number, (address, users) in enumerate(contacts.items()):
                path = os.path.join(self.folder, f"users-{number}.csv")
                with open(path, "w", encoding="ascii") as file:
                    file.write("SEQUENTIAL\n" + "".join(user + "\n" for user in users))
                callers.append(stack.enter_context(rivals.Sipp(
                    self.folder, "caller", "-inf", path, "-m", len(users), "-r",
                    max(1, round(rate * len(users) / count)), f"{address[0]}:{address[1]}")))
            for caller in callers:
                caller.wait(count / rate + 20)

    def rate(self):
        """Ours call ours, in two programs. Their registrar, who is not ours, tells callers where to go:
        so calls are all that is measured, without a proxy of ours between them."""
        count, rate = self.sizes["calls"], self.sizes["rate"]
        with contextlib.closing(rivals.Registrar()) as registrar, self._waiting(registrar) as callees:
            if not self._all_known(registrar, "rate"):
                return {}
            uris = [f"sip:{user}@bench.test" for user in registrar.places]
            run = self.program.run(ours.outside_spec(
                count, registrar.port, self._building(), uris, rate, first=500001), 60)
            callees.send(signal.SIGINT)
            callees.wait(30)
            called = self.program.finish(callees)
        return self._rate_figures(run, called)

    def _rate_figures(self, run, called):
        times, count = run.dialled, self.sizes["calls"]
        good = min(run.good_calls, called.good_calls)
        if good < count:
            self.failed.append(f"rate: {run.good_calls} of {count} calls were good for callers, "
                               f"{called.good_calls} for callees")
        figures = {"calls": len(times), "failed": count - good}
        if len(times) > 1:
            figures["seconds"] = times[-1] - times[0]
            figures["begun_per_s"] = (len(times) - 1) / figures["seconds"]
        return figures

    def both(self):
        """Short calls between ours, through the embedded registrar: registrations in it."""
        count = 2 * self.sizes["both"]
        spec = ours.media_spec(count, duration="0.001", buildup=max(1, count / 500))
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
               "reports_s": run.reports_s, "passed": int(run.verdict == "pass"),
               "packets_per_s": run.packets_per_second, "real_time": run.real_time}
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

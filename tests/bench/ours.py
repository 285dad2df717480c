"""Runs of cmtest, and what their result.json says."""

import datetime
import json
import os
import signal
import subprocess
import threading

import spent

MEDIA = """cmtest: 1
name: bench media
groups:
  callees: {{ registrar: embedded, endpoints: {half}, {media} }}
  callers: {{ registrar: embedded, endpoints: {half}, call: callees, {media} }}
buildup: {buildup}s
duration: {duration}s
thresholds:
  - calls.success_rate >= 100%
  - receive.packet_loss.max <= 0%
"""
WAITING = """cmtest: 1
name: bench registrations
groups:
  phones: {{ registrar: embedded, endpoints: {count}, audio: {{ codecs: [pcma] }} }}
buildup: {buildup}s
duration: 60s
"""
OUTSIDE = """cmtest: 1
name: bench signalling
registrars:
  peer: {{ domain: bench.test, server: "127.0.0.1:{port}",
          accounts: {{ range: {first}..{last}, password: secret }} }}
groups:
{groups}
buildup: {buildup}s
{load}duration: {duration}
thresholds:
  - calls.success_rate >= 100%
"""
# As SIPp's own calls these have an SDP and no media.
SILENT = "audio: { codecs: [pcma], deferred: true }"
OUTSIDE_GROUP = "  phones{number}: {{ registrar: peer, endpoints: {count},{call} {audio} }}"
# Of URIs in a group.
URIS_MAX = 1000
# What takes real-time scheduling and a better nice value from root.
PLAIN = ("setpriv", "--bounding-set", "-sys_nice", "--inh-caps", "-sys_nice")


class Program:
    """A built cmtest, and where its runs go."""

    def __init__(self, path, folder):
        self.path = os.path.abspath(path)
        self.folder = folder
        self.runs = 0
        self.ended = []

    def _write(self, text):
        self.runs += 1
        path = os.path.join(self.folder, f"run-{self.runs}.yaml")
        with open(path, "w", encoding="ascii") as file:
            file.write(text)
        return path

    def start(self, text, interval=0.0, cores=None, plain=False):
        """Begins a run of that spec; give what it returns to finish(). cores: on these only, with a
        worker on each; plain: without real-time scheduling."""
        path = self._write(text)
        out = path[:-len(".yaml")]
        workers = ["--workers", str(len(cores))] if cores else []
        predicted = self.plan(path, workers, cores)
        argv = [self.path, "run", "--quiet", *workers, path, "--out", out]
        process = spent.Process([*PLAIN, *argv] if plain and os.geteuid() == 0 else argv, self.folder,
                                os.path.basename(out), cores=cores, interval=interval)
        process.out, process.predicted = out, predicted
        return process

    def finish(self, process):
        """The run of a process that has ended."""
        self.ended.append(Run(process))
        return self.ended[-1]

    def run(self, text, seconds, interval=0.0, interrupt=None, **how):
        """A whole run, as start() has it. interrupt: Ctrl-C after so many seconds."""
        with self.start(text, interval, **how) as process:
            timer = interrupt and threading.Timer(interrupt, process.send, (signal.SIGINT,))
            if timer:
                timer.start()
            process.wait(seconds)
            if timer:
                timer.cancel()
        return self.finish(process)

    def plan(self, path, more=(), cores=None):
        """What `cmtest plan` says of the run; {} when it says nothing."""
        before = (lambda: os.sched_setaffinity(0, cores)) if cores else None
        # pylint: disable-next=subprocess-popen-preexec-fn
        done = subprocess.run([self.path, "plan", "--format", "json", *more, path], timeout=60,
                              check=False, capture_output=True, preexec_fn=before)
        try:
            return json.loads(done.stdout)["cases"][0]
        except (ValueError, KeyError, IndexError):
            return {}


def media_spec(endpoints, codec="pcma", srtp=False, duration=10, buildup=None):
    """Calls between halves of the endpoints, both ours. codec: as in a spec."""
    secured = ", security: { mode: sdes, suites: [AES_CM_128_HMAC_SHA1_80] }" if srtp else ""
    media = f"audio: {{ codecs: [{codec}]{secured} }}"
    buildup = max(1, round(endpoints / 500)) if buildup is None else buildup
    return MEDIA.format(half=endpoints // 2, media=media, buildup=buildup, duration=duration)


def registrations_spec(count, buildup):
    """Endpoints that register and wait."""
    return WAITING.format(count=count, buildup=buildup)


def outside_spec(count, port, buildup, calls=(), rate=None, duration="1ms", first=100001):
    """Endpoints of a registrar that is somebody else. They call these URIs by turns, so many per second
    once all have registered, or wait for calls. first: of their numbers."""
    parts = [calls[i:i + URIS_MAX] for i in range(0, len(calls), URIS_MAX)] or [()]
    groups, left = [], count
    for number, uris in enumerate(parts):
        share = left if number == len(parts) - 1 else len(uris)
        call = f" call: {json.dumps(list(uris))}, redirects: follow," if uris else ""
        groups.append(OUTSIDE_GROUP.format(number=number, count=share, call=call, audio=SILENT))
        left -= share
    return OUTSIDE.format(groups="\n".join(groups), port=port, first=first, last=first + count - 1, buildup=buildup,
                          duration=duration, load=f"load: {{ rate: {rate}/s }}\n" if rate else "")


class Run:
    """A run that has ended."""

    def __init__(self, process):
        self.process = process
        self.cpu = process.cpu
        self.code = process.code
        self.predicted = process.predicted
        try:
            with open(os.path.join(process.out, "result.json"), encoding="utf-8") as file:
                self.result = json.load(file)
        except (OSError, ValueError):
            self.result = {}
        self.verdict = self.result.get("verdict", f"exit {self.code}")
        self.endpoints = self.result.get("endpoints", [])
        self.calls = [each["call"] for each in self.endpoints if each.get("call")]

    def total(self, key):
        """Of all calls."""
        return sum(call[key] or 0 for call in self.calls)

    @property
    def good_calls(self):
        """Sides of calls that were ours and went as they should."""
        return sum(bool(call["established"] and call["completed"]) for call in self.calls)

    @property
    def registered(self):
        """Endpoints that registered."""
        return sum(bool((each.get("registration") or {}).get("ok")) for each in self.endpoints)

    @property
    def packets_per_second(self):
        """That were sent while the calls were up, and as many received."""
        lengths = [call["call_duration"] for call in self.calls if call["call_duration"]]
        return self.total("packets_sent") * len(lengths) / sum(lengths) if lengths else None

    @property
    def dialled(self):
        """Times of the first INVITE of each caller, s since 1970, in their order."""
        return sorted(min(times) for times in (
            [moment(event["at"]) for event in each["timeline"]
             if event.get("method") == "INVITE" and event.get("direction") == "sent"]
            for each in self.endpoints if each["role"] == "caller") if times)

    @property
    def features(self):
        """What a run costs something for (costs.py), and what it cost."""
        own = sum(each["account"].endswith("@embedded.cmtest") for each in self.endpoints)
        machine = (self.result.get("health") or {}).get("machine") or {}
        streams = [call for call in self.calls if call["packets_sent"]]
        predicted = self.predicted.get("costs") or {}
        return {"wall": self.result.get("duration") or 0, "registrations": self.registered,
                "sides": self.good_calls, "packets": self.total("packets_sent"),
                "srtp": sum(call["packets_sent"] for call in streams if call["srtp"]),
                "stream_seconds": sum(call["call_duration"] or 0 for call in streams),
                "embedded": bool(own), "interrupted": bool(self.result.get("interrupted")),
                "verdict": self.verdict, "cpu_s": self.cpu,
                "pair_ns": 1e9 * machine["packet_pair"] if machine.get("packet_pair") else None,
                "media_s": self.thread_s("media"), "endpoints": len(self.endpoints),
                "peak_memory": self.peak_memory, "predicted_s": predicted.get("cpu_seconds"),
                "predicted_memory": predicted.get("memory_bytes")}

    @property
    def real_time(self):
        """Whether all media threads were scheduled so; None: nobody knows."""
        threads = (self.result.get("health") or {}).get("threads") or []
        kinds = {each["scheduling"] for each in threads if each["thread"] == "media"}
        return kinds == {"real-time"} if kinds else None

    @property
    def pacing(self):
        """Lateness of packets, s; {} when there were none."""
        return self.result.get("pacing") or {}

    def thread_s(self, name):
        """CPU seconds of all threads of that name, by their own account."""
        threads = (self.result.get("health") or {}).get("threads") or []
        return sum(each["cpu"] / 100 * each["duration"] for each in threads
                   if each["thread"] == name and each["cpu"] is not None)

    @property
    def reports_s(self):
        """From the end of the run until the program had written its reports and was gone."""
        ended = moment(self.result.get("ended"))
        return self.process.ended - ended if ended else None

    @property
    def first_invite_s(self):
        """From the start of the program to its first INVITE."""
        times = [moment(event["at"]) for each in self.endpoints for event in each["timeline"]
                 if event.get("method") == "INVITE" and event.get("direction") == "sent"]
        return min(times) - self.process.began if times else None

    def memory(self):
        """(bytes of the processes, of their sockets in the kernel) while the most sockets were open:
        in calls, not while reports are written; the most of these samples."""
        samples = self.process.samples
        if not samples:
            return None, None
        sockets = max(sample.sockets for sample in samples)
        busy = [sample.memory for sample in samples if sample.sockets >= 0.9 * sockets]
        return max(busy), sockets * spent.socket_bytes()

    @property
    def peak_memory(self):
        """Bytes of the processes at the most, with the reports."""
        return max((sample.memory for sample in self.process.samples), default=None)


def moment(text):
    """Seconds since 1970 of a time in result.json."""
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() if text else None

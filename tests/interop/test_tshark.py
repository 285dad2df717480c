#!/usr/bin/python3
"""What cmtest sends is judged by Wireshark: the packets as they were on the loopback interface."""

import os
import signal
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(HERE, "..", "support"))

import peers  # noqa: E402
import program  # noqa: E402

EVENTS = "0123456789*#ABCD"

SPEC = """
cmtest: 1
name: tshark
groups:
  agents:
    registrar: embedded
    endpoints: 1
    audio: {{ codecs: [{codec}, telephone-event] }}
    rtp_ports: {ports}
    {agents}
  callers:
    registrar: embedded
    endpoints: 1
    call: agents
    audio: {{ codecs: [{codec}, telephone-event] }}
    rtp_ports: {ports}
    {callers}
duration: {seconds}s
"""


class Capture:
    """dumpcap on loopback, of these ports, for as long as it is entered."""

    def __init__(self, folder, first, last):
        self.path = os.path.join(folder, "capture.pcapng")
        self.log = os.path.join(folder, "dumpcap.log")
        self.filter = f"udp portrange {first}-{last}"

    def __enter__(self):
        with open(self.log, "w", encoding="utf-8") as log:
            self.child = subprocess.Popen(
                ["dumpcap", "-i", "lo", "-f", self.filter, "-B", "16", "-w", self.path],
                stdout=log, stderr=log)
        until = time.monotonic() + 10
        while "File:" not in self.printed() and self.child.poll() is None:
            if time.monotonic() > until:
                raise RuntimeError("dumpcap does not begin: " + self.printed())
            time.sleep(0.02)
        return self

    def __exit__(self, *_):
        if self.child.poll() is None:
            time.sleep(0.3)
            self.child.send_signal(signal.SIGINT)
        self.child.wait(10)

    def printed(self):
        """By dumpcap."""
        with open(self.log, encoding="utf-8") as log:
            return log.read()


class TsharkTest(program.ProgramTest):
    """A call between two endpoints, with one packet time of 20 ms."""

    event_type = 96  # the first dynamic payload type, beside a codec that has a static one

    def capture(self, codec, agents="", callers="", seconds=3):
        """Runs the call and captures it: what ran, and the lines of tshark for more arguments."""
        self.first = peers.free_port(8)
        agents, callers = (f"scenario: [{step}]" if step else "" for step in (agents, callers))
        spec = SPEC.format(codec=codec, agents=agents, callers=callers, seconds=seconds,
                           ports=f"{self.first}..{self.first + 7}")
        with Capture(self.folder, self.first, self.first + 7) as self.packets:
            if self.packets.child.poll() is not None:
                self.skipTest("dumpcap may not capture here: " + self.packets.printed())
            run = self.run_spec(spec)
        self.assert_exit(run, program.PASS)
        self.assert_outcomes(run, "SUCCESS")
        return run

    def tshark(self, *arguments):
        """What it prints about the capture, without the messages."""
        ports = []
        for port in range(self.first, self.first + 8, 2):
            ports += ["-d", f"udp.port=={port},rtp", "-d", f"udp.port=={port + 1},rtcp"]
        done = subprocess.run(
            ["tshark", "-r", self.packets.path, "-o", f"rtpevent.event_payload_type_value:{self.event_type}",
             *ports, *arguments],
            capture_output=True, text=True, check=True)
        return done.stdout

    def events(self, port):
        """(digit, duration, packets, end packets, markers) of each event that went to that port."""
        fields = ["rtp.timestamp", "rtpevent.event_id", "rtpevent.duration", "rtpevent.end_of_event",
                  "rtp.marker"]
        printed = self.tshark("-Y", f"rtpevent && udp.dstport=={port}", "-T", "fields",
                              *[word for field in fields for word in ("-e", field)])
        found = {}
        for line in printed.splitlines():
            start, event, duration, over, marker = line.split("\t")
            digit = EVENTS[int(event)]
            _, longest, packets, ends, marks = found.get(start, (digit, 0, 0, 0, 0))
            found[start] = (digit, max(longest, int(duration)), packets + 1,
                            ends + (over in ("1", "True")), marks + (marker in ("1", "True")))
        return list(found.values())

    def port(self, run, group):
        """Of its RTP."""
        return run.endpoints(group)[0]["media"]["local"].rsplit(":", 1)[1]

    def digits(self, run, group, direction, method):
        """As result.json tells them."""
        return "".join(m["digit"] for m in run.endpoints(group)[0]["timeline"]
                       if m["event"] == "digit" and m["direction"] == direction
                       and m["method"] == method)

    def lost(self):
        """{SSRC: (packets, lost)} of tshark's RTP analysis."""
        streams = {}
        for line in self.tshark("-q", "-z", "rtp,streams").splitlines():
            words = line.split()
            ssrc = [i for i, word in enumerate(words) if word.startswith("0x")]
            if not ssrc:
                continue
            percent = next(i for i, word in enumerate(words) if word.startswith("("))
            streams[words[ssrc[0]]] = (int(words[percent - 2]), int(words[percent - 1]))
        return streams

    def check_digits(self, codec, rate):
        run = self.capture(codec, callers='{ at: 300ms, do: send_dtmf, digits: "1590", gap: 60ms }',
                           agents='{ at: 600ms, do: send_dtmf, digits: "*#AD", tone: 160ms }')
        step = rate // 50
        tone, longer = rate // 10, rate * 16 // 100
        heard = self.events(self.port(run, "agents"))
        self.assertEqual(heard, [(digit, tone, tone // step + 2, 3, 1) for digit in "1590"])
        heard = self.events(self.port(run, "callers"))
        self.assertEqual(heard, [(digit, longer, longer // step + 2, 3, 1) for digit in "*#AD"])
        for group, sent, received in (("callers", "1590", "*#AD"), ("agents", "*#AD", "1590")):
            self.assertEqual(self.digits(run, group, "sent", "rtp"), sent)
            self.assertEqual(self.digits(run, group, "received", "rtp"), received)
        self.check_nothing_lost(run)

    def check_nothing_lost(self, run):
        streams = self.lost()
        self.assertEqual(len(streams), 2, streams)
        self.assertEqual([lost for _, lost in streams.values()], [0, 0])
        sent = sorted(endpoint["call"]["packets_sent"] for endpoint in run.endpoints())
        self.assertEqual(sorted(packets for packets, _ in streams.values()), sent)

    def test_digits_beside_pcma_are_decoded(self):
        self.check_digits("pcma", 8000)

    def test_digits_beside_opus_are_decoded(self):
        self.event_type = 97
        self.check_digits("opus", 48000)

    def test_a_stream_of_each_codec_has_lost_nothing(self):
        for codec in ("pcmu", "g722"):
            with self.subTest(codec=codec):
                self.check_nothing_lost(self.capture(codec, seconds=2))

    def test_digits_in_the_audio_are_no_events_and_lose_nothing(self):
        run = self.capture("pcma",
                           callers='{ at: 300ms, do: send_dtmf, digits: "7A", method: inband }')
        self.assertEqual(self.events(self.port(run, "agents")), [])
        self.assertEqual(self.digits(run, "callers", "sent", "inband"), "7A")
        self.assertEqual(self.digits(run, "agents", "received", "inband"), "7A")
        self.check_nothing_lost(run)


if __name__ == "__main__":
    program.main()

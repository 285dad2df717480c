"""SIPp, whose scenarios are the phones at the other end of the tests' calls."""

import glob
import math
import os

import peers
import scenario


class Sipp:
    """SIPp with a scenario of the folder sipp (scenario.py); `options` go to its command line. It
    calls `target`, or listens when there is none. echo: it sends back the RTP it gets; tone:
    tone.alaw and tone.ulaw are there; values: what stands for {STATUS} when it is status, and so on."""

    def __init__(self, folder, scenario, *options, target=None, echo=True, tone=False, **values):
        number = len(glob.glob(os.path.join(folder, "sipp-*")))
        self.folder = os.path.join(folder, f"sipp-{number}-{scenario}")
        self.scenario = scenario
        self.options = list(options)
        self.target = target
        self.echo = echo
        self.tone = tone
        self.values = {name.upper(): value for name, value in {"headers": "", **values}.items()}
        self.port = peers.free_port()
        self.media_port = peers.free_port(4)
        self.process = None

    def __enter__(self):
        os.makedirs(self.folder)
        if self.tone:
            write_tone(os.path.join(self.folder, "tone.alaw"), _alaw)
            write_tone(os.path.join(self.folder, "tone.ulaw"), _ulaw)
        with open(os.path.join(peers.HERE, "sipp", self.scenario + ".xml"), encoding="ascii") as file:
            text = scenario.expand(file.read(), self.values)
        with open(os.path.join(self.folder, "scenario.xml"), "w", encoding="ascii") as file:
            file.write(text)
        argv = ["sipp", "-sf", "scenario.xml"]
        argv += ["-i", peers.HOST, "-p", str(self.port)]
        argv += ["-mi", peers.HOST, "-mp", str(self.media_port)]
        argv += ["-trace_msg", "-message_file", "messages.txt"]
        argv += ["-trace_err", "-error_file", "errors.txt", "-nostdin"]
        argv += ["-rtp_echo"] if self.echo and not self.tone else []
        argv += self.options
        argv += [self.target] if self.target else []
        self.process = peers.Process("sipp", argv, self.folder)
        if not self.target:
            listens = lambda: peers.udp_bound(self.port)
            try:
                peers.wait_until(listens, "sipp listens", alive=self.process.child)
            except BaseException:
                self.process.stop()
                raise
        return self

    def __exit__(self, *_):
        self.process.stop()

    def wait(self, seconds=peers.HANGS):
        """Until SIPp ends by itself; its exit code is 0 when every call went as the scenario says."""
        return self.process.child.wait(seconds)

    def _read(self, name):
        try:
            with open(os.path.join(self.folder, name), encoding="utf-8", errors="replace") as file:
                return file.read()
        except FileNotFoundError:
            return ""

    @property
    def messages(self):
        """Every SIP message so far, as SIPp wrote them."""
        return self._read("messages.txt")

    @property
    def errors(self):
        """What SIPp says went wrong, for people."""
        return self._read("errors.txt") or self.messages


def write_tone(path, code, seconds=10, hertz=400):
    """Writes a tone as raw bytes of G.711, 8000 a second: what SIPp's rtp_stream plays."""
    samples = bytearray()
    for index in range(8000):
        value = int(8000 * math.sin(2 * math.pi * hertz * index / 8000))
        samples.append(code(value))
    with open(path, "wb") as file:
        file.write(bytes(samples) * seconds)


def _alaw(value):
    """One 16-bit sample by ITU-T G.711, A-law, even bits inverted."""
    sign = 0x80 if value >= 0 else 0
    magnitude = (value if value >= 0 else -value - 1) >> 4
    exponent = max(magnitude.bit_length() - 4, 0)
    mantissa = (magnitude >> max(exponent - 1, 0)) & 0x0F
    return (sign | exponent << 4 | mantissa) ^ 0x55


def _ulaw(value):
    """One 16-bit sample by ITU-T G.711, mu-law."""
    sign = 0 if value >= 0 else 0x80
    magnitude = min(abs(value), 32635) + 132
    exponent = magnitude.bit_length() - 8
    mantissa = (magnitude >> (exponent + 3)) & 0x0F
    return ~(sign | exponent << 4 | mantissa) & 0xFF

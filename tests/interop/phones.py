"""A test of phones at Kamailio: cmtest is one group of endpoints, the other end of each call is
SIPp or nobody."""

import array
import math
import os
import sys
import wave

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import peers  # noqa: E402
import sipp  # noqa: E402
import program  # noqa: E402

PASSWORDS = {str(1000 + i): f"Hush-{i:02d}-kQ7z" for i in range(4)}

SPEC = """
cmtest: 1
name: interop
registrars:
  pbx:
    domain: example.test
    server: "{server}"
    transport: {transport}
    accounts: {{ file: accounts.txt }}
    {registrar}
groups:
  phones:
    registrar: pbx
    endpoints: {endpoints}
    {call}
    audio: {{ codecs: [{codecs}], source: {source}{audio} }}
    {group}
buildup: 500ms
duration: {seconds}s
"""


def dbm0(dbov):
    """A level that is told against the overload point: a sine of full scale is -3.01 dBov, and
    3.14 dBm0."""
    return dbov + 3.01 + 3.14


class PhonesTest(program.ProgramTest):
    """Kamailio is up, and has an account for each of up to four endpoints."""

    kamailio = None

    def setUp(self):
        super().setUp()
        self.start_kamailio()

    def start_kamailio(self, passwords=None, **settings):
        """Kamailio, in place of the one before, and the file with the accounts."""
        if self.kamailio:
            self.kamailio.process.stop()
        passwords = passwords or PASSWORDS
        self.kamailio = self.enterContext(peers.Kamailio(self.folder, passwords, **settings))
        lines = [f"{user}:{password}\n" for user, password in passwords.items()]
        self.write("accounts.txt", "".join(lines))

    def sipp(self, scenario, *options, **more):
        """Starts SIPp with a scenario."""
        return self.enterContext(sipp.Sipp(self.folder, scenario, *options, **more))

    def second_of(self, path, at):
        """The second of the file from `at` on, as samples of its first channel."""
        with wave.open(path) as file:
            rate, channels = file.getframerate(), file.getnchannels()
            self.assertEqual(file.getsampwidth(), 2)
            file.setpos(int(at * rate))
            samples = array.array("h", file.readframes(rate))[::channels]
        self.assertEqual(len(samples), rate)
        return samples

    def tone_of(self, path, at=0.5):
        """(frequency in Hz, level in dBm0) of the second of the file from `at` on."""
        samples = self.second_of(path, at)
        rate = len(samples)
        power = sum(sample * sample for sample in samples) / rate
        rises = [at for at in range(1, rate) if samples[at - 1] < 0 <= samples[at]]
        self.assertGreater(len(rises), 1, "there is no tone in " + path)
        hertz = (len(rises) - 1) * rate / (rises[-1] - rises[0])
        return hertz, dbm0(10 * math.log10(power / 32768 ** 2))

    def assert_tone(self, path, frequency, level, at=0.5):
        """From `at` on, for a second, the file is that tone: within 1%, and 1 dB when level is told."""
        hertz, heard = self.tone_of(path, at)
        self.assertAlmostEqual(heard, level if level is not None else heard, delta=1)
        self.assertAlmostEqual(hertz, frequency, delta=frequency / 100)

    def spec(self, call=None, endpoints=2, seconds=3, server=None, transport="udp", registrar="",
             group="", codecs="pcma", source="tone", audio=""):
        """A spec of one group, that calls a URI or only answers. registrar, group: further lines of
        theirs; audio: further fields of it."""
        call = f'call: "{call}"' if call else ""
        lines = {"registrar": "\n    ".join(registrar.split("\n")),
                 "group": "\n    ".join(group.split("\n"))}
        return SPEC.format(server=server or self.kamailio.server, call=call, endpoints=endpoints,
                           seconds=seconds, transport=transport, codecs=codecs,
                           source=source, audio=f", {audio}" if audio else "",
                           **lines)

"""What leaves on the wire, seen by somebody else: dumpcap's kernel stamps of every 64th stream."""

import shutil
import struct
import os
import time

import spent

PTIME = 0.020
# RTP with 20 ms of G.711; a 64th of the SSRCs.
FILTER = "udp and udp[4:2]=180 and udp[8]=0x80 and (udp[{place}] & {mask}) = {value}"


def available():
    """Whether it can be watched."""
    return shutil.which("dumpcap") is not None


class Watch:
    """A capture of some seconds on loopback. whole: every stream, not a sample of them."""

    def __init__(self, folder, seconds, whole=False):
        self.path = os.path.join(folder, "wire.pcap")
        chosen = FILTER.format(place=19, mask=0 if whole else 63, value=0 if whole else 7)
        self.process = spent.Process(
            ["dumpcap", "-q", "-P", "-i", "lo", "-s", "64", "-B", "32", "-f", chosen, "-w", self.path,
             "-a", f"duration:{seconds}"], folder, "dumpcap")
        self.seconds = seconds

    def finish(self):
        """[(jitter of RFC 3550 in s, packets per second)] of each stream that was seen."""
        self.process.wait(self.seconds + 10)
        try:
            with open(self.path, "rb") as file:
                found = streams(file.read())
        except OSError:
            return []
        finally:
            if os.path.exists(self.path):
                os.unlink(self.path)
        return [figures(times) for times in found.values() if len(times) > 20]


def during(folder, seconds, delay=0.0, whole=False):
    """What Watch.finish() says, from `delay` on."""
    time.sleep(delay)
    return Watch(folder, seconds, whole).finish()


def streams(data):
    """{(addresses, ports, SSRC): [(time in s, RTP time stamp)]} of a pcap of Ethernet frames."""
    found = {}
    if len(data) < 24:
        return found
    order = "<" if data[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
    unit = 1e-9 if data[:4] in (b"\x4d\x3c\xb2\xa1", b"\xa1\xb2\x3c\x4d") else 1e-6
    at = 24
    while at + 16 <= len(data):
        seconds, part, length, _ = struct.unpack_from(order + "IIII", data, at)
        frame = data[at + 16:at + 16 + length]
        at += 16 + length
        if len(frame) < 54 or frame[12:14] != b"\x08\x00":
            continue
        ports = 14 + (frame[14] & 15) * 4
        rtp = frame[ports + 8:]
        if len(rtp) < 12:
            continue
        stamp, ssrc = struct.unpack_from("!II", rtp, 4)
        key = (frame[26:34], frame[ports:ports + 4], ssrc)
        found.setdefault(key, []).append((seconds + part * unit, stamp))
    return found


def figures(times):
    """(RFC 3550 jitter of a stream, mean over its packets, s; packets per second)"""
    jitter = total = 0.0
    for (before, old), (now, new) in zip(times, times[1:]):
        step = ((new - old + (1 << 31)) % (1 << 32) - (1 << 31)) / 8000
        jitter += (abs(now - before - step) - jitter) / 16
        total += jitter
    span = times[-1][0] - times[0][0]
    return total / (len(times) - 1), (len(times) - 1) / span if span > 0 else 0.0

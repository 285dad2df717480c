"""Runs of a generator that lacks something, and the same with enough of it."""

import os
import shutil
import subprocess

# What is judged is bent by a machine that is late, and nothing else: all of it is on loopback.
CALLS = """
cmtest: 1
groups:
  bobs: {{ registrar: embedded, endpoints: {calls} }}
  alices: {{ registrar: embedded, endpoints: {calls}, call: bobs }}
buildup: 1s
duration: 3s
thresholds:
  - calls.success_rate >= 100%
  - receive.jitter.max < 20ms
  - post_dial_delay.max < 500ms
  - receive.packet_loss.max < 1%
"""

# Packets that come in bunches need a queue of more than three.
BUNCHES = """
cmtest: 1
groups:
  bobs: {{ registrar: embedded, endpoints: 20, audio: {{ {room} }} }}
  alices:
    registrar: embedded
    endpoints: 20
    call: bobs
    audio: {{ {room} }}
    impair: {{ send: {{ delay: 60ms, jitter: 50ms, duplicate: 50% }} }}
buildup: 1s
duration: 3s
thresholds:
  - calls.success_rate >= 100%
  - receive.packet_loss.max < 1%
"""
TINY = BUNCHES.format(room="receive_buffer: 256")
ROOMY = BUNCHES.format(room="receive_buffer: 262144")

# A plan of 40 calls needs 180 of them.
FEW_DESCRIPTORS = 60


def ordinary():
    """A prefix of a command that takes away the right to a real-time priority, which most containers
    do not give: the media thread then is one among others."""
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        return []
    return ["setpriv", "--bounding-set", "-sys_nice", "--inh-caps", "-sys_nice"]


class Hogs:
    """So many busy loops on one CPU, until it is left; `pinned` puts a command beside them."""

    def __init__(self, count):
        self.count = count
        self.cpu = str(min(os.sched_getaffinity(0)))
        self.loops = []

    def pinned(self):
        """A prefix of a command."""
        return ["taskset", "-c", self.cpu] + ordinary()

    def __enter__(self):
        loop = ["taskset", "-c", self.cpu, "timeout", "60", "sh", "-c", "while :; do :; done"]
        self.loops = [subprocess.Popen(loop) for _ in range(self.count)]
        return self

    def __exit__(self, *_):
        for loop in self.loops:
            loop.terminate()
        for loop in self.loops:
            loop.wait()

"""rtpengine, a media proxy that nobody here wrote, in user space: it bridges what two phones do not
have in common. Kamailio (peers.py) tells it of each call."""

import os
import socket
import tempfile

import peers


class Rtpengine:
    """Listens for a proxy on `port`. Give `settings()` to Kamailio."""

    def __init__(self, folder):
        self.folder = tempfile.mkdtemp(prefix="rtpengine-", dir=folder)
        self.port = peers.free_port()
        self.rtp = peers.free_port(100)
        self.process = None

    def __enter__(self):
        argv = ["rtpengine", "--foreground", "--log-stderr", "--log-level=6", "--table=-1",
                "--config-file=none", f"--interface={peers.HOST}", f"--port-min={self.rtp}",
                f"--port-max={self.rtp + 99}", f"--listen-ng={peers.HOST}:{self.port}",
                "--num-threads=2", f"--pidfile={os.path.join(self.folder, 'pid')}"]
        self.process = peers.Process("rtpengine", argv, self.folder)
        try:
            peers.wait_until(self.answers, "rtpengine answers a ping", alive=self.process.child)
        except BaseException:
            self.process.stop()
            raise
        return self

    def __exit__(self, *_):
        self.process.stop()

    @property
    def printed(self):
        """What it wrote so far."""
        with open(self.process.log, encoding="utf-8", errors="replace") as log:
            return log.read()

    def answers(self):
        """One ping of its protocol ng, and whether it was answered."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.settimeout(0.2)
            try:
                probe.connect((peers.HOST, self.port))
                probe.send(b"cmtest d7:command4:pinge")
                return probe.recv(512).startswith(b"cmtest d6:result4:pong")
            except OSError:
                return False

    def settings(self, to_callee, to_caller):
        """What kamailio.cfg has to know: the transports of offers that go to either side."""
        return {"RTPENGINE": f'"udp:{peers.HOST}:{self.port}"',
                "TO_CALLEE": f'"{to_callee}"', "TO_CALLER": f'"{to_caller}"'}

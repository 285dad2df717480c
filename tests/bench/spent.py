"""What a program and its descendants spend: CPU seconds, memory, descriptors; and what machine it is.

Every process that is started here is bounded in time, and is ended by its own id.
"""

import os
import re
import signal
import subprocess
import threading
import time

# Of a UDP socket in the kernel, where /proc/slabinfo may not be read: bytes.
USUAL_SOCKET = 2300
SOCKET_SLABS = ("UDP", "sock_inode_cache", "dentry", "filp")


def _read(path):
    try:
        with open(path, encoding="ascii", errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def socket_bytes():
    """What the kernel keeps for a socket and its descriptor."""
    sizes = dict(re.findall(r"^(\S+) +\d+ +\d+ +(\d+)", _read("/proc/slabinfo"), re.M))
    found = [int(sizes[name]) for name in SOCKET_SLABS if name in sizes]
    return sum(found) if "UDP" in sizes else USUAL_SOCKET


class Machine:
    """Who measures: named in every table."""

    def __init__(self):
        info = _read("/proc/cpuinfo")
        model = re.search(r"^model name\s*:\s*(.+)$", info, re.M)
        self.model = model.group(1).strip() if model else os.uname().machine
        self.cores = len(os.sched_getaffinity(0))
        self.kernel = os.uname().release
        self.load = os.getloadavg()[0]
        memory = re.search(r"^MemTotal:\s+(\d+)", _read("/proc/meminfo"), re.M)
        self.gigabytes = round(int(memory.group(1)) / 1e6) if memory else 0

    def __str__(self):
        return (f"{self.model}, {self.cores} cores, {self.gigabytes} GB, Linux {self.kernel}, "
                f"load average {self.load:.2f} at the start")


def descendants(pid):
    """The process and all it started that are still there."""
    found = [pid]
    for each in found:
        for children in _children(each):
            found += [int(child) for child in children.split()]
    return found


def _children(pid):
    try:
        threads = os.listdir(f"/proc/{pid}/task")
    except OSError:
        return []
    return [_read(f"/proc/{pid}/task/{thread}/children") for thread in threads]


class Sample:
    """Memory and descriptors of a process tree at one time; bytes."""

    def __init__(self, pid):
        self.at = time.monotonic()
        self.memory = self.sockets = self.descriptors = self.processes = 0
        for each in descendants(pid):
            # A worker shares pages with its parent: each page counts once (Pss).
            pages = re.search(r"^Pss:\s+(\d+)", _read(f"/proc/{each}/smaps_rollup"), re.M)
            if not pages:
                continue
            self.processes += 1
            self.memory += int(pages.group(1)) * 1024
            self._count(each)

    def _count(self, pid):
        try:
            with os.scandir(f"/proc/{pid}/fd") as entries:
                for entry in entries:
                    self.descriptors += 1
                    self.sockets += _is_socket(entry.path)
        except OSError:
            pass


def _is_socket(path):
    try:
        return os.readlink(path).startswith("socket:")
    except OSError:
        return False


class Process:
    """A program with its output in a file; `cpu` is that of its whole tree once it has ended."""

    def __init__(self, argv, folder, name, cores=None, interval=0):
        self.name = name
        self.path = os.path.join(folder, name + ".log")
        self.samples = []
        self.cpu = self.code = None
        self.began = time.time()
        self.ended = None
        before = (lambda: os.sched_setaffinity(0, cores)) if cores else None
        with open(self.path, "wb") as log:
            # pylint: disable-next=subprocess-popen-preexec-fn,consider-using-with
            self.child = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=log,
                                          stderr=subprocess.STDOUT, cwd=folder, preexec_fn=before)
        self._over = threading.Event()
        self._sampler = None
        if interval:
            self._sampler = threading.Thread(target=self._sample, args=(interval,))
            self._sampler.start()

    def _sample(self, interval):
        while not self._over.wait(interval):
            sample = Sample(self.child.pid)
            if sample.processes:
                self.samples.append(sample)

    def send(self, number):
        """To this process only, if it is still there."""
        if self.code is None:
            os.kill(self.child.pid, number)

    def wait(self, seconds):
        """Until it has ended; one that takes longer is ended. Returns its exit code."""
        if self.code is not None:
            return self.code
        timers = [threading.Timer(seconds + grace, self.send, (number,)) for grace, number in
                  ((0, signal.SIGINT), (10, signal.SIGTERM), (15, signal.SIGKILL))]
        for timer in timers:
            timer.start()
        _, status, usage = os.wait4(self.child.pid, 0)
        self.ended = time.time()
        self.code = self.child.returncode = os.waitstatus_to_exitcode(status)
        for timer in timers:
            timer.cancel()
        self._over.set()
        if self._sampler:
            self._sampler.join()
        self.cpu = usage.ru_utime + usage.ru_stime
        return self.code

    def stop(self, number=signal.SIGTERM):
        """Ends it."""
        self.send(number)
        return self.wait(5)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.code is None:
            self.stop()

    @property
    def log(self):
        """What it printed."""
        with open(self.path, encoding="utf-8", errors="replace") as file:
            return file.read()

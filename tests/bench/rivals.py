"""SIPp, the raw UDP loop and a bare registrar: what our figures are compared with."""

import os
import re
import socket
import threading
import time

import spent

HERE = os.path.dirname(os.path.abspath(__file__))
HOST = "127.0.0.1"


def free_port():
    """A UDP port of loopback that nobody has."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def _bound(port):
    with open("/proc/net/udp", encoding="ascii") as file:
        return f":{port:04X} " in file.read()


class Sipp(spent.Process):
    """SIPp, on a core of its own. scenario: a file of the folder sipp, or uac or uas, its own ones."""

    count = 0

    def __init__(self, folder, scenario, *options, core=None):
        Sipp.count += 1
        self.port = free_port()
        with open(os.path.join(folder, "tone.alaw"), "wb") as file:
            file.write(b"\xd5" * 80000)
        own = os.path.join(HERE, "sipp", scenario + ".xml")
        argv = ["sipp", *(["-sf", own] if os.path.exists(own) else ["-sn", scenario])]
        argv += ["-i", HOST, "-mi", HOST, "-p", str(self.port), "-nostdin", *map(str, options)]
        cores = sorted(os.sched_getaffinity(0))
        super().__init__(argv, folder, f"sipp-{Sipp.count}-{scenario}",
                         cores=None if core is None else {cores[core % len(cores)]})

    def ready(self):
        """Once it listens."""
        until = time.monotonic() + 10
        while not _bound(self.port):
            if time.monotonic() > until:
                raise RuntimeError("SIPp does not listen:\n" + self.log[-2000:])
            time.sleep(0.02)
        return self

    def counted(self, what):
        """A total of its last screen: "Successful call", "Failed call"; None: it said none."""
        found = re.findall(rf"^ *{what} +\| +\d+ +\| +(\d+)", self.log, re.M)
        return int(found[-1]) if found else None


def sipp_calls(folder, count, rate):
    """SIPp's built-in caller and callee: (CPU s of the caller, of the callee, good calls)."""
    with Sipp(folder, "uas", core=0) as callee:
        callee.ready()
        with Sipp(folder, "uac", "-m", count, "-r", rate, f"{HOST}:{callee.port}", core=1) as caller:
            caller.wait(count / rate + 20)
        callee.stop()
    return caller.cpu, callee.cpu, caller.counted("Successful call") or 0


def sipp_media(folder, calls, seconds, watch=None):
    """Calls with PCMA both ways, made by SIPp: (CPU s of both, packets that both sent, good calls).
    watch: is entered when they should all be up."""
    with Sipp(folder, "media_uas", core=0) as callee:
        callee.ready()
        rate = max(10, calls)
        with Sipp(folder, "media_uac", "-m", calls, "-r", rate, "-l", calls, "-d",
                  seconds * 1000, f"{HOST}:{callee.port}", core=1) as caller:
            time.sleep(1 + seconds / 4)
            if watch:
                watch()
            caller.wait(seconds + 20)
        callee.stop()
    # The callee's screen counts them, the caller's is gone by then; both send alike.
    counted = re.findall(r"(\d+) Total RTP pckts sent", callee.log)
    packets = 2 * int(counted[-1]) if counted else 2 * calls * 50 * seconds
    return caller.cpu + callee.cpu, packets, caller.counted("Successful call") or 0


def raw_loop(program, folder, streams, seconds, cores):
    """The raw UDP loop, a process per core: (ns of CPU per packet, packets, ms of lateness at p99 in
    the worse process)."""
    allowed = sorted(os.sched_getaffinity(0))
    share = max(2, streams // cores // 2 * 2)
    loops = [spent.Process([program, str(share), str(seconds)], folder, f"raw-{core}",
                           cores={allowed[core]}) for core in range(cores)]
    for loop in loops:
        loop.wait(seconds + 20)
    found = [re.search(r"(\d+) sent, .* (\d+) ns per packet, .* p99 ([\d.]+)", each.log) for each in loops]
    if not all(found):
        raise RuntimeError("the raw loop failed: " + loops[0].log)
    sent = sum(int(each.group(1)) for each in found)
    return sum(int(each.group(1)) * float(each.group(2)) for each in found) / sent, sent, \
        max(float(each.group(3)) for each in found)


class Registrar(threading.Thread):
    """Says 200 to every REGISTER, knows who is where, and sends callers there. Its CPU is nobody's
    figure."""

    def __init__(self):
        super().__init__(daemon=True)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self.socket.bind((HOST, 0))
        self.port = self.socket.getsockname()[1]
        self.socket.settimeout(0.2)
        self.contacts = {}
        self.places = {}
        self.over = False
        self.start()

    def run(self):
        while not self.over:
            try:
                data, source = self.socket.recvfrom(65536)
            except TimeoutError:
                continue
            answer = self._answer(data.decode("latin-1"))
            if answer:
                self.socket.sendto(answer.encode("latin-1"), source)

    def _answer(self, text):
        method = text.split(" ", maxsplit=1)[0]
        if method not in ("REGISTER", "INVITE"):
            return None
        lines = text.split("\r\n\r\n", maxsplit=1)[0].split("\r\n")[1:]
        kept = [line for line in lines
                if re.match(r"(Via|v|From|f|Call-ID|i|CSeq)\s*:", line, re.I)]
        to = next(line for line in lines if re.match(r"(To|t)\s*:", line, re.I))
        if method == "INVITE":
            return self._moved(text, kept, to)
        contact = next((line for line in lines if re.match(r"(Contact|m)\s*:", line, re.I)), "")
        found = re.search(r"<sips?:([^@>;]+)@([^:>;]+):(\d+)", contact)
        expires = "0" if re.search(r"expires\s*[=:]\s*0\b", text, re.I) else "3600"
        if found and expires != "0":
            user, host, port = found.groups()
            self.contacts.setdefault((host, int(port)), []).append(user)
            self.places[user] = f"{host}:{port}"
        contact += "" if "expires=" in contact or not contact else ";expires=" + expires
        return "\r\n".join(["SIP/2.0 200 OK", *kept, to + ";tag=bench", *([contact] * bool(contact)),
                            "Content-Length: 0", "", ""])

    def _moved(self, text, kept, to):
        user = re.match(r"INVITE sips?:([^@;> ]+)", text)
        place = self.places.get(user.group(1)) if user else None
        first = f"302 Moved\r\nContact: <sip:{user.group(1)}@{place}>" if place else "404 Not Found"
        return "\r\n".join([f"SIP/2.0 {first}", *kept, to + ";tag=bench", "Content-Length: 0", "", ""])

    def known(self):
        """How many have registered."""
        return sum(map(len, list(self.contacts.values())))

    def close(self):
        """Ends it."""
        self.over = True
        self.join()
        self.socket.close()

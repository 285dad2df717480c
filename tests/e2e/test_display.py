#!/usr/bin/python3
"""The live display, on a terminal of our own: a small one that does what a real one would."""

import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(HERE, "..", "support"))

import program  # noqa: E402

SPEC = """cmtest: 1
name: Shown
matrix: { codec: [pcma, pcmu] }
groups:
  agents: { registrar: embedded, endpoints: 2, audio: { codecs: ["${matrix.codec}"] } }
  callers: { registrar: embedded, endpoints: 2, call: agents, audio: { codecs: ["${matrix.codec}"] } }
duration: 3s
"""
PIECES = re.compile(rb"\x1b\[\?(\d+)([hl])|\x1b\[(\d*)([A-Za-z])|([\r\n])|(\x1b)|([^\x1b\r\n]+)")
HIDE, SHOW = "\x1b[?25l", "\x1b[?25h"


class Screen:
    """Rows of text and the sequences that the display uses; anything else is an error. Rows that are
    broken, because they were too long, are counted."""

    def __init__(self):
        self.rows, self.row, self.column = [""], 0, 0
        self.cursor = True
        self.longest = 0

    def take(self, data):
        for match in PIECES.finditer(data):
            mode, setting, count, letter, move, stray, text = match.groups()
            if stray:
                raise AssertionError(f"an unknown sequence: {data[match.start():][:20]}")
            if mode == b"25":
                self.cursor = setting == b"h"
            elif letter == b"A":
                self.row = max(0, self.row - int(count or 1))
            elif letter == b"K":
                self.rows[self.row] = self.rows[self.row][: self.column]
            elif letter == b"J":
                self.rows[self.row] = self.rows[self.row][: self.column]
                del self.rows[self.row + 1 :]
            elif move == b"\r":
                self.column = 0
            elif move == b"\n":
                self.row, self.column = self.row + 1, 0
                self.rows += [""] * (self.row + 1 - len(self.rows))
            elif text:
                words = text.decode()
                before = self.rows[self.row].ljust(self.column)
                self.rows[self.row] = (before[: self.column] + words
                                       + before[self.column + len(words) :])
                self.column += len(words)
                self.longest = max(self.longest, self.column)


class DisplayTest(program.ProgramTest):
    def open(self, columns, *options, spec=SPEC):
        self.write("spec.yaml", spec)
        self.master, slave = pty.openpty()
        self.addCleanup(os.close, self.master)
        self.resize(columns)
        environment = dict(os.environ, TERM="xterm-256color", LANG="C.UTF-8", NO_COLOR="1")
        environment.pop("CI", None)
        with open(os.path.join(self.folder, "stdout"), "wb") as stdout:
            self.child = subprocess.Popen(
                [self.program, "run", "spec.yaml", "--out", "out", *options],
                stdin=slave, stdout=stdout, stderr=slave, cwd=self.folder, env=environment)
        self.addCleanup(lambda: self.child.poll() is None and self.child.kill())
        os.close(slave)

    def resize(self, columns):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))

    def read(self, until=None):
        """What it writes to the end, or until something was written."""
        data = b""
        try:
            while until is None or until not in data:
                data += os.read(self.master, 65536)
        except OSError:  # the other end was closed: it has ended
            self.child.wait(60)
        return data

    def test_a_frame_is_whole_and_leaves_nothing_behind(self):
        self.open(80)
        data = self.read()
        self.assertEqual(self.child.returncode, program.PASS)
        screen = Screen()
        screen.take(data)
        self.assertEqual([row for row in screen.rows if row], [])
        self.assertTrue(screen.cursor)
        frames = data.count(b"\x1b[?2026h")
        self.assertGreater(frames, 10)
        self.assertEqual(frames, len(re.findall(rb"\x1b\[\?2026h(?:(?!\x1b\[\?2026).)*\x1b\[\?2026l",
                                                data, re.S)))

    def test_it_tells_phase_case_calls_and_what_is_left(self):
        self.open(80)
        screen = Screen()
        screen.take(self.read(until=b"worst MOS   4."))
        shown = "\n".join(screen.rows)
        self.assertRegex(shown, r"case 1/2: codec=pcma\nmedia  \d+ s, about \d+ s left, \d+ s in all")
        self.assertIn("receivers 2/2  callers 2/2", shown)
        self.assertIn("up 2  tried 2/2  failed 0", shown)
        self.assertRegex(shown, r"worst MOS   4\.\d\d narrow band \(")
        self.read()

    def test_a_narrow_terminal_cuts_rows_and_does_not_break_them(self):
        self.open(30)
        screen = Screen()
        screen.take(self.read())
        self.assertLess(screen.longest, 30)
        self.assertEqual([row for row in screen.rows if row], [])

    def test_a_resized_terminal_gets_rows_of_its_width(self):
        self.open(100)
        self.read(until=b"worst MOS   4.")
        self.resize(24)
        self.read(until=b"\x1b[J\x1b[?2026l")
        screen = Screen()
        screen.take(self.read(until=b"case 2/2"))
        self.assertLess(screen.longest, 24)
        self.read()

    def test_the_cursor_comes_back_however_it_ends(self):
        for kind in (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT):
            self.open(80, spec=SPEC.replace("duration: 3s", "duration: 90s"))
            data = self.read(until=b"worst MOS")
            self.child.send_signal(kind)
            data += self.read()
            self.assertNotEqual(self.child.returncode, 0)
            self.assertGreater(data.rfind(SHOW.encode()), data.rfind(HIDE.encode()), kind)

    def test_quiet_and_verbose_have_no_frames(self):
        for option in ("--quiet", "--verbose"):
            self.open(80, option)
            data = self.read()
            self.assertEqual(self.child.returncode, program.PASS)
            self.assertNotIn(b"\x1b", data)
            self.assertEqual(b"REGISTER" in data, option == "--verbose")


if __name__ == "__main__":
    program.main()

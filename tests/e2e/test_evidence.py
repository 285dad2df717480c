#!/usr/bin/python3
"""What is left of calls that fail: OUT/evidence, read as its users read it."""

import os
import re
import shutil
import subprocess
import sys

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import program  # noqa: E402

BUSY = """
cmtest: 1
name: busy
registrars: {{ embedded: {{ transport: {transport} }} }}
groups:
  agents: {{ registrar: embedded, endpoints: 3, answer: {{ ring: 100ms, reject: 486 }} }}
  callers: {{ registrar: embedded, endpoints: 3, call: agents }}
duration: 1s
thresholds: [calls.asr >= 100%]
"""

WRONG_PASSWORD = """
cmtest: 1
registrars:
  embedded:
    accounts:
      - { username: "100", password: Hush-100-kQ7z }
      - { username: "101", password: Hush-101-kQ7z, expected_password: Other-101-kQ7z }
groups:
  bob: { registrar: embedded, endpoints: 1 }
  mallory: { registrar: embedded, endpoints: 1, call: bob }
duration: 1s
"""

GOOD = """
cmtest: 1
groups:
  bob: { registrar: embedded, endpoints: 1 }
  alice: { registrar: embedded, endpoints: 1, call: bob }
duration: 200ms
"""


class EvidenceTest(program.ProgramTest):
    def names(self, run):
        folder = os.path.join(run.out, "evidence")
        return sorted(os.listdir(folder)) if os.path.isdir(folder) else []

    def read(self, run, name):
        with open(os.path.join(run.out, "evidence", name), encoding="utf-8") as file:
            return file.read()

    def ladder(self, run, name):
        text = self.read(run, name)
        return text[text.index("\nLADDER\n") : text.index("\nPHASES\n")].splitlines()[3:]

    def dissect(self, run, name, *fields):
        """What tshark, with its own settings, sees in each packet; every checksum is looked at."""
        if not shutil.which("tshark"):
            self.skipTest("tshark is not installed")
        command = ["tshark", "-r", os.path.join(run.out, "evidence", name), "-T", "fields"]
        for check in ("ip", "udp", "tcp"):
            command += ["-o", f"{check}.check_checksum:TRUE"]
        for field in ("frame.protocols", "_ws.malformed", "_ws.expert.message", *fields):
            command += ["-e", field]
        environment = dict(os.environ, HOME=self.folder, XDG_CONFIG_HOME=self.folder)
        done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        return [line.split("\t") for line in done.stdout.splitlines()]

    def assert_is_sip(self, packets, transport):
        self.assertGreater(len(packets), 10)
        for packet in packets:
            self.assertRegex(packet[0], f"^raw:ip:{transport}:sip(:sdp)?$")
            self.assertEqual(packet[1:3], ["", ""], packet)

    def test_refused_call_shows_its_ladder(self):
        run = self.run_spec(BUSY.format(transport="udp"))
        self.assert_exit(run, program.FAIL)
        self.assertEqual(
            self.names(run), [f"callers-{i}.{kind}" for i in range(3) for kind in ("pcap", "txt")]
        )
        ladder = self.ladder(run, "callers-1.txt")
        self.assertTrue(all(len(line) <= 100 and line.isascii() for line in ladder), ladder)
        self.assertRegex(ladder[0], r"No +ms +callers\[1\] +127\.0\.0\.1:\d+ +agents\[1\]$")
        arrows = "\n".join(ladder)
        for label in ("INVITE (SDP) -+>", "<-+ 180 Ringing (INVITE)", "<-+ 486 Busy Here (INVITE)"):
            pattern = re.escape(label).replace(r"\-\+", "-+")
            self.assertEqual(len(re.findall(pattern, arrows)), 3 if "SDP" in label else 2, label)

    def test_both_sides_of_a_call_have_one_name(self):
        run = self.run_spec(BUSY.format(transport="udp"))
        for i in range(3):
            caller, agent = run.endpoints("callers")[i], run.endpoints("agents")[i]
            self.assertEqual(caller["call"]["id"], f"callers[{i}]")
            self.assertEqual(agent["call"]["id"], f"callers[{i}]")
            self.assertEqual(caller["evidence"], agent["evidence"])
            for path in caller["evidence"]:
                self.assertTrue(os.path.isfile(os.path.join(run.out, path)), path)

    def test_reports_and_terminal_say_where_it_is(self):
        run = self.run_spec(BUSY.format(transport="udp"))
        self.assertIn("Evidence: out/evidence: 3 calls, first callers-0.txt\n", run.stdout)
        with open(os.path.join(run.out, "junit.xml"), encoding="utf-8") as file:
            self.assertIn("see evidence/callers-2.txt, evidence/callers-2.pcap", file.read())
        self.assertEqual(run.result["evidence"], {"calls": 3, "left_out": 0})

    def test_capture_over_udp_is_read_by_wireshark(self):
        run = self.run_spec(BUSY.format(transport="udp"))
        packets = self.dissect(run, "callers-0.pcap", "ip.checksum.status", "udp.checksum.status")
        self.assert_is_sip(packets, "udp")
        self.assertTrue(all(packet[3:] == ["1", "1"] for packet in packets), packets)

    def test_capture_over_tcp_is_read_by_wireshark(self):
        run = self.run_spec(BUSY.format(transport="tcp"))
        packets = self.dissect(run, "callers-0.pcap", "ip.checksum.status", "tcp.checksum.status")
        self.assert_is_sip(packets, "tcp")
        self.assertTrue(all(packet[3:] == ["1", "1"] for packet in packets), packets)

    def test_ladder_and_capture_hold_the_same_messages(self):
        run = self.run_spec(BUSY.format(transport="udp"))
        packets = self.dissect(run, "callers-2.pcap", "sip.Method", "sip.Status-Code")
        arrows = [line for line in self.ladder(run, "callers-2.txt") if re.match(r" +\d+ ", line)]
        self.assertEqual(len(arrows), len(packets))
        for arrow, packet in zip(arrows, packets):
            self.assertIn(packet[3] or packet[4], arrow)

    def test_no_credential_is_in_it(self):
        run = self.run_spec(WRONG_PASSWORD)
        self.assert_exit(run, program.FAIL)
        self.assertEqual(self.names(run), ["mallory-0.pcap", "mallory-0.txt"])
        text = self.read(run, "mallory-0.txt")
        self.assertIn("mallory[0]: REGISTRATION_FAILED", text)
        self.assertRegex(text, r"Authorization: Digest \*")
        for path, written in run.files():
            self.assertNotIn("Hush", written, path)
            for line in written.splitlines():
                self.assertNotRegex(line, r"Authorization: Digest.*(response|nonce|username)=", path)

    def test_evidence_of_an_earlier_run_is_gone(self):
        run = self.run_spec(BUSY.format(transport="udp"))
        kept = os.path.join(run.out, "evidence", "notes.txt")
        with open(kept, "w", encoding="utf-8") as file:
            file.write("mine\n")
        run = self.run_spec(GOOD)
        self.assert_exit(run, program.PASS)
        self.assertEqual(self.names(run), ["notes.txt"])
        self.assertNotIn("Evidence:", run.stdout)
        os.unlink(kept)
        run = self.run_spec(GOOD)
        self.assertFalse(os.path.exists(os.path.join(run.out, "evidence")))


if __name__ == "__main__":
    program.main()

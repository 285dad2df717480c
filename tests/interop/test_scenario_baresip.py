#!/usr/bin/python3
"""Scenarios in calls to baresip: what a step asks of it comes of it, and what it does is noticed."""

import os
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path += [HERE, os.path.join(HERE, "..", "support")]

import baresip  # noqa: E402
import peers  # noqa: E402
import phones  # noqa: E402
import program  # noqa: E402

BOTH = "PCMA/8000/1,PCMU/8000/1"


class BaresipScenarioTest(phones.PhonesTest):
    """cmtest calls the baresip of account 1003; `lines` are the steps of the caller."""

    def begin(self, lines, codec=BOTH, codecs="pcma, pcmu, telephone-event", seconds=4, **more):
        """Starts baresip and the run; returns when the call stands."""
        self.phone = self.enterContext(baresip.Baresip(
            self.folder, "udp", "1003", phones.PASSWORDS["1003"], self.kamailio.server, codec=codec,
            **more))
        text = "scenario:\n" + "\n".join(f"  - {{ {line} }}" for line in lines)
        self.call = self.start_spec(self.spec("sip:1003@example.test", endpoints=1, seconds=seconds,
                                              codecs=codecs, group=text))
        peers.wait_until(lambda: "Call established" in self.phone.printed, "the call stands",
                         alive=self.call.child)

    def end(self, *names, code=program.PASS):
        """Waits for the run; these steps were done, and no other one stands on the timeline."""
        self.call.wait()
        self.assert_exit(self.call, code)
        [self.endpoint] = self.call.endpoints()
        self.actions = {each["name"] or each["action"]: each for each in self.endpoint["timeline"]
                        if each["event"] == "action"}
        results = {name: each["result"] for name, each in self.actions.items()}
        self.assertEqual(results, {name: "done" for name in names})

    def plays(self, lines, **more):
        """The whole run, all of whose steps are done."""
        self.begin(lines, **more)
        self.end(*(line.partition("name: ")[2].partition(",")[0] for line in lines))

    def events(self):
        """The digits that baresip heard to their end."""
        return "".join(line.split("'")[1] for line in self.phone.printed.splitlines()
                       if line.startswith("received event") and "end=1" in line)

    def test_hold_and_resume(self):
        self.plays(["name: hold, at: 500ms, do: hold,"
                    " expect: { within: 1s, status: 200, direction: sendonly, media: stopped }",
                    "name: pause, after: hold, do: wait, length: 1s",
                    "name: resume, after: pause, do: resume,"
                    " expect: { within: 1s, status: 200, direction: sendrecv, media: flowing }"],
                   seconds=5)
        self.assertEqual(self.endpoint["call"]["packets_lost"], 0)

    def test_codec_changes_by_reinvite(self):
        self.plays(["name: change, at: 1s, do: update_media, codecs: [pcmu],"
                    " expect: { within: 1s, status: 200, codec: pcmu }"])
        self.assertEqual(self.endpoint["media"]["codec"], "pcmu")
        self.assertIn("Set audio encoder: PCMU", self.phone.printed)

    def test_digits_by_rtp(self):
        self.plays(['name: dial, at: 500ms, do: send_dtmf, digits: "42#"'], seconds=2)
        self.assertEqual(self.events(), "42#")

    def test_digits_beside_opus_of_another_clock(self):
        self.begin(['name: dial, at: 300ms, do: send_dtmf, digits: "42#"',
                    'name: heard, on: dtmf_received, digit: "5", within: 4s, do: hangup'],
                   codec="opus/48000/2", codecs="opus, telephone-event", seconds=5)
        peers.wait_until(lambda: self.events() == "42#", "baresip heard the digits")
        self.phone.command("sndcode", "5")
        self.end("dial", "heard")
        [digit] = [each for each in self.endpoint["timeline"]
                   if each["event"] == "digit" and each["direction"] == "received"]
        self.assertAlmostEqual(digit["duration"], 0.17, delta=0.04)

    def test_digits_by_info(self):
        self.plays(['name: dial, at: 500ms, do: send_dtmf, method: info, digits: "7*"'], seconds=2)
        for digit in "7*":
            self.assertIn(f"received DTMF: '{digit}' (duration=100)", self.phone.printed)

    def test_digits_that_it_sends_are_noticed(self):
        self.begin(['name: heard, on: dtmf_received, digit: "12", within: 4s, do: hangup'], seconds=5)
        for digit in "12":
            self.phone.command("sndcode", digit)
        self.end("heard")

    def test_what_it_does_not_know_is_expected_to_be_refused(self):
        self.plays(["name: text, at: 500ms, do: send_info, body: x, expect: { status: 488 }",
                    "name: update, at: 1s, do: update_media, direction: sendonly, method: update,"
                    " expect: { status: 501 }"], seconds=2)

    def test_what_it_does_not_know_turns_the_gate_red(self):
        self.begin(["name: update, at: 500ms, do: update_media, direction: sendonly, method: update,"
                    " expect: { status: 200 }"], seconds=2)
        self.call.wait()
        self.assert_exit(self.call, program.FAIL)
        [endpoint] = self.call.endpoints()
        self.assertEqual(endpoint["failure"], "action")
        for words in ("update_media", "501", "status 200"):
            self.assertIn(words, endpoint["detail"])

    def test_session_is_refreshed_by_reinvite(self):
        self.plays(["name: refresh, at: 500ms, do: refresh_session, expect: { within: 1s }"],
                   seconds=2)

    def test_its_hold_and_its_resume_are_noticed(self):
        self.begin(['name: held, on: hold_received, within: 4s, do: send_dtmf, method: info, digits: "1"',
                    "name: resumed, on: resume_received, within: 5s, do: wait, length: 500ms",
                    "name: over, after: resumed, do: hangup"], seconds=8)
        self.phone.command("hold")
        peers.wait_until(lambda: "received DTMF: '1'" in self.phone.printed, "the hold is noticed",
                         alive=self.call.child)
        self.phone.command("resume")
        self.end("held", "resumed", "over")

    def test_it_is_transferred(self):
        third = self.sipp("answer", "-m", "1")
        self.begin(["name: send-on, at: 300ms, do: transfer,"
                    f' to: "sip:third@{peers.HOST}:{third.port}",'
                    " expect: { within: 3s, status: 200 }"], seconds=5)
        self.end("send-on")
        self.phone.command("hangup")
        self.assertEqual(third.wait(), 0, third.errors)

    def test_its_transfer_is_noticed_and_followed(self):
        third = self.sipp("answer", "-m", "1")
        self.begin(["name: sent-on, on: refer_received, within: 4s, do: wait, length: 500ms"])
        self.phone.command("transfer", f"sip:third@{peers.HOST}:{third.port}")
        self.end("sent-on")
        self.assertEqual(third.wait(), 0, third.errors)

    def test_menu_is_heard_and_dialled_through(self):
        """baresip is the menu: it hums, is silent until it gets a 1, hums again, and sends a 9."""
        self.begin(["name: greeting, at: 0s, do: listen, for: audio, timeout: 3s",
                    "name: greeted, after: greeting, do: listen, for: silence, lasting: 500ms",
                    'name: choose, after: greeted, do: send_dtmf, digits: "1"',
                    "name: goodbye, after: choose, do: listen, for: audio, timeout: 3s",
                    'name: nine, on: dtmf_received, digit: "9", within: 8s, do: hangup'], seconds=10)
        time.sleep(1)  # so long is the greeting
        self.phone.command("mute")
        peers.wait_until(lambda: self.events() == "1", "the choice comes", alive=self.call.child)
        self.phone.command("mute")
        time.sleep(0.5)
        self.phone.command("sndcode", "9")
        self.end("greeting", "greeted", "choose", "goodbye", "nine")
        self.assertGreater(self.actions["greeted"]["took"], 1)


if __name__ == "__main__":
    program.main()

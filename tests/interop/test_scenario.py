#!/usr/bin/python3
"""Scenarios in calls to SIPp: what a step asks of a phone that nobody here wrote comes of it, and a
phone that does otherwise turns the gate red."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path += [HERE, os.path.join(HERE, "..", "support")]

import peers  # noqa: E402
import phones  # noqa: E402
import program  # noqa: E402

# What SIPp does, in the words of scenario.py.
REOFFER = """
  <recv request="INVITE" expect="{expect}"/>
  <reply status="200 OK" sdp="{sdp}" formats="{formats}"/>
  <recv request="ACK"/>"""
UPDATED = """
  <recv request="UPDATE" expect="{expect}"/>
  <reply status="200 OK" sdp="{sdp}"/>"""
INFO = """
  <recv request="INFO" expect="{expect}"/>
  <reply status="200 OK"/>"""
DIGIT = """
  <request method="INFO">
    Content-Type: application/dtmf-relay

    Signal={digit}
    Duration=160
  </request>
  <recv response="200"/>"""
PLAY = '<nop><action><exec rtp_stream="tone.alaw,-1,8"/></action></nop>'
PAUSE = '<nop><action><exec rtp_stream="pause"/></action></nop>'
RESUME = '<nop><action><exec rtp_stream="resume"/></action></nop>'
TIMER = """Supported: timer
    Require: timer
    Session-Expires: 90;refresher={refresher}"""
NOT_HELD = "a=sendrecv"


def reoffer(expect, sdp="sendrecv", formats="8"):
    """SIPp takes an offer that has the pattern, and answers with that direction."""
    return REOFFER.format(expect=expect, sdp=sdp, formats=formats)


def pause(milliseconds):
    """SIPp does nothing for so long."""
    return f'\n  <pause milliseconds="{milliseconds}"/>'


class ScenarioTest(phones.PhonesTest):
    """cmtest calls a SIPp that does `steps`; `lines` are the steps of the caller."""

    def plays(self, lines, steps="", formats="8", seconds=4, code=program.PASS, timer="", group="",
              sipp_code=0, **more):
        """Runs the call; self.endpoint is the caller's, and self.actions are its actions by name."""
        phone = {key: more.pop(key) for key in ("tone", "echo") if key in more}
        sipp = self.sipp("steps", "-m", "1", steps=steps, formats=formats, timer=timer, **phone)
        text = "scenario:\n" + "\n".join(f"  - {{ {line} }}" for line in lines)
        run = self.run_spec(self.spec(f"sip:x@{peers.HOST}:{sipp.port}", endpoints=1, seconds=seconds,
                                      group="\n".join(filter(None, (group, text))), **more))
        self.assert_exit(run, code)
        if sipp_code is not None:
            self.assertEqual(sipp.wait(), sipp_code, sipp.errors)
        self.run_of_it = run
        [self.endpoint] = run.endpoints()
        timeline = [each for each in self.endpoint["timeline"] if each["event"] == "action"]
        self.actions = {each["name"] or each["action"]: each for each in timeline}

    def assert_done(self, *names):
        """These steps were done, and no other one stands on the timeline."""
        results = {name: each["result"] for name, each in self.actions.items()}
        self.assertEqual(results, {name: "done" for name in names})

    def assert_red(self, name, *words):
        """The step failed the endpoint; what people are shown has these words."""
        self.assertEqual(self.actions[name]["result"], "failed")
        self.assertEqual((self.endpoint["outcome"], self.endpoint["failure"]),
                         ("CALL_FAILED", "action"))
        shown = self.run_of_it.stdout + self.run_of_it.stderr
        for word in (self.endpoint["name"], name, *words):
            self.assertIn(word, shown)
            if word != self.endpoint["name"]:
                self.assertIn(word, self.endpoint["detail"])

    # ---- each action

    def holds(self, method, expect, answer, direction):
        """Holds and resumes in one way, and sends nothing that the phone would have to play."""
        self.plays([f"name: hold, at: 500ms, do: hold, method: {method},"
                    f" expect: {{ within: 1s, status: 200, direction: {direction} }}",
                    "name: pause, after: hold, do: wait, length: 1500ms",
                    "name: resume, after: pause, do: resume,"
                    " expect: { within: 1s, status: 200, direction: sendrecv }"],
                   reoffer(expect, answer) + reoffer(NOT_HELD))
        self.assert_done("hold", "pause", "resume")
        self.assertEqual(self.endpoint["call"]["packets_lost"], 0)

    def test_hold_by_sendonly_and_resume(self):
        self.holds("sendonly", "a=sendonly", "recvonly", "sendonly")

    def test_hold_by_inactive_and_resume(self):
        self.holds("inactive", "a=inactive", "inactive", "inactive")

    def test_hold_by_zero_address_and_resume(self):
        self.holds("zero", "c=IN IP4 0[.]0[.]0[.]0", "recvonly", "sendonly")

    def test_hold_and_resume_by_update(self):
        self.plays(["name: hold, at: 500ms, do: update_media, direction: sendonly, method: update,"
                    " expect: { within: 1s, status: 200, direction: sendonly }",
                    "name: pause, after: hold, do: wait, length: 500ms",
                    "name: resume, after: pause, do: update_media, direction: sendrecv,"
                    " method: update, expect: { within: 1s, direction: sendrecv }"],
                   UPDATED.format(expect="a=sendonly", sdp="recvonly")
                   + UPDATED.format(expect=NOT_HELD, sdp="sendrecv"), seconds=3)
        self.assert_done("hold", "pause", "resume")

    def test_codec_changes_by_reinvite(self):
        self.plays(["name: change, at: 1s, do: update_media, codecs: [pcmu],"
                    " expect: { within: 1s, status: 200, codec: pcmu }"],
                   reoffer("m=audio [0-9]+ RTP/AVP 0", formats="0"), codecs="pcma, pcmu")
        self.assert_done("change")
        self.assertEqual(self.endpoint["media"]["codec"], "pcmu")
        self.assertEqual(self.endpoint["call"]["packets_lost"], 0)

    def test_digits_by_rtp_come_back_in_order(self):
        self.plays(['name: dial, at: 500ms, do: send_dtmf, digits: "42#", expect: { within: 2s }',
                    'name: heard, on: dtmf_received, digit: "42#", within: 3s, do: hangup'],
                   formats="8 96", codecs="pcma, telephone-event")
        self.assert_done("dial", "heard")

    def test_digits_by_info_come_back_in_order(self):
        steps = "".join(INFO.format(expect=f"Signal *= *{digit}") + DIGIT.format(digit=digit)
                        for digit in "42#")
        self.plays(['name: dial, at: 500ms, do: send_dtmf, method: info, digits: "42#"',
                    'name: heard, on: dtmf_received, digit: "42#", within: 3s, do: hangup'], steps)
        self.assert_done("dial", "heard")

    def test_info_has_its_body_and_answers_one(self):
        said = """
  <request method="INFO">
    Content-Type: text/plain

    and you?
  </request>
  <recv response="200"/>"""
        self.plays(["name: asked, on: info_received, do: send_info, content_type: application/json,"
                    " body: '{\"fine\": true}', expect: { within: 1s, status: 200 }"],
                   said + INFO.format(expect="application/json.*[{].fine.: true[}]"), seconds=2)
        self.assert_done("asked")

    def test_options_in_the_call_are_answered(self):
        self.plays(["name: ask, at: 500ms, do: options, expect: { within: 1s, status: 200 }"],
                   '<recv request="OPTIONS"/><reply status="200 OK"/>', seconds=2)
        self.assert_done("ask")

    def test_session_is_refreshed_by_reinvite(self):
        again = ('<recv request="INVITE" expect="(Session-Expires|x): *90 *; *refresher=uac"/>'
                 '<reply status="200 OK" sdp="sendrecv">' + TIMER.format(refresher="uac")
                 + '</reply><recv request="ACK"/>')
        self.plays(["name: refresh, at: 500ms, do: refresh_session, method: reinvite,"
                    " expect: { within: 1s }"], again, timer=TIMER.format(refresher="uac"), seconds=2,
                   group="session_timer: { mode: supported, expires: 90s, refresher: uac }")
        self.assert_done("refresh")
        self.assertEqual(self.endpoint["call"]["session_refreshes"], 1)

    def test_session_is_refreshed_by_update(self):
        self.plays(["name: refresh, at: 500ms, do: refresh_session, expect: { within: 1s }"],
                   '<recv request="UPDATE" expect="(Session-Expires|x): *90 *; *refresher=uac"/>'
                   '<reply status="200 OK">' + TIMER.format(refresher="uac") + "</reply>",
                   timer=TIMER.format(refresher="uac"), seconds=2,
                   group="session_timer: { mode: supported, expires: 90s, refresher: uac }")
        self.assert_done("refresh")
        self.assertEqual(self.endpoint["call"]["session_refreshes"], 1)

    def test_session_that_the_phone_refreshes_is_noticed(self):
        self.plays(["name: noticed, on: session_timer_refreshed, within: 2s, do: wait, length: 1ms"],
                   pause(500) + '<request method="UPDATE">Supported: timer\n'
                   "Session-Expires: 90;refresher=uac</request>"
                   '<recv response="200"/>', timer=TIMER.format(refresher="uas"), seconds=3,
                   group="session_timer: { mode: supported, expires: 90s, refresher: uas }")
        self.assert_done("noticed")

    def test_hold_and_resume_of_the_phone_are_noticed(self):
        change = """
  <request method="INVITE" sdp="{sdp}"/>
  <recv response="100" optional="true"/>
  <recv response="200"/>
  <request method="ACK"/>"""
        self.plays(["name: held, on: hold_received, within: 2s, do: wait, length: 1ms",
                    "name: resumed, on: resume_received, within: 3s, do: wait, length: 1ms",
                    "name: offered, on: offer_received, times: 2, within: 3s, do: wait, length: 1ms"],
                   pause(400) + change.format(sdp="sendonly") + pause(600)
                   + change.format(sdp="sendrecv"))
        self.assert_done("held", "resumed", "offered")
        self.assertEqual(self.actions["offered"]["turn"], 1)

    def test_text_and_transfer_of_the_phone_are_noticed(self):
        third = self.sipp("answer", "-m", "1")
        text = """
  <request method="MESSAGE">
    Content-Type: text/plain

    Hello
  </request>
  <recv response="200"/>"""
        refer = f"""
  <request method="REFER">
    Refer-To: &lt;sip:third@{peers.HOST}:{third.port}&gt;
  </request>
  <recv response="202"/>
  <recv request="NOTIFY"/><reply status="200 OK"/>
  <recv request="NOTIFY"/><reply status="200 OK"/>"""
        self.plays(["name: read, on: message_received, within: 2s, do: wait, length: 1ms",
                    "name: sent-on, on: refer_received, within: 3s, do: wait, length: 1ms"],
                   pause(400) + text + refer, sipp_code=None)
        self.assert_done("read", "sent-on")
        self.assertEqual(third.wait(), 0, third.errors)

    def test_phone_is_transferred_and_tells_how_it_went(self):
        told = """
  <request method="NOTIFY">
    Event: refer
    Subscription-State: {state}
    Content-Type: message/sipfrag;version=2.0

    SIP/2.0 {status}
  </request>
  <recv response="200"/>"""
        self.plays(["name: send-on, at: 500ms, do: transfer, to: \"sip:third@example.test\","
                    " expect: { within: 2s, status: 200 }"],
                   '<recv request="REFER" expect="(Refer-To|r): *.?sip:third@example.test"/>'
                   '<reply status="202 Accepted"/>'
                   + told.format(state="active;expires=60", status="100 Trying") + pause(200)
                   + told.format(state="terminated;reason=noresource", status="200 OK"))
        self.assert_done("send-on")

    def test_phone_is_handed_to_one_that_was_asked_before(self):
        third = self.sipp("answer", "-m", "1")
        told = """
  <request method="NOTIFY">
    Event: refer
    Subscription-State: terminated;reason=noresource
    Content-Type: message/sipfrag;version=2.0

    SIP/2.0 200 OK
  </request>
  <recv response="200"/>"""
        self.plays(["name: send-on, at: 500ms, do: transfer, mode: attended,"
                    f' to: "sip:third@{peers.HOST}:{third.port}",'
                    " expect: { within: 3s, status: 200 }"],
                   '<recv request="REFER" expect="(Refer-To|r):[^[:cntrl:]]*Replaces="/>'
                   '<reply status="202 Accepted"/>' + told)
        self.assert_done("send-on")
        self.assertEqual(third.wait(), 0, third.errors)

    def test_transfer_that_fails_at_its_target_turns_the_gate_red(self):
        told = """
  <request method="NOTIFY">
    Event: refer
    Subscription-State: terminated;reason=noresource
    Content-Type: message/sipfrag;version=2.0

    SIP/2.0 486 Busy Here
  </request>
  <recv response="200"/>"""
        self.plays(["name: send-on, at: 500ms, do: transfer, to: \"sip:third@example.test\","
                    " expect: { within: 2s, status: 200 }"],
                   '<recv request="REFER"/><reply status="202 Accepted"/>' + told,
                   code=program.FAIL)
        self.assert_red("send-on", "transfer", "486")

    def test_menu_is_heard_and_dialled_through(self):
        """The phone greets after a while, is silent until it gets a 1, and says something again."""
        menu = (pause(700) + PLAY + pause(1200) + PAUSE + INFO.format(expect="Signal *= *1")
                + pause(500) + RESUME + pause(500) + DIGIT.format(digit="9"))
        self.plays(["name: greeting, at: 0s, do: listen, for: audio, timeout: 3s",
                    "name: greeted, after: greeting, do: listen, for: silence, lasting: 500ms",
                    'name: choose, after: greeted, do: send_dtmf, method: info, digits: "1"',
                    "name: goodbye, after: choose, do: listen, for: audio, timeout: 3s",
                    'name: nine, on: dtmf_received, digit: "9", within: 8s, do: hangup'],
                   menu, tone=True, seconds=10)
        self.assert_done("greeting", "greeted", "choose", "goodbye", "nine")
        self.assertGreater(self.actions["greeting"]["took"], 0.5)
        self.assertGreater(self.actions["greeted"]["took"], 1.5)

    def test_menu_that_says_nothing_turns_the_gate_red(self):
        self.plays(["name: greeting, at: 0s, do: listen, for: audio, timeout: 1s"], echo=False,
                   seconds=3, code=program.FAIL)
        self.assert_red("greeting", "listen", "audio")

    # ---- the gates that turn red

    def keeps_playing(self, held):
        """The phone plays a tone, and answers the hold with 200; what it does then is `held`."""
        return PLAY + reoffer("a=sendonly", "recvonly") + held

    def test_phone_that_stops_when_it_is_held_passes(self):
        self.plays(["name: hold, at: 1s, do: hold, expect: { within: 1s, status: 200, media: stopped }"],
                   self.keeps_playing(PAUSE), tone=True)
        self.assert_done("hold")

    def test_phone_that_keeps_sending_when_it_is_held_turns_the_gate_red(self):
        self.plays(["name: hold, at: 1s, do: hold, expect: { within: 1s, status: 200, media: stopped }"],
                   self.keeps_playing(""), tone=True, code=program.FAIL)
        self.assert_red("hold", "stopped")

    def test_phone_that_refuses_the_codec_change_turns_the_gate_red(self):
        refuse = ('<recv request="INVITE"/><reply status="488 Not Acceptable Here"/>'
                  '<recv request="ACK"/>')
        self.plays(["name: change, at: 1s, do: update_media, codecs: [pcmu],"
                    " expect: { within: 1s, status: 200, codec: pcmu }"],
                   refuse, codecs="pcma, pcmu", code=program.FAIL)
        self.assert_red("change", "update_media", "status 200", "488")

    def test_phone_that_drops_a_digit_turns_the_gate_red(self):
        kept = "".join(DIGIT.format(digit=digit) for digit in "1245")
        steps = "".join(INFO.format(expect=f"Signal *= *{digit}") for digit in "12345") + kept
        self.plays(['name: dial, at: 300ms, do: send_dtmf, method: info, digits: "12345"',
                    'name: all-five, on: dtmf_received, digit: "12345", within: 4s, do: hangup'],
                   steps, code=program.FAIL, seconds=5)
        self.assert_red("all-five", "12345", "1245")

    def test_phone_that_never_refreshes_turns_the_gate_red(self):
        self.plays(["name: refreshed, on: session_timer_refreshed, within: 2s, do: wait, length: 1ms"],
                   timer=TIMER.format(refresher="uas"), seconds=3, code=program.FAIL,
                   group="session_timer: { mode: supported, expires: 90s, refresher: uas }")
        self.assert_red("refreshed", "session_timer_refreshed", "2 s")


if __name__ == "__main__":
    program.main()

#!/usr/bin/python3
"""The torture messages of RFC 4475 at the SIP port of a running endpoint, whose call passes after."""

import glob
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path += [HERE, os.path.join(HERE, "..", "support")]

import peers  # noqa: E402
import phones  # noqa: E402
import program  # noqa: E402
import wire  # noqa: E402

MESSAGES = sorted(glob.glob(os.path.join(HERE, "..", "torture", "rfc4475", "*.dat")))

# A response is dropped, whatever is in it: nobody asked.
DROPPED = {"bcast", "bigcode", "noreason", "scalarlg", "unreason"}
# What must be answered with one of these codes; what is not here is a request that must be answered
# by any final response, since it is well-formed or may be taken as such.
CODES = {
    "badinv01": {400},
    "clerr": {400},
    "ncl": {400},
    "scalar02": {400},
    "quotbal": {400},
    "baddn": {400},
    "badvers": {505, 400},
    "mismatch01": {400},
    "mismatch02": {400, 501},
    "insuf": {400},
    "unkscm": {416, 400},
    "novelsc": {416, 400},
    "mcl01": {400},
    "multi01": {400},
    "bext01": {420},
    "esc02": {501, 405},
    "intmeth": {501, 405},
    "zeromf": {200, 404, 483},
}
# Also right without an answer: no Via that can be read says where the answer goes.
UNADDRESSED = {"badinv01", "badvers"}
# What sofia-sip cannot read, and drops without telling us: a NUL in a quoted string, a blank in the
# Request-URI.
UNREADABLE = {"intmeth", "lwsruri"}
# Where the end of the message is not there or cannot be known, a connection waits or is closed.
UNFRAMED = {"baddn", "bigcode", "clerr", "dblreq"}


def carried(data, over):
    """The message with the transport that it comes by in its topmost Via, where the answer goes."""
    via = rb"(SIP[ \t]*/[ \t]*[27].0[ \t\r\n]*/[ \t]*)(UDP|TCP|TLS)"
    return re.sub(via, rb"\1" + over.upper().encode(), data, count=1)


class TortureTest(phones.PhonesTest):
    """Two phones are registered; the first one has the name that many of the messages are for."""

    def setUp(self):
        program.ProgramTest.setUp(self)

    def torture(self, over):
        """Sends every message and looks at what comes back; then the second phone is called."""
        passwords = {"user": "Hush-user", "1000": "Hush-1000"}
        self.start_kamailio(passwords=passwords)
        run = self.start_spec(self.spec(seconds=1))
        registered = lambda: len(self.kamailio.users("registered")) == 2
        peers.wait_until(registered, "the phones are registered", alive=run.child)
        target = self.kamailio.bound("user")
        wrong = [line for path in MESSAGES for line in self.send(path, target, over)]
        self.assertEqual(wrong, [], "\n".join(wrong))
        sipp = self.sipp("call", "-m", "1", "-s", "1000", "-d", "1500", target=self.kamailio.server,
                         tone=True)
        self.assertEqual(sipp.wait(), 0, sipp.errors)
        run.interrupt()
        run.wait()
        # The first one may have taken one of them for its call, and have ended.
        self.assertIn(run.child.returncode, (program.FAIL, program.INTERRUPTED), run.stderr)
        self.assertEqual(run.endpoints()[1]["outcome"], "SUCCESS", run.endpoints()[1]["detail"])
        self.assertNotIn("Sanitizer", run.stderr)

    def send(self, path, target, over):
        """One message, from an address of its own; what is wrong with what came back."""
        name = os.path.basename(path)[:-4]
        with open(path, "rb") as file:
            data = carried(file.read(), over)
        # The two transports side by side, too.
        host = f"127.4.{('udp', 'tcp').index(over)}.{MESSAGES.index(path) + 1}"
        final = lambda each: re.match(rb"SIP/2.0 [2-6]", each) is not None
        with wire.Phone(target, over, host, (5050, 5060)) as phone:
            phone.send(data)
            phone.gather(0.1 if name in DROPPED else 0.5, final)
            found = [each for each in phone.received if final(each)]
            framed = over == "udp" or name not in UNFRAMED | UNREADABLE
            alive = framed and (phone.ping() or phone.closed)
        with wire.Phone(target, over) as phone:
            if (framed and not alive) or not phone.ping():
                return [f"{name}: no answer to OPTIONS after it"]
        codes = [int(wire.parts(each)[0].split(" ")[1]) for each in found]
        if name in DROPPED:
            return [f"{name}: {codes}, but a response is not answered"] if codes else []
        if not codes and (name in UNADDRESSED | UNREADABLE or not framed):
            return []
        if len(codes) != 1:
            return [f"{name}: {codes}, but one answer is due"]
        if codes[0] not in CODES.get(name, codes):
            return [f"{name}: {codes}, but {CODES[name]} is due"]
        return []

    def test_messages_of_rfc_4475_over_udp(self):
        self.torture("udp")

    def test_messages_of_rfc_4475_over_tcp(self):
        self.torture("tcp")


if __name__ == "__main__":
    program.main()

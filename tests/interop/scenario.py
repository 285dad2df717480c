"""Scenarios for SIPp, written shorter: what every message of a dialog has is put in here.

The files under sipp/ are SIPp's own XML, and beside its elements they may have

    <reply status="183 Session Progress" sdp="sendrecv" tag="b">headers</reply>
        the answer to the request that was received last, or with of="INVITE" to the last INVITE
    <request method="BYE" sdp="inactive" cseq="2">headers</request>
        a request: the INVITE that opens the call, or one inside of its dialog
    <recv ... expect="pattern" refuse="pattern"/>
        the message must (not) have it, or the call failed

sdp: a direction, or "zero" (RFC 2543's hold: c=0.0.0.0); beside it formats="8 96", the payload
types of the m= line: 8 when not given, or those of the description before. The text of an element
is headers; after an empty line, the body. What stands as {NAME} comes from outside.
"""

import re
import xml.etree.ElementTree as ET

SELF = "<sip:outside@[local_ip]:[local_port]>;tag=[pid]-[call_number]"
CONTACT = "Contact: <sip:outside@[local_ip]:[local_port];transport=[transport]>"
# Of the INVITE, for its later responses: SIPp itself remembers the last message only.
KEPT = {
    "invite_via": "(Via:[[:print:]]+[[:cntrl:]]+)+",
    "invite_route": "(Record-Route:[[:print:]]+[[:cntrl:]]+)+",
    "invite_cseq": "CSeq:[[:print:]]+",
}
HEADERS = {"remote": "From:", "local": "To:"}
FORMATS = {"0": "PCMU/8000", "8": "PCMA/8000", "96": "telephone-event/8000"}


class Scenario:
    """Writes the elements of one file as SIPp wants them."""

    def __init__(self, root):
        self.root = ET.Element("scenario", root.attrib)
        self.names = set()
        self.received = None  # method of the last request
        self.confirmed = False  # a 2xx to an INVITE was sent or received
        self.caller = None
        self.invite = 0  # index of our last INVITE, and its number
        self.cseq = self.invite_cseq = 0
        self.refused = False
        self.version, self.said, self.formats = 0, None, "8"
        # What rtp_stream plays leaves from a port of its own.
        plays = any(action.get("rtp_stream") for action in root.iter("exec"))
        self.port = "[rtpstream_audio_port]" if plays else "[media_port]"
        self.checks = 0
        for element in root:
            {"recv": self._recv, "reply": self._reply, "request": self._request}.get(
                element.tag, self.root.append)(element)
        if self.names:
            ET.SubElement(self.root, "Reference", variables=",".join(sorted(self.names)))

    def text(self):
        """The XML, whose messages are CDATA: SIPp knows no character references there."""
        xml = ET.tostring(self.root, encoding="unicode")
        unescape = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}
        send = lambda match: match[1] + "<![CDATA[" + re.sub(
            "&[a-z]+;", lambda name: unescape[name[0]], match[2]) + "]]></send>"
        xml = re.sub(r"(<send[^>]*>)(.*?)</send>", send, xml, flags=re.DOTALL)
        return '<?xml version="1.0" encoding="UTF-8"?>\n' + xml

    def _index(self):
        """Of the next message, as SIPp counts for its branches."""
        return sum(element.tag != "label" for element in self.root)

    def _recv(self, element):
        new = ET.SubElement(self.root, "recv", element.attrib)
        new.extend(element)
        self.names.update(action.get("assign_to") for action in element.iter("ereg"))
        expected, refused = new.attrib.pop("expect", None), new.attrib.pop("refuse", None)
        for pattern, check in ((expected, "check_it"), (refused, "check_it_inverse")):
            if pattern:
                self.checks += 1
                self._take(new, f"check{self.checks}", pattern, search_in="msg", **{check: "true"})
        method = new.get("request")
        if method:
            self.received = method
        if method == "INVITE":
            self.caller = bool(self.caller)
            for name, pattern in KEPT.items():
                self._take(new, name, pattern, search_in="msg")
            if not self.confirmed and not self.caller:
                new.set("rrs", "true")
                for name, header in HEADERS.items():
                    self._take(new, name, "[[:print:]]+", search_in="hdr", header=header)
        status = new.get("response")
        if status and self.caller and not self.confirmed and not new.get("optional"):
            if status > "100":
                new.set("rrs", "true")
                self._take(new, "remote", "[[:print:]]+", search_in="hdr", header="To:")
            self.refused = status >= "300"
        # An action that reads has to be the last child, as SIPp wants just one.
        actions = new.findall("action")
        if len(actions) > 1:
            for extra in actions[1:]:
                actions[0].extend(extra)
                new.remove(extra)

    def _take(self, recv, name, pattern, **where):
        action = recv.find("action")
        if action is None:
            action = ET.SubElement(recv, "action")
        ET.SubElement(action, "ereg", regexp=pattern, assign_to=name, **where)
        self.names.add(name)

    def _reply(self, element):
        status = element.get("status")
        method = element.get("of", self.received)
        tag = element.get("tag", "[pid]-[call_number]")
        if method == "INVITE":
            ends = ("[$local]", f"tag={tag}") if not self.caller else (SELF, None)
            to = ";".join(part for part in ends if part)
            # What was kept ends with its own line break, or is not there at all.
            head = [f"SIP/2.0 {status}", f"[$invite_via][$invite_route]From:[$remote]", f"To: {to}",
                    "[last_Call-ID:]", "[$invite_cseq]"] + ([] if status[0] == "3" else [CONTACT])
        else:
            to = f"[last_To:];tag={tag}" if method == "CANCEL" else "[last_To:]"
            head = [f"SIP/2.0 {status}", "[last_Via:]", "[last_From:]", to, "[last_Call-ID:]",
                    "[last_CSeq:]", CONTACT]
        final = method == "INVITE" and status >= "200"
        self._send(element, head, final)
        self.confirmed |= final and status < "300"

    def _request(self, element):
        method = element.get("method")
        if self.caller is None:
            self.caller = True
        opening = method == "INVITE" and self.caller and not self.confirmed
        branch = "[branch]"
        if method in ("ACK", "CANCEL"):
            number = self.invite_cseq
            if method == "CANCEL" or self.refused:
                branch = f"[branch-{self._index() - self.invite}]"
        else:
            self.cseq += 1
            number = int(element.get("cseq", self.cseq))
        same_way = opening or method == "CANCEL" or (method == "ACK" and self.refused)
        target = "sip:[service]@example.test" if same_way else "[next_url]"
        mine = SELF if self.caller else "[$local];tag=[pid]-[call_number]"
        theirs = "[$remote]"
        if opening or method == "CANCEL":
            theirs = "<sip:[service]@example.test>"
        head = [f"{method} {target} SIP/2.0",
                f"Via: SIP/2.0/[transport] [local_ip]:[local_port];branch={branch}",
                "Max-Forwards: 70", f"From: {mine}", f"To: {theirs}", "Call-ID: [call_id]",
                f"CSeq: {number} {method}", CONTACT]
        if not same_way:
            head.insert(3, "[routes]")
        if method == "INVITE":
            self.invite, self.invite_cseq, self.refused = self._index(), number, False
        self._send(element, head, method != "ACK")
        self.confirmed |= method == "ACK" and not self.refused

    def _send(self, element, head, repeat):
        headers, _, body = (element.text or "").strip().partition("\n\n")
        head += [line.strip() for line in headers.splitlines()]
        body = "\n".join(line.strip() for line in body.splitlines())
        direction = element.get("sdp")
        if direction:
            head.append("Content-Type: application/sdp")
            self.formats = element.get("formats", self.formats)
            body = self._sdp(direction)
        head.append("Content-Length: [len]" if body else "Content-Length: 0")
        attributes = {"retrans": "500"} if repeat and element.get("once") is None else {}
        attributes.update((key, element.get(key)) for key in ("next", "test") if element.get(key))
        send = ET.SubElement(self.root, "send", attributes)
        send.text = "\n" + "\n".join(head) + "\n\n" + (body + "\n" if body else "")

    def _sdp(self, direction):
        if (direction, self.formats) != self.said:
            self.version, self.said = self.version + 1, (direction, self.formats)
        address = "0.0.0.0" if direction == "zero" else "[media_ip]"
        lines = ["v=0", f"o=sipp 1 {self.version} IN IP4 [local_ip]", "s=-", f"c=IN IP4 {address}",
                 "t=0 0", f"m=audio {self.port} RTP/AVP {self.formats}"]
        lines += [f"a=rtpmap:{number} {FORMATS[number]}" for number in self.formats.split()]
        lines.append("a=ptime:20")
        if direction not in ("sendrecv", "zero"):
            lines.append("a=" + direction)
        return "\n".join(lines)


def expand(text, values):
    """The scenario as SIPp takes it; values: for {NAME}."""
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    parser = ET.XMLParser(target=ET.TreeBuilder(insert_comments=False))
    return Scenario(ET.fromstring(text.encode(), parser)).text()

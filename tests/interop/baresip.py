"""baresip, a phone that nobody here wrote, as callee and as caller."""

import json
import os
import re
import socket

import peers

CONFIG = """
module_path /usr/lib/baresip/modules
module g711.so
module g722.so
module opus.so
module srtp.so
module dtls_srtp.so
{recorder}module ausine.so
module aubridge.so
module_tmp account.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen {host}:{control}
audio_source ausine,440
audio_player aubridge,nil
audio_alert aubridge,nil
snd_path {folder}
ausrc_srate 48000
auplay_srate 48000
ausrc_channels 2
auplay_channels 2
audio_buffer 20-160
rtp_ports {rtp}-{rtp_last}
sip_listen {host}:{port}
net_interface 127.0.0.1
call_max_calls 8
statmode_default off
{settings}"""


class Baresip:
    """A phone that has an account at `registrar` (host:port) or only listens on `port`. With an
    authority (certificates.py) it speaks TLS too, and trusts it. dial: a URI that it calls at once.
    codec: as baresip writes it. record: what it hears is in the file heard().
    mediaenc: how it encrypts, as it writes that; nothing: not at all. ptime: of its packets, ms.
    settings: further lines of its configuration."""

    def __init__(self, folder, transport="udp", user="bs", password=None, registrar=None,
                 authority=None, dial=None, codec="PCMA/8000/1", record=False, mediaenc="",
                 ptime=None, settings=()):
        number = len([name for name in os.listdir(folder) if name.startswith("baresip")])
        self.folder = os.path.join(folder, f"baresip{number}")
        self.transport = transport
        self.user, self.password, self.registrar = user, password, registrar
        self.authority = authority
        self.dial = dial
        self.codec = codec
        self.record = record
        self.mediaenc = mediaenc
        self.ptime = ptime
        self.settings = settings
        self.control = peers.free_port()
        self.port = peers.free_port(2)
        self.tls_port = self.port + 1
        self.rtp = peers.free_port(20)
        self.process = None

    def _account(self):
        options = ["answermode=auto", f"audio_codecs={self.codec}", f"mediaenc={self.mediaenc}"]
        options += [f"ptime={self.ptime}"] if self.ptime else []
        if self.registrar:
            address = f"sip:{self.user}@{peers.REALM};transport={self.transport}"
            proxy = f"sip:{self.registrar};transport={self.transport}"
            options += [f'outbound="{proxy}"', f"auth_user={self.user}",
                        f"auth_pass={self.password}", "regint=60"]
        else:
            address = f"sip:{self.user}@{peers.HOST}:{self.port};transport={self.transport}"
            options += ["regint=0"]
        return f"<{address}>;" + ";".join(options) + "\n"

    def _write(self, name, text):
        with open(os.path.join(self.folder, name), "w", encoding="ascii") as file:
            file.write(text)

    def __enter__(self):
        os.makedirs(self.folder)
        config = CONFIG.format(host=peers.HOST, port=self.port, rtp=self.rtp, rtp_last=self.rtp + 19,
                               folder=self.folder, control=self.control,
                               settings="".join(line + "\n" for line in self.settings),
                               recorder="module sndfile.so\n" if self.record else "")
        if self.authority:
            pair = self.authority.issue("baresip", "DNS:" + peers.REALM, "IP:" + peers.HOST)
            both = ""
            for path in pair:
                with open(path, encoding="ascii") as file:
                    both += file.read()
            self._write("both.pem", both)
            config += f"sip_certificate {self.folder}/both.pem\nsip_cafile {self.authority.ca}\n"
        self._write("config", config)
        self._write("accounts", self._account())
        self._write("contacts", "")
        argv = ["baresip", "-f", self.folder, "-4"]
        argv += ["-e", "/dial " + self.dial] if self.dial else []
        self.process = peers.Process("baresip", argv, self.folder, keep_stdin=True)
        try:
            peers.wait_until(self.ready, "baresip is ready", alive=self.process.child)
        except BaseException:
            self.process.stop()
            raise
        return self

    def __exit__(self, *_):
        self.process.stop()

    def command(self, name, *parameters):
        """Tells it to do something, as its menu calls that."""
        text = json.dumps({"command": name, "params": " ".join(parameters), "token": "1"}).encode()
        with socket.create_connection((peers.HOST, self.control), 5) as control:
            control.sendall(b"%d:%s," % (len(text), text))
            answer = b""
            while b'"response":true' not in answer:  # what happens meanwhile is told there, too
                more = control.recv(4096)
                if not more:
                    break
                answer += more
        if not re.search(rb'"response":true[^}]*"ok":true', answer):
            raise AssertionError(f"baresip does not {name}: {answer}")

    @property
    def printed(self):
        """What it wrote so far, without colours."""
        with open(self.process.log, encoding="utf-8", errors="replace") as log:
            return re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", log.read())

    def ready(self):
        """It listens, and is registered when it is to be."""
        if self.registrar and not re.search(r"200 OK.*\[1 binding", self.printed):
            return False
        return "baresip is ready" in self.printed

    def heard(self):
        """The WAV file of what it decoded."""
        return self._recorded("dec")

    def said(self):
        """The WAV file of what it encoded."""
        return self._recorded("enc")

    def _recorded(self, side):
        files = [name for name in os.listdir(self.folder) if name.endswith(f"-{side}.wav")]
        if len(files) != 1:
            raise AssertionError(f"baresip recorded {files}")
        return os.path.join(self.folder, files[0])

#include "cmtest/guide.h"

const struct guide guide_media = {
    .name = "media",
    .help = "what is sent and heard: codecs, sources, playout, recording, digits",
    .text = "audio: of a group says what its endpoints offer, send, and do with what comes.\n"
            "\n"
            "  audio: { codecs: [opus, pcma], source: speech.wav, record: heard }\n"
            "\n"
            "  codecs    by preference; a mapping has bitrate, ptime or fmtp of its own.\n"
            "            telephone-event and cn stand beside speech\n"
            "  source    tone, silence, echo, or a wav, flac, ogg or mp3 file; of several,\n"
            "            the endpoints of the group have one each by turns\n"
            "  decode    whose received audio is decoded: sampled (one endpoint in 10, the\n"
            "            first of each group with them), full, none, or one in N. Levels,\n"
            "            silence, clipping and tones are known of those only\n"
            "  record    a folder that gets a WAV file of what each decoded endpoint heard\n"
            "  playout   the buffer before the ear, adaptive or fixed; a packet that comes\n"
            "            later than it waits is lost to the listener\n"
            "  rtcp      how often we report, and whether with RFC 3611\n"
            "  dscp      what RTP and RTCP are marked with\n"
            "  receive_buffer  bytes of the queue in which packets wait to be read; the\n"
            "            report says when it was too small\n"
            "\n"
            "Digits are sent by a scenario: do: send_dtmf, with method: rtp (RFC 4733, which\n"
            "needs telephone-event in codecs), info (SIP INFO) or inband (tones). What was\n"
            "received, by whichever method, stands on the timeline in result.json.\n"
            "\n"
            "`cmtest plan SPEC` prints the SDP that is offered. What was agreed on stands as\n"
            "media in result.json, per endpoint.\n"
            "\n"
            "Next: examples/02-codecs.yaml, 10-echo.yaml, 31-recording.yaml;\n"
            "      cmtest help quality, cmtest help encryption, cmtest list codecs\n",
};

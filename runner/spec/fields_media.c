/* The keys of media tracks. */
#include "fields.h"

/* Those that can be run are the rows of media/codecs; a test of plan compares. */
static const struct choice *const audio_codecs[] = {
    CHOICE("pcmu", "G.711 mu-law, 64 kbit/s"),
    CHOICE("pcma", "G.711 A-law, 64 kbit/s"),
    CHOICE("g722", "G.722, 64 kbit/s, wide band"),
    CHOICE("opus", "Opus (RFC 6716, RFC 7587), up to full band"),
    CHOICE("telephone-event", "digits as RTP events (RFC 4733)"),
    CHOICE("cn", "comfort noise (RFC 3389), taken when the peer sends it"),
    NULL,
};
static const struct choice *const video_codecs[] = {
    CHOICE("h264", "H.264 (RFC 6184)"),
    CHOICE("vp8", "VP8 (RFC 7741)"),
    CHOICE("vp9", "VP9 (RFC 9628)"),
    NULL,
};
static const struct choice *const audio_sources[] = {
    CHOICE("tone", "a steady tone, 440 Hz at -15 dBm0 unless told otherwise"),
    CHOICE("silence", "nothing but zero samples"),
    CHOICE("echo", "what is received is sent back"),
    NULL,
};
static const struct choice *const video_sources[] = {CHOICE("pattern", "a moving test pattern"),
                                                     NULL};
static const struct choice *const decodings[] = {
    CHOICE("sampled", "one endpoint in 10, of large groups fewer, and the first of each always"),
    CHOICE("full", "every endpoint, at 3 to 25 us per packet"),
    CHOICE("none", "no endpoint: packets are counted, levels are not measured"),
    NULL,
};
static const struct choice *const security_modes[] = {
    CHOICE("none", "plain RTP"),
    CHOICE("sdes", "SRTP, keys in the SDP (RFC 4568)"),
    CHOICE("dtls", "SRTP, keys by DTLS (RFC 5764)"),
    CHOICE("dual", "both are offered; the answer decides"),
    NULL,
};
static const struct choice *const policies[] = {
    CHOICE("required", "a call without it fails"),
    CHOICE("optional", "plain RTP will do when the peer wants it"), NULL};
static const struct choice *const suites[] = {CHOICE("AES_CM_128_HMAC_SHA1_80", "RFC 4568"),
                                              CHOICE("AES_CM_128_HMAC_SHA1_32", "RFC 4568"),
                                              CHOICE("AES_256_CM_HMAC_SHA1_80", "RFC 6188"),
                                              CHOICE("AES_256_CM_HMAC_SHA1_32", "RFC 6188"),
                                              CHOICE("AEAD_AES_128_GCM", "RFC 7714"),
                                              CHOICE("AEAD_AES_256_GCM", "RFC 7714"),
                                              NULL};
static const struct choice *const classes[] = {
    CHOICE("ef", "46, voice"),        CHOICE("af41", "34, video"),
    CHOICE("cs3", "24, signalling"),  CHOICE("cs1", "8, low priority"),
    CHOICE("none", "0, best effort"), NULL,
};

static const struct field suite_item = {.key = "suite",
                                        .kind = FIELD_CHOICE,
                                        .choices = suites,
                                        .code = "unknown-suite",
                                        .noun = "an SRTP suite",
                                        .help = "an SRTP suite",
                                        .example = "AES_CM_128_HMAC_SHA1_80"};

static const struct field security_fields[] = {
    {.key = "mode",
     .kind = FIELD_CHOICE,
     AT(spec_security, mode),
     .required = true,
     .choices = security_modes,
     .code = "unknown-security",
     .noun = "a way to secure media",
     .fallback = "none",
     .help = "where the keys come from",
     .example = "sdes"},
    {.key = "suites",
     .kind = FIELD_LIST,
     LIST_AT(spec_security, suites),
     .item = &suite_item,
     .min = 1,
     .max = 8,
     .help = "SRTP suites, the preferred one first",
     .example = "[AES_CM_128_HMAC_SHA1_80]"},
    {.key = "policy",
     .kind = FIELD_CHOICE,
     AT(spec_security, policy),
     .choices = policies,
     .code = "unknown-policy",
     .fallback = "required",
     .help = "whether a call without encryption may go on",
     .example = "optional"},
    {.key = "rekey",
     .kind = FIELD_DURATION,
     AT(spec_security, rekey_ns),
     .min = SECOND,
     .max = 24 * HOUR,
     .help = "new keys so often in a call, by a re-INVITE of this group; of SDES only",
     .example = "30s"},
    END,
};

static const struct field codec_fields[] = {
    {.key = "name",
     .kind = FIELD_CHOICE,
     AT(spec_codec, name),
     .required = true,
     .choices = audio_codecs,
     .code = "unknown-codec",
     .noun = "an audio codec",
     .help = "name of a codec",
     .example = "pcma"},
    {.key = "ptime",
     .kind = FIELD_DURATION,
     AT(spec_codec, ptime_ns),
     .min = 10 * MILLISECOND,
     .max = 60 * MILLISECOND,
     .step = 10 * MILLISECOND,
     .help = "length of its packets; that of the track when not given",
     .example = "30ms"},
    {.key = "bitrate",
     .kind = FIELD_BITRATE,
     AT(spec_codec, bitrate),
     .min = 6000,
     .max = 510000,
     .help = "that is sent, by codecs that can be told; the peer may ask for less",
     .example = "32kbps"},
    {.key = "fmtp",
     .kind = FIELD_STRING,
     AT(spec_codec, fmtp),
     .max = 200,
     .help = "its parameters in SDP, in place of the usual ones",
     .example = "\"maxplaybackrate=16000; useinbandfec=1\""},
    END,
};

static const struct field codec_item = {.key = "codec",
                                        .kind = FIELD_STRUCT,
                                        .fields = codec_fields,
                                        .shorthand = "name",
                                        .size = sizeof(struct spec_codec),
                                        .help = "a codec by name, or with its settings",
                                        .example = "{ name: pcma, ptime: 30ms }"};

static const struct field source_fields[] = {
    {.key = "name",
     .kind = FIELD_CHOICE,
     AT(spec_source, name),
     .required = true,
     .choices = audio_sources,
     .file = FILE_AUDIO,
     .other = OTHER_FILE,
     .max = 4096,
     .code = "unknown-source",
     .noun = "a source of audio or an audio file",
     .help = "a word, or a wav, flac, ogg or mp3 file, relative to the spec",
     .example = "media/speech.wav"},
    {.key = "frequency",
     .kind = FIELD_INTEGER,
     AT(spec_source, frequency),
     .min = 50,
     .max = 21600,
     .help = "of a tone, Hz; at most 0.45 of the sample rate of every codec",
     .example = "1000"},
    {.key = "level",
     .kind = FIELD_INTEGER,
     AT(spec_source, level),
     .min = -60,
     .max = 3,
     .fallback = "-15",
     .help = "of a tone, dBm0",
     .example = "-20"},
    END,
};

static const struct field source_item = {
    .key = "source",
    .kind = FIELD_STRUCT,
    .fields = source_fields,
    .shorthand = "name",
    .size = sizeof(struct spec_source),
    .help = "a source by name, or with its settings, or an audio file",
    .example = "{ name: tone, frequency: 1000, level: -20 }"};

static const struct field video_codec_item = {.key = "codec",
                                              .kind = FIELD_CHOICE,
                                              .choices = video_codecs,
                                              .code = "unknown-codec",
                                              .noun = "a video codec",
                                              .help = "name of a codec",
                                              .example = "h264"};

/* What both kinds of track have. */
#define TRACK(type)                                                                    \
    {.key = "security",                                                                \
     .kind = FIELD_STRUCT,                                                             \
     AT(type, security),                                                               \
     .fields = security_fields,                                                        \
     .shorthand = "mode",                                                              \
     .help = "encryption of the media",                                                \
     .example = "{ mode: sdes, policy: optional }"},                                   \
        {.key = "rtcp_mux",                                                            \
         .kind = FIELD_BOOLEAN,                                                        \
         AT(type, rtcp_mux),                                                           \
         .fallback = "false",                                                          \
         .help = "RTP and RTCP on one port (RFC 5761)",                                \
         .example = "true"},                                                           \
        {.key = "avpf",                                                                \
         .kind = FIELD_BOOLEAN,                                                        \
         AT(type, avpf),                                                               \
         .fallback = "false",                                                          \
         .help = "the profile with early feedback (RFC 4585)",                         \
         .example = "true"},                                                           \
        {.key = "deferred",                                                            \
         .kind = FIELD_BOOLEAN,                                                        \
         AT(type, deferred),                                                           \
         .fallback = "false",                                                          \
         .help = "inactive in the first offer; a step of the scenario activates it",   \
         .example = "true"},                                                           \
    {                                                                                  \
        .key = "dscp", .kind = FIELD_CHOICE, AT(type, dscp), .choices = classes,       \
        .other = OTHER_INTEGER, .max = 63, .fallback = "none", .code = "unknown-dscp", \
        .noun = "a DSCP class or a number from 0 to 63",                               \
        .help = "the class that RTP and RTCP packets are marked with", .example = "ef" \
    }

const struct field audio_fields[] = {
    {.key = "codecs",
     .kind = FIELD_LIST,
     LIST_AT(spec_audio, codecs),
     .item = &codec_item,
     .min = 1,
     .max = 16,
     .fallback = "[pcma, pcmu]",
     .help = "codecs that are offered and accepted, the preferred one first",
     .example = "[pcma, pcmu]"},
    {.key = "ptime",
     .kind = FIELD_DURATION,
     AT(spec_audio, ptime_ns),
     .min = 10 * MILLISECOND,
     .max = 60 * MILLISECOND,
     .step = 10 * MILLISECOND,
     .help = "length of a packet that is asked for; the codec's usual one when not given",
     .example = "30ms"},
    {.key = "source",
     .kind = FIELD_LIST,
     LIST_AT(spec_audio, sources),
     .item = &source_item,
     .single = true,
     .min = 1,
     .max = 100,
     .fallback = "[tone]",
     .help = "what is sent: a source, or several, which the endpoints have by turns",
     .example = "media/speech.wav"},
    {.key = "decode",
     .kind = FIELD_CHOICE,
     AT(spec_audio, decode),
     .choices = decodings,
     .other = OTHER_INTEGER,
     .min = 1,
     .max = 100000,
     .fallback = "sampled",
     .code = "unknown-decoding",
     .noun = "a way to decode, or a number N: one endpoint in N",
     .help = "whose received audio is decoded, so that levels and silence are measured: sampled, "
             "full, none, or one endpoint in N",
     .example = "full"},
    {.key = "record",
     .kind = FIELD_STRING,
     AT(spec_audio, record),
     .max = 300,
     .help = "folder for what decoded endpoints heard, a WAV file each, from where cmtest runs; "
             "at most 256 MiB in a run",
     .example = "recordings"},
    {.key = "playout",
     .kind = FIELD_STRUCT,
     AT(spec_audio, playout),
     .fields = playout_fields,
     .shorthand = "mode",
     .help = "the buffer that received packets wait in until they are heard; later ones are lost",
     .example = "{ mode: fixed, nominal: 80ms }"},
    {.key = "rtcp",
     .kind = FIELD_STRUCT,
     AT(spec_audio, rtcp),
     .fields = rtcp_fields,
     .shorthand = "interval",
     .help = "the reports that are sent about the media",
     .example = "5s"},
    {.key = "receive_buffer",
     .kind = FIELD_INTEGER,
     AT(spec_audio, receive_buffer),
     .min = 256,
     .max = 1 << 30,
     .help =
         "bytes of each media socket's receive queue (SO_RCVBUF, of which the kernel makes twice "
         "as much, and at most net.core.rmem_max); what the system gives when not given",
     .example = "262144"},
    TRACK(spec_audio),
    END,
};

const struct field video_fields[] = {
    {.key = "codec",
     .kind = FIELD_LIST,
     LIST_AT(spec_video, codecs),
     .item = &video_codec_item,
     .required = true,
     .single = true,
     .min = 1,
     .max = 8,
     .help = "codec that is offered and accepted, or several, the preferred one first",
     .example = "h264"},
    {.key = "resolution",
     .kind = FIELD_RESOLUTION,
     AT(spec_video, resolution),
     .min = 16,
     .max = 7680,
     .help = "width and height in pixels; 640x480 when not given",
     .example = "640x480"},
    {.key = "fps",
     .kind = FIELD_INTEGER,
     AT(spec_video, fps),
     .min = 1,
     .max = 60,
     .fallback = "30",
     .help = "pictures per second",
     .example = "30"},
    {.key = "bitrate",
     .kind = FIELD_BITRATE,
     AT(spec_video, bitrate),
     .min = 16000,
     .max = 50000000,
     .help = "of the encoded pictures",
     .example = "1Mbps"},
    {.key = "source",
     .kind = FIELD_CHOICE,
     AT(spec_video, source),
     .choices = video_sources,
     .file = FILE_ANY,
     .other = OTHER_FILE,
     .max = 4096,
     .code = "unknown-source",
     .noun = "a source of video or a video file",
     .fallback = "pattern",
     .later = true,
     .help = "what is sent: a word, or a file, relative to the spec",
     .example = "pattern"},
    TRACK(spec_video),
    END,
};

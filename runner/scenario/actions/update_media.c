#include <string.h>
#include "cmtest/scenario.h"

extern const struct action action_update_media;

static const struct field codec_item = {
    .key = "codec", .kind = FIELD_STRING, .max = 64, .help = "name of a codec", .example = "pcma"};

static const struct choice *const direction_words[] = {
    CHOICE("sendrecv", NULL), CHOICE("sendonly", NULL), CHOICE("recvonly", NULL),
    CHOICE("inactive", NULL), NULL};

static const struct choice *const method_words[] = {CHOICE("reinvite", "INVITE within the call"),
                                                    CHOICE("update", "UPDATE (RFC 3311)"), NULL};

static const struct choice *const source_words[] = {
    CHOICE("tone", "a sine"), CHOICE("silence", NULL), CHOICE("echo", "what is received"), NULL};

static const struct field fields[] = {
    {.key = "codecs",
     .kind = FIELD_LIST,
     .item = &codec_item,
     .min = 1,
     .max = 16,
     .help = "codecs that are offered, the preferred one first",
     .example = "[pcma]"},
    {.key = "ptime",
     .kind = FIELD_DURATION,
     .min = 10000000,
     .max = 60000000,
     .step = 10000000,
     .help = "length of the packets that we ask for",
     .example = "30ms"},
    {.key = "direction",
     .kind = FIELD_CHOICE,
     .choices = direction_words,
     .code = "unknown-direction",
     .help = "of the audio",
     .example = "sendonly"},
    {.key = "source",
     .kind = FIELD_CHOICE,
     .choices = source_words,
     .other = OTHER_FILE,
     .file = FILE_AUDIO,
     .code = "unknown-source",
     .noun = "a source of audio or an audio file",
     .max = 4096,
     .help = "what is sent once the offer was accepted: tone, silence, or an audio file",
     .example = "media/music.wav"},
    {.key = "rekey", .kind = FIELD_BOOLEAN, .help = "new SRTP keys", .example = "true"},
    {.key = "method",
     .kind = FIELD_CHOICE,
     .choices = method_words,
     .code = "unknown-method",
     .noun = "a request that carries an offer",
     .help = "the request that carries the offer; reinvite when not given",
     .example = "update"},
    {.key = NULL},
};

static const char *begin(const struct performer *performer, void *who, uint32_t ticket,
                         const struct step *step)
{
    const char *method = step_text(step, "method");
    struct proposal change = {.direction = step_text(step, "direction"),
                              .ptime_ms = (uint32_t)(step_duration(step, "ptime", 0) / 1000000),
                              .audio = step->audio,
                              .rekey = step_flag(step, "rekey"),
                              .update = method && strcmp(method, "update") == 0};
    while (change.codec_count < PROPOSAL_CODECS_MAX &&
           (change.codecs[change.codec_count] = step_text_at(step, "codecs", change.codec_count)))
        change.codec_count++;
    return performer->offer(who, ticket, &change);
}

const struct action action_update_media = {
    .choice = {.word = "update_media",
               .help = "a new offer with other media",
               .example = "{ at: 20s, do: update_media, codecs: [pcma] }",
               .fields = fields},
    .needs_call = true,
    .begin = begin,
};

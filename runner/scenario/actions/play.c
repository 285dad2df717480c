#include "cmtest/scenario.h"

extern const struct action action_play;

static const struct choice *const source_words[] = {
    CHOICE("tone", "a sine"), CHOICE("silence", NULL), CHOICE("echo", "what is received"), NULL};

static const struct field fields[] = {
    {.key = "source",
     .kind = FIELD_CHOICE,
     .choices = source_words,
     .other = OTHER_FILE,
     .file = FILE_AUDIO,
     .code = "unknown-source",
     .noun = "a source of audio or an audio file",
     .max = 4096,
     .required = true,
     .help = "a word, or a wav, flac, ogg or mp3 file, relative to the spec",
     .example = "media/speech.wav"},
    {.key = "frequency",
     .kind = FIELD_INTEGER,
     .min = 50,
     .max = 21600,
     .help = "of a tone, Hz; 440 when not given",
     .example = "1000"},
    {.key = "level",
     .kind = FIELD_INTEGER,
     .min = -60,
     .max = 3,
     .help = "of a tone, dBm0; -15 when not given",
     .example = "-20"},
    {.key = "length",
     .kind = FIELD_DURATION,
     .min = 10000000,
     .max = INT64_C(3600000000000),
     .help = "at most so long; then the step is done, and what was sent before goes on",
     .example = "3s"},
    {.key = "loop",
     .kind = FIELD_BOOLEAN,
     .help = "it begins again at its end; true when not given. Else the step is done at its end, "
             "and what was sent before goes on",
     .example = "false"},
    {.key = NULL},
};

static const char *begin(const struct performer *performer, void *who, uint32_t ticket,
                         const struct step *step)
{
    const char *loop = step_text(step, "loop");
    return performer->play(who, ticket, step->audio, loop && !step_flag(step, "loop"),
                           step_duration(step, "length", 0));
}

const struct action action_play = {
    .choice = {.word = "play",
               .help = "a file or a word replaces what is sent, from now on",
               .example = "{ at: 3s, do: play, source: tone, frequency: 1000, length: 2s }",
               .fields = fields},
    .needs_call = true,
    .begin = begin,
};

/* The keys of what is done to packets on purpose. */
#include "fields.h"

#define HALF (WHOLE / 2)
#define LONGEST (10 * SECOND)

static const struct choice *const orders[] = {
    CHOICE("keep", "a packet whose delay would let it overtake waits: a queue has grown"),
    CHOICE("free", "a packet may overtake: there are several ways through the network"),
    NULL,
};

static const struct field burst_fields[] = {
    {.key = "length",
     .kind = FIELD_INTEGER,
     AT(spec_burst, length),
     .required = true,
     .min = 2,
     .max = 1000,
     .help = "packets in a burst, mean",
     .example = "4"},
    {.key = "inside",
     .kind = FIELD_PERCENT,
     AT(spec_burst, inside),
     .max = WHOLE,
     .fallback = "100%",
     .help = "share of the packets in a burst that are lost",
     .example = "80%"},
    {.key = "outside",
     .kind = FIELD_PERCENT,
     AT(spec_burst, outside),
     .max = WHOLE,
     .fallback = "0%",
     .help = "share of the packets between bursts that are lost",
     .example = "0.1%"},
    END,
};

/* The keys of one direction, and of both; member: where they are in the struct of that type. */
#define PROFILE(type, member)                                                                    \
    {.key = "loss",                                                                              \
     .kind = FIELD_PERCENT,                                                                      \
     AT(type, member loss),                                                                      \
     .either = "loss",                                                                           \
     .max = WHOLE,                                                                               \
     .help = "share of the packets that are lost, each by itself, or in bursts",                 \
     .example = "2%"},                                                                           \
        {.key = "every",                                                                         \
         .kind = FIELD_INTEGER,                                                                  \
         AT(type, member every),                                                                 \
         .either = "loss",                                                                       \
         .min = 2,                                                                               \
         .max = 1000000,                                                                         \
         .help = "the Nth packet of every N is lost: the same loss in each run and each second", \
         .example = "50"},                                                                       \
        {.key = "burst",                                                                         \
         .kind = FIELD_STRUCT,                                                                   \
         AT(type, member burst),                                                                 \
         .with = "loss",                                                                         \
         .fields = burst_fields,                                                                 \
         .shorthand = "length",                                                                  \
         .help = "losses come in bursts of so many packets (Gilbert-Elliott); loss stays their " \
                 "share of all",                                                                 \
         .example = "4"},                                                                        \
        {.key = "delay",                                                                         \
         .kind = FIELD_DURATION,                                                                 \
         AT(type, member delay_ns),                                                              \
         .max = LONGEST,                                                                         \
         .step = MILLISECOND,                                                                    \
         .fallback = "0s",                                                                       \
         .help = "that is added to every packet",                                                \
         .example = "50ms"},                                                                     \
        {.key = "jitter",                                                                        \
         .kind = FIELD_DURATION,                                                                 \
         AT(type, member jitter_ns),                                                             \
         .max = LONGEST,                                                                         \
         .step = MILLISECOND,                                                                    \
         .fallback = "0s",                                                                       \
         .help = "mean of a further delay, for each packet from none to twice that; the jitter " \
                 "of RFC 3550 is about two thirds of it",                                        \
         .example = "10ms"},                                                                     \
        {.key = "order",                                                                         \
         .kind = FIELD_CHOICE,                                                                   \
         AT(type, member order),                                                                 \
         .with = "jitter",                                                                       \
         .choices = orders,                                                                      \
         .code = "unknown-mode",                                                                 \
         .noun = "a way to treat packets that would overtake",                                   \
         .fallback = "keep",                                                                     \
         .help = "whether jitter lets packets overtake",                                         \
         .example = "free"},                                                                     \
        {.key = "reorder",                                                                       \
         .kind = FIELD_PERCENT,                                                                  \
         AT(type, member reorder),                                                               \
         .max = HALF,                                                                            \
         .fallback = "0%",                                                                       \
         .help = "share of the packets that others overtake; when more than half wait for "      \
                 "others, there are not enough others",                                          \
         .example = "1%"},                                                                       \
        {.key = "distance",                                                                      \
         .kind = FIELD_INTEGER,                                                                  \
         AT(type, member distance),                                                              \
         .with = "reorder",                                                                      \
         .min = 1,                                                                               \
         .max = 100,                                                                             \
         .fallback = "1",                                                                        \
         .help = "by how many packets they are overtaken",                                       \
         .example = "3"},                                                                        \
    {                                                                                            \
        .key = "duplicate", .kind = FIELD_PERCENT, AT(type, member duplicate), .max = WHOLE,     \
        .fallback = "0%", .help = "share of the packets that arrive twice", .example = "1%"      \
    }

static const struct field profile_fields[] = {PROFILE(spec_profile, ), END};

const struct field impair_fields[] = {
    PROFILE(spec_impair, both.),
    {.key = "send",
     .kind = FIELD_STRUCT,
     AT(spec_impair, send),
     .fields = profile_fields,
     .shorthand = "loss",
     .help = "what is done to packets that it sends, behind it: it has sent them, and nobody may "
             "get them",
     .example = "{ loss: 2%, burst: 4 }"},
    {.key = "receive",
     .kind = FIELD_STRUCT,
     AT(spec_impair, receive),
     .fields = profile_fields,
     .shorthand = "loss",
     .help = "what is done to packets that arrive, before it measures them",
     .example = "{ delay: 80ms, jitter: 20ms }"},
    END,
};

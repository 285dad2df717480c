/* The keys of how received media is heard and reported. */
#include "fields.h"

static const struct choice *const modes[] = {
    CHOICE("adaptive", "its delay follows the jitter, between minimum and maximum"),
    CHOICE("fixed", "its delay is nominal"),
    NULL,
};

#define LONGEST (1000 * MILLISECOND)

const struct field playout_fields[] = {
    {.key = "mode",
     .kind = FIELD_CHOICE,
     AT(spec_playout, mode),
     .choices = modes,
     .code = "unknown-mode",
     .noun = "a way to play out",
     .fallback = "adaptive",
     .help = "whether the delay of the buffer follows the network",
     .example = "fixed"},
    {.key = "nominal",
     .kind = FIELD_DURATION,
     AT(spec_playout, nominal_ns),
     .min = 10 * MILLISECOND,
     .max = LONGEST,
     .step = MILLISECOND,
     .help = "delay that it begins with, or keeps; 60ms when not given",
     .example = "80ms"},
    {.key = "minimum",
     .kind = FIELD_DURATION,
     AT(spec_playout, minimum_ns),
     .min = 10 * MILLISECOND,
     .max = LONGEST,
     .step = MILLISECOND,
     .help = "least delay of an adaptive buffer; 20ms when not given",
     .example = "40ms"},
    {.key = "maximum",
     .kind = FIELD_DURATION,
     AT(spec_playout, maximum_ns),
     .min = 10 * MILLISECOND,
     .max = LONGEST,
     .step = MILLISECOND,
     .help = "longest delay of an adaptive buffer; 300ms when not given",
     .example = "200ms"},
    END,
};

const struct field rtcp_fields[] = {
    {.key = "interval",
     .kind = FIELD_DURATION,
     AT(spec_rtcp, interval_ns),
     .min = 250 * MILLISECOND,
     .max = 60 * SECOND,
     .step = MILLISECOND,
     .fallback = "1s",
     .help = "between two reports, on average; each comes after half to one and a half of it",
     .example = "5s"},
    {.key = "extended_reports",
     .kind = FIELD_BOOLEAN,
     AT(spec_rtcp, extended_reports),
     .fallback = "true",
     .help = "reports have those of RFC 3611 with them, and SDP asks the peer for its own",
     .example = "false"},
    END,
};

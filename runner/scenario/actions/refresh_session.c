#include "cmtest/scenario.h"

extern const struct action action_refresh_session;

static const struct choice *const method_words[] = {CHOICE("reinvite", "INVITE within the call"),
                                                    CHOICE("update", "UPDATE (RFC 3311)"), NULL};

static const struct field fields[] = {
    {.key = "method",
     .kind = FIELD_CHOICE,
     .choices = method_words,
     .code = "unknown-method",
     .noun = "a request that refreshes a session",
     .help = "the request that refreshes; update when not given",
     .example = "reinvite"},
    {.key = NULL},
};

const struct action action_refresh_session = {
    .choice = {.word = "refresh_session",
               .help = "the session timer is refreshed now",
               .example = "{ at: 30s, do: refresh_session }",
               .fields = fields,
               .later = true},
    .needs_call = true,
};

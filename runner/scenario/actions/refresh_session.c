#include <string.h>
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
     .help = "the request that refreshes; update, where the peer knows it, when not given",
     .example = "reinvite"},
    {.key = NULL},
};

static const char *begin(const struct performer *performer, void *who, uint32_t ticket,
                         const struct step *step)
{
    const char *method = step_text(step, "method");
    return performer->refresh_session(who, ticket,
                                      !method                         ? NULL
                                      : strcmp(method, "update") == 0 ? "UPDATE"
                                                                      : "INVITE");
}

const struct action action_refresh_session = {
    .choice = {.word = "refresh_session",
               .help = "the session timer is refreshed now",
               .example = "{ at: 30s, do: refresh_session }",
               .fields = fields},
    .needs_call = true,
    .begin = begin,
};

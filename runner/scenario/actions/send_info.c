#include "cmtest/scenario.h"

extern const struct action action_send_info;

static const struct field fields[] = {
    {.key = "body", .kind = FIELD_STRING, .max = 1024, .help = "its body", .example = "ping"},
    {.key = "content_type",
     .kind = FIELD_STRING,
     .max = 200,
     .help = "of the body; text/plain when not given",
     .example = "application/json"},
    {.key = NULL},
};

static const char *begin(const struct performer *performer, void *who, uint32_t ticket,
                         const struct step *step)
{
    const char *body = step_text(step, "body"), *type = step_text(step, "content_type");
    return performer->request(who, ticket, "INFO", body && !type ? "text/plain" : type, body);
}

const struct action action_send_info = {
    .choice = {.word = "send_info",
               .help = "an INFO request within the call",
               .example = "{ at: 3s, do: send_info, body: ping }",
               .fields = fields},
    .needs_call = true,
    .begin = begin,
};

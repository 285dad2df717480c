#include "cmtest/scenario.h"

extern const struct action action_send_message;

static const struct field fields[] = {
    {.key = "body",
     .kind = FIELD_STRING,
     .max = 1024,
     .required = true,
     .help = "its body",
     .example = "hello"},
    {.key = "content_type",
     .kind = FIELD_STRING,
     .max = 200,
     .help = "of the body; text/plain when not given",
     .example = "text/html"},
    {.key = NULL},
};

static const char *begin(const struct performer *performer, void *who, uint32_t ticket,
                         const struct step *step)
{
    const char *type = step_text(step, "content_type");
    return performer->request(who, ticket, "MESSAGE", type ? type : "text/plain",
                              step_text(step, "body"));
}

const struct action action_send_message = {
    .choice = {.word = "send_message",
               .help = "a MESSAGE request (RFC 3428) within the call",
               .example = "{ at: 3s, do: send_message, body: hello }",
               .fields = fields},
    .needs_call = true,
    .begin = begin,
};

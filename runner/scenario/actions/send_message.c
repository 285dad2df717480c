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

const struct action action_send_message = {
    .choice = {.word = "send_message",
               .help = "a MESSAGE request (RFC 3428) to the partner",
               .example = "{ at: 3s, do: send_message, body: hello }",
               .fields = fields,
               .later = true},
};

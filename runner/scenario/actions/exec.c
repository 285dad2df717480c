#include "cmtest/scenario.h"

#define TIMEOUT_NS (INT64_C(10) * 1000000000)

extern const struct action action_exec;

static const struct field fields[] = {
    {.key = "command",
     .kind = FIELD_STRING,
     .max = 1024,
     .required = true,
     .help =
         "for /bin/sh -c; CMTEST_ENDPOINT, CMTEST_GROUP and CMTEST_CALL_ID are in its environment",
     .example = "./notify.sh"},
    {.key = "timeout",
     .kind = FIELD_DURATION,
     .min = 1000000,
     .max = INT64_C(3600000000000),
     .help = "it and what it began are killed then; 10s when not given",
     .example = "10s"},
    {.key = NULL},
};

static const char *begin(const struct performer *performer, void *who, uint32_t ticket,
                         const struct step *step)
{
    struct user_command command = {.command = step_text(step, "command"),
                                   .timeout_ns = step_duration(step, "timeout", TIMEOUT_NS)};
    return performer->run(who, ticket, &command);
}

const struct action action_exec = {
    .choice = {.word = "exec",
               .help = "a command of yours is run, beside the call, and must end with status 0; "
                       "only with --allow-exec",
               .example = "{ at: 5s, do: exec, command: ./notify.sh }",
               .fields = fields},
    .begin = begin,
};

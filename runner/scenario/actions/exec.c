#include "cmtest/scenario.h"

extern const struct action action_exec;

static const struct field fields[] = {
    {.key = "command",
     .kind = FIELD_STRING,
     .max = 1024,
     .required = true,
     .help = "run by /bin/sh",
     .example = "./notify.sh"},
    {.key = "timeout",
     .kind = FIELD_DURATION,
     .min = 1000000,
     .max = INT64_C(3600000000000),
     .help = "it is ended then; 10s when not given",
     .example = "10s"},
    {.key = NULL},
};

const struct action action_exec = {
    .choice = {.word = "exec",
               .help = "a command of yours is run; only with --allow-exec",
               .example = "{ at: 5s, do: exec, command: ./notify.sh }",
               .fields = fields,
               .later = true},
};

#include "cmtest/scenario.h"

extern const struct action action_answer;

const struct action action_answer = {
    .choice = {.word = "answer",
               .help = "an incoming call is answered",
               .example = "{ on: ringing, do: answer }",
               .later = true},
};

#include "cmtest/explanation.h"

const struct explanation explanation_nothing_to_record = {
    .code = "nothing-to-record",
    .severity = DIAG_ERROR,
    .title = "A recording that nobody makes",
    .meaning = "record writes what decoded endpoints heard, and with decode: none no endpoint is "
               "decoded, so the folder would stay empty.",
    .remedy = "Decode all endpoints with decode: full, one in some with sampled or a number, or "
              "leave record out.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  phones:\n"
           "    registrar: embedded\n"
           "    endpoints: 2\n"
           "    call: phones\n"
           "    audio: { decode: none, record: recordings }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  phones:\n"
            "    registrar: embedded\n"
            "    endpoints: 2\n"
            "    call: phones\n"
            "    audio: { decode: full, record: recordings }\n"
            "duration: 10s\n",
};

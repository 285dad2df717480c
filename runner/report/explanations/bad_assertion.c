#include "cmtest/explanation.h"

const struct explanation explanation_bad_assertion = {
    .code = "bad-assertion",
    .severity = DIAG_ERROR,
    .title = "An assertion about a message cannot be understood",
    .meaning =
        "Of a header it is a name, and perhaps a parameter: Contact;expires. Of SDP it is an "
        "attribute or the letter of a line, perhaps with the media before it, a key and a "
        "parameter behind it: video.direction, fmtp:111;useinbandfec. What is to match is an "
        "extended regular expression of POSIX.",
    .remedy = "Write the place, or the expression, like one of these.",
    .bad = "cmtest: 1\n"
           "groups:\n"
           "  agents: { registrar: embedded, endpoints: 1 }\n"
           "  callers:\n"
           "    registrar: embedded\n"
           "    endpoints: 1\n"
           "    call: agents\n"
           "    scenario:\n"
           "      - { at: 2s, do: hold, expect: { header: { \"Contact:expires\": \"60\" } } }\n"
           "duration: 10s\n",
    .good = "cmtest: 1\n"
            "groups:\n"
            "  agents: { registrar: embedded, endpoints: 1 }\n"
            "  callers:\n"
            "    registrar: embedded\n"
            "    endpoints: 1\n"
            "    call: agents\n"
            "    scenario:\n"
            "      - { at: 2s, do: hold, expect: { header: { Contact: { is: present } } } }\n"
            "duration: 10s\n",
};

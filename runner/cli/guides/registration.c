#include "cmtest/guide.h"

const struct guide guide_registration = {
    .name = "registration",
    .help = "how endpoints register, and what counts as registered",
    .text = "An endpoint registers before it calls or answers, keeps its registration for as\n"
            "long as the run takes, and removes it at the end.\n"
            "\n"
            "  who          one account per endpoint, in the order of the accounts;\n"
            "               secrets belong into a file: accounts: { file: accounts.txt }\n"
            "  when         evenly over buildup, those who answer before those who call\n"
            "  credentials  digest by MD5, SHA-256 or SHA-512-256, whichever the server asks\n"
            "               for; several challenges, stale nonces and qop are followed; the\n"
            "               realm: of an account makes it answer that realm only\n"
            "  how long     expires: is asked for; what is granted holds, and is renewed\n"
            "               before it is over; 423 and Retry-After are followed within limits\n"
            "  registered   a 2xx that lists our Contact with a time; else it is a failure\n"
            "\n"
            "A refusal, silence and an unreachable server are told apart, and so are the\n"
            "codes (403, 404, 423, 503, ...). A registrar that answers nobody is an error of\n"
            "the environment (exit code 4), not a failed test.\n"
            "\n"
            "Next: examples/07-digest.yaml, 08-expected-failure.yaml, 09-your-server.yaml;\n"
            "      cmtest help transports; cmtest list diagnoses\n",
};

#include "cmtest/guide.h"

const struct guide guide_calls = {
    .name = "calls",
    .help = "how calls are made, answered, refused, redirected and ended",
    .text = "Each endpoint of a group with call: makes one call, to an endpoint of that group\n"
            "or to a SIP URI. It lasts for duration, from the answer; then the caller hangs\n"
            "up, or the callee when its answer has a duration.\n"
            "\n"
            "  of who is called  answer: delay, ring, early_media (183 with media), reject\n"
            "                    (300 to 699, with phrase and reason), redirect, never\n"
            "  of who calls      late_offer, redirects: follow, caller_id, headers\n"
            "  of both           reliable_provisional (100rel), session_timer, audio\n"
            "\n"
            "A caller waits for the planned ringing and 33 s more, and cancels then. What the\n"
            "peer does in a call is followed without being asked for: hold, resume, another\n"
            "codec or address by re-INVITE or UPDATE, REFER, Replaces, INFO, OPTIONS,\n"
            "MESSAGE.\n"
            "\n"
            "When a refusal is what you test, expect it: calls.success_rate == 0% in GROUP.\n"
            "What counts in ASR, NER, SER and SEER is told by `cmtest list metrics`.\n"
            "\n"
            "Next: examples/05-ringing.yaml, 21-early-media.yaml, and 23-refusals.yaml to\n"
            "      26-late-offer.yaml; cmtest help timings\n",
};

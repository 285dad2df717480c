#include "paragraph.h"

/* 64 * T1 (RFC 3261 13.3.1.4), and the way there. */
#define ACK_FROM_NS INT64_C(31000000000)
#define ACK_TO_NS INT64_C(34000000000)

static bool matches(const struct cluster *cluster)
{
    return cluster->failure == FAILURE_HUNG_UP_EARLY;
}

static void write(struct paragraph *paragraph)
{
    const struct result_endpoint *endpoint = cluster_endpoint(paragraph->cluster);
    char reason[WORD_SIZE];
    int64_t length = endpoint->call_known ? endpoint->call.duration_ns : EVENT_NONE;
    copy_clean(reason, sizeof(reason), endpoint->call_known ? endpoint->call.cause : "");
    if (length != EVENT_NONE)
        say_cause(paragraph, "The BYE came from the other side after %.1f s.",
                  (double)length / 1e9);
    else
        say_cause(paragraph, "The BYE came from the other side.");
    if (reason[0]) {
        say_cause(paragraph, "It says why: %s.", reason);
        say_next(paragraph, "follow that reason in the log of %s.", paragraph->server);
        return;
    }
    if (paragraph->cluster->role == ROLE_CALLER && length >= ACK_FROM_NS && length <= ACK_TO_NS) {
        say_cause(paragraph,
                  "About 32 s is how long a peer waits for an ACK: likely ours did not reach it.");
        say_next(paragraph, "look at Contact and Record-Route of the 200 of that call: they say "
                            "where the ACK goes.");
        return;
    }
    say_next(paragraph,
             "look for the Call-ID in the log of %s: a limit of call length, a session timer, or "
             "media that it missed.",
             paragraph->server);
}

const struct diagnosis diagnosis_hung_up_early = {
    .name = "hung_up_early",
    .title = "hung up early",
    .help = "the peer ended the call before it was due",
    .matches = matches,
    .write = write,
};

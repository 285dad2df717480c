#include "paragraph.h"

static bool matches(const struct cluster *cluster)
{
    return cluster_dials(cluster) &&
           (cluster->status == 603 || cluster->status == 607 || cluster->status == 608);
}

static void write(struct paragraph *paragraph)
{
    say_cause(paragraph,
              "The call got there and was declined, by the callee or by a filter before it.");
    say_next(paragraph,
             "check what %s does with calls from group %s: do not disturb, a reject rule, or a "
             "filter for unwanted calls; and whether it may call %s.",
             paragraph->target, paragraph->group, paragraph->target);
}

const struct diagnosis diagnosis_call_declined = {
    .name = "call_declined",
    .title = "call declined",
    .help = "the callee declined (603, 607, 608)",
    .matches = matches,
    .write = write,
};

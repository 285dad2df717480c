#include "paragraph.h"

static bool matches(const struct cluster *cluster)
{
    return cluster_dials(cluster) && cluster->status == 403;
}

static void write(struct paragraph *paragraph)
{
    say_cause(paragraph, "%s does not let %s call there.", paragraph->server,
              paragraph->many ? "these accounts" : paragraph->account);
    say_next(paragraph, "check at %s whether the accounts of group %s may call %s.",
             paragraph->server, paragraph->group, paragraph->target);
}

const struct diagnosis diagnosis_call_forbidden = {
    .name = "call_forbidden",
    .title = "call forbidden",
    .help = "the call is forbidden (403)",
    .matches = matches,
    .write = write,
};

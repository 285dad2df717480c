#include "paragraph.h"

static bool matches(const struct cluster *cluster)
{
    return cluster->failure == FAILURE_LOCAL && !cluster_endpoint(cluster)->closed;
}

static void write(struct paragraph *paragraph)
{
    say_cause(paragraph,
              "The process that ran %s ended without a word: killed from outside, likely by the "
              "kernel for want of memory, or crashed.",
              paragraph->many ? "them" : "it");
    say_next(paragraph, "look for an out-of-memory kill in this machine's kernel log (dmesg); give "
                        "it more memory or run fewer endpoints.");
}

const struct diagnosis diagnosis_worker_vanished = {
    .name = "worker_vanished",
    .title = "the worker vanished",
    .help = "an endpoint never reported its end",
    .matches = matches,
    .write = write,
};

#include "paragraph.h"

static bool matches(const struct cluster *cluster)
{
    return cluster->failure == FAILURE_LOCAL;
}

static void write(struct paragraph *paragraph)
{
    static const char *const files[] = {"too many open files", "file descriptor"};
    static const char *const memory[] = {"memory", "buffer space"};
    static const char *const ports[] = {"address already in use", "cannot assign"};
    say_cause(paragraph, "This machine was in the way, not the system under test.");
    if (cluster_says(paragraph->cluster, files, 2))
        say_next(paragraph, "raise the limit of open files (ulimit -n): every endpoint with a call "
                            "needs two sockets for its media.");
    else if (cluster_says(paragraph->cluster, memory, 2))
        say_next(paragraph, "give this machine more memory, or run fewer endpoints on it.");
    else if (cluster_says(paragraph->cluster, ports, 2))
        say_next(paragraph, "free the ports or the address that are taken, or give the groups "
                            "another range of ports.");
    else
        say_next(paragraph, "check free ports, open files (ulimit -n) and memory of this machine.");
}

const struct diagnosis diagnosis_local_resources = {
    .name = "local_resources",
    .title = "this machine was in the way",
    .help = "this machine had no port, descriptor or memory left",
    .matches = matches,
    .write = write,
};

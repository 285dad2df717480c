#include "paragraph.h"

static bool matches(const struct cluster *cluster)
{
    return cluster_tls(cluster);
}

static void write(struct paragraph *paragraph)
{
    say_cause(paragraph, "The TLS handshake failed%s%s.", paragraph->trouble[0] ? ": " : "",
              paragraph->trouble);
    say_next(paragraph,
             "check that %s speaks TLS on that port, and what its log says of this machine.",
             paragraph->server);
}

const struct diagnosis diagnosis_tls_failed = {
    .name = "tls_failed",
    .title = "TLS failed",
    .help = "the TLS handshake failed in any other way",
    .matches = matches,
    .write = write,
};

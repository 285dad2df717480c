#include "paragraph.h"

static bool matches(const struct cluster *cluster)
{
    static const char *const words[] = {"expired", "not yet valid"};
    return cluster_tls(cluster) && cluster_says(cluster, words, 2);
}

static void write(struct paragraph *paragraph)
{
    say_cause(paragraph, "The certificate that it shows is not valid now (%s).",
              paragraph->trouble);
    say_next(paragraph, "renew the certificate of %s; if it is new, check this machine's clock.",
             paragraph->server);
}

const struct diagnosis diagnosis_tls_expired = {
    .name = "tls_expired",
    .title = "certificate expired",
    .help = "the server's certificate is not valid today",
    .matches = matches,
    .write = write,
};

#include "paragraph.h"

static bool matches(const struct cluster *cluster)
{
    static const char *const words[] = {"certificate required",
                                        "peer: bad certificate",
                                        "peer: unknown ca",
                                        "peer: certificate",
                                        "peer: unsupported certificate",
                                        "alert bad certificate",
                                        "alert unknown ca",
                                        "alert certificate",
                                        "client certificate"};
    return cluster_tls(cluster) && cluster_says(cluster, words, 9);
}

static void write(struct paragraph *paragraph)
{
    say_cause(paragraph,
              "It wants a certificate from us, or does not trust the one that it got (%s).",
              paragraph->trouble);
    say_next(paragraph,
             "give registrars.%s.tls a certificate and key from an authority that %s trusts.",
             paragraph->registrar, paragraph->server);
}

const struct diagnosis diagnosis_tls_client_certificate = {
    .name = "tls_client_certificate",
    .title = "client certificate refused",
    .help = "the server wants a client certificate, or refuses ours (TLS alert)",
    .matches = matches,
    .write = write,
};

#include "paragraph.h"

static bool matches(const struct cluster *cluster)
{
    static const char *const words[] = {
        "signed certificate", "unable to get", "unable to verify", "untrusted", "unknown ca",
        "verify failed",      "issuer"};
    return cluster_tls(cluster) && cluster_says(cluster, words, 7);
}

static void write(struct paragraph *paragraph)
{
    say_cause(paragraph,
              "Nobody that is trusted here has signed the certificate that it shows (%s).",
              paragraph->trouble);
    say_next(paragraph,
             "trust the authority that signed it, or the certificate itself when it is "
             "self-signed: registrars.%s: tls: { verify: custom, ca: FILE }.",
             paragraph->registrar);
}

const struct diagnosis diagnosis_tls_untrusted = {
    .name = "tls_untrusted",
    .title = "certificate not trusted",
    .help = "the server's certificate is self-signed, or its authority is unknown here",
    .matches = matches,
    .write = write,
};

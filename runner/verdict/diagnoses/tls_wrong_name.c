#include "paragraph.h"

static bool matches(const struct cluster *cluster)
{
    static const char *const words[] = {"mismatch", "certificate is for", "does not match",
                                        "unrecognized name"};
    return cluster_tls(cluster) && cluster_says(cluster, words, 4);
}

static void write(struct paragraph *paragraph)
{
    say_cause(paragraph,
              "The certificate that it shows is not for the name that was asked for (%s).",
              paragraph->trouble);
    say_next(paragraph,
             "set tls.server_name of registrars.%s to a name in that certificate (without it the "
             "domain must be there, or the host of the proxy), or issue one that has the name.",
             paragraph->registrar);
}

const struct diagnosis diagnosis_tls_wrong_name = {
    .name = "tls_wrong_name",
    .title = "certificate of another name",
    .help = "the server's certificate is for another name",
    .matches = matches,
    .write = write,
};

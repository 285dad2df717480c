#include "paragraph.h"

static bool matches(const struct cluster *cluster)
{
    static const char *const words[] = {
        "protocol",     "version",       "cipher",       "handshake failure",
        "http request", "packet length", "not answered", "closed the connection"};
    return cluster_tls(cluster) && cluster_says(cluster, words, 8);
}

static void write(struct paragraph *paragraph)
{
    say_cause(paragraph,
              "The handshake did not come about (%s): likely no version or cipher in common (TLS "
              "1.2 or newer is needed), or that port does not speak TLS at all.",
              paragraph->trouble);
    say_next(paragraph,
             "check port and transport of registrars.%s: TLS is mostly on 5061; then which "
             "versions %s offers.",
             paragraph->registrar, paragraph->host);
}

const struct diagnosis diagnosis_tls_protocol = {
    .name = "tls_protocol",
    .title = "no common TLS version",
    .help = "both sides have no TLS version or cipher in common, or the port does not speak TLS",
    .matches = matches,
    .write = write,
};

#include <string.h>
#include "../paragraph.h"

static bool matches(const struct cluster *cluster)
{
    return cluster_registers(cluster) && cluster->failure == FAILURE_NO_ANSWER;
}

static void write(struct paragraph *paragraph)
{
    const struct cluster *cluster = paragraph->cluster;
    const char *transport = strrchr(paragraph->server, '/');
    bool udp = !transport || strcmp(transport, "/udp") == 0;
    if (cluster->fine > 0)
        say_cause(paragraph, "%u others did register, so this machine's network works.",
                  cluster->fine);
    say_cause(paragraph, "A wrong address, a firewall, or a server that is down; %s.",
              udp ? "or it takes only TLS or TCP, and then nothing answers over UDP"
                  : "or it does not speak SIP on that port");
    say_next(
        paragraph,
        "nothing answered at %s: check address, port, transport and firewall of registrars.%s%s.",
        paragraph->server, paragraph->registrar, udp ? "; try transport: tls or tcp" : "");
}

const struct diagnosis diagnosis_registration_silent = {
    .name = "registration_silent",
    .title = "registrar does not answer",
    .help = "not one response to REGISTER",
    .matches = matches,
    .write = write,
};

#include <string.h>
#include "paragraph.h"
#include "scope.h"

/* Those who registered elsewhere: at the same host in another way is worth more than a guess. */
static void tell_others(struct paragraph *paragraph)
{
    const struct cluster *cluster = paragraph->cluster;
    const struct roster *roster = cluster->result->roster;
    char server[WORD_SIZE];
    if (cluster->fine == 0)
        return;
    for (uint32_t i = 0; i < roster->endpoint_count; i++) {
        copy_clean(server, sizeof(server), endpoint_server(cluster->result, i));
        const char *at = strstr(server, paragraph->host);
        if (!scope_fine(cluster, i) || !at || (at != server && server[0] != '['))
            continue;
        say_cause(paragraph, "The same host does answer others at %s.", server);
        return;
    }
    say_cause(paragraph, "%u others did register elsewhere, so this machine's network works.",
              cluster->fine);
}

static bool matches(const struct cluster *cluster)
{
    return cluster_registers(cluster) && cluster->failure == FAILURE_NO_ANSWER;
}

static void write(struct paragraph *paragraph)
{
    const struct cluster *cluster = paragraph->cluster;
    const char *transport = strrchr(paragraph->server, '/');
    bool udp = !transport || strcmp(transport, "/udp") == 0;
    if (cluster->fine_here > 0) {
        say_cause(paragraph,
                  "%u others did register there, so the way and the server are good: it likely "
                  "drops %s without a word, for its domain or user, or by a limit or a ban.",
                  cluster->fine_here, paragraph->many ? "these" : "this one");
        say_next(paragraph, "look for the REGISTER of %s in the log of %s.", paragraph->account,
                 paragraph->server);
        return;
    }
    tell_others(paragraph);
    say_cause(paragraph, "A wrong address, a firewall, or a server that is down; %s.",
              udp ? "or it takes only TLS or TCP, and then nothing answers over UDP"
                  : "or it does not speak SIP on that port");
    say_next(paragraph, "check address, port, transport and firewall of registrars.%s (%s)%s.",
             paragraph->registrar, paragraph->server, udp ? "; try transport: tls or tcp" : "");
}

const struct diagnosis diagnosis_registration_silent = {
    .name = "registration_silent",
    .title = "registrar does not answer",
    .help = "not one response to REGISTER",
    .matches = matches,
    .write = write,
};

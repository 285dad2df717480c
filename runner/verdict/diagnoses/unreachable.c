#include "../paragraph.h"

static bool matches(const struct cluster *cluster)
{
    return cluster->failure == FAILURE_UNREACHABLE;
}

static void write(struct paragraph *paragraph)
{
    static const char *const closed[] = {"refused", "reset"};
    static const char *const route[] = {"route", "unreachable", "network is down"};
    static const char *const silent[] = {"no connection", "timed out"};
    static const char *const hung_up[] = {"closed the connection"};
    const char *colon = paragraph->trouble[0] ? ": " : "";
    if (cluster_says(paragraph->cluster, closed, 2)) {
        say_cause(paragraph,
                  "%s could not be reached%s%s. So a machine is there, but it takes nothing on "
                  "that port.",
                  paragraph->server, colon, paragraph->trouble);
        say_next(paragraph,
                 "check that the server runs, and port and transport of registrars.%s (UDP and TCP "
                 "5060, TLS 5061).",
                 paragraph->registrar);
    } else if (cluster_says(paragraph->cluster, route, 3)) {
        say_cause(paragraph, "%s could not be reached%s%s.", paragraph->server, colon,
                  paragraph->trouble);
        say_next(paragraph,
                 "check the address in registrars.%s, and this machine's routes and firewall.",
                 paragraph->registrar);
    } else if (cluster_says(paragraph->cluster, silent, 2)) {
        say_cause(paragraph,
                  "%s does not answer a connection%s%s: likely a firewall, or the machine is down.",
                  paragraph->server, colon, paragraph->trouble);
        say_next(paragraph,
                 "check the address in registrars.%s and the firewalls between; then whether "
                 "another transport gets through.",
                 paragraph->registrar);
    } else if (cluster_says(paragraph->cluster, hung_up, 1)) {
        say_cause(paragraph,
                  "%s takes the connection and closes it: likely it wants TLS on that port, or "
                  "allows no more connections.",
                  paragraph->server);
        say_next(paragraph,
                 "check port and transport of registrars.%s, and the limit of connections at %s.",
                 paragraph->registrar, paragraph->server);
    } else {
        say_cause(paragraph, "%s could not be reached%s%s.", paragraph->server, colon,
                  paragraph->trouble);
        say_next(paragraph,
                 "check address, port and transport of registrars.%s, and the firewalls between.",
                 paragraph->registrar);
    }
}

const struct diagnosis diagnosis_unreachable = {
    .name = "unreachable",
    .title = "server cannot be reached",
    .help = "nothing could be sent: refused, reset, or no route",
    .matches = matches,
    .write = write,
};

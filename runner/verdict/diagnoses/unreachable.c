#include "paragraph.h"

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
    if (paragraph->cluster->fine_here > 0) {
        say_cause(paragraph,
                  "It did take others of this run (%u), so it stopped or was started anew in the "
                  "middle of it%s%s.",
                  paragraph->cluster->fine_here, paragraph->trouble[0] ? ": " : "",
                  paragraph->trouble);
        say_next(paragraph,
                 "check whether the server of registrars.%s crashed or was restarted in that time.",
                 paragraph->registrar);
    } else if (cluster_says(paragraph->cluster, closed, 2)) {
        say_cause(paragraph, "%s: so a machine is there, but it takes nothing on that port.",
                  paragraph->trouble);
        say_next(paragraph,
                 "check that the server runs, and port and transport of registrars.%s (UDP and TCP "
                 "5060, TLS 5061).",
                 paragraph->registrar);
    } else if (cluster_says(paragraph->cluster, route, 3)) {
        say_cause(paragraph, "%s: there is no way to that address from here.", paragraph->trouble);
        say_next(paragraph,
                 "check the address in registrars.%s, and this machine's routes and firewall.",
                 paragraph->registrar);
    } else if (cluster_says(paragraph->cluster, silent, 2)) {
        say_cause(
            paragraph,
            "It does not answer a connection (%s): likely a firewall, or the machine is down.",
            paragraph->trouble);
        say_next(paragraph,
                 "check the address in registrars.%s and the firewalls between; then whether "
                 "another transport gets through.",
                 paragraph->registrar);
    } else if (cluster_says(paragraph->cluster, hung_up, 1)) {
        say_cause(paragraph,
                  "It takes the connection and closes it (%s): likely it wants TLS on that port, "
                  "or allows no more connections.",
                  paragraph->trouble);
        say_next(paragraph,
                 "check port and transport of registrars.%s, and the limit of connections at %s.",
                 paragraph->registrar, paragraph->server);
    } else {
        say_cause(paragraph, "Nothing could be sent to it%s%s.", paragraph->trouble[0] ? ": " : "",
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

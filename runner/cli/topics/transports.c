#include "cmtest/transport.h"
#include "cmtest/topic.h"

#include <stdio.h>

static void fill(struct listing *listing)
{
    for (size_t i = 0; transports[i]; i++) {
        char port[8];
        snprintf(port, sizeof port, "%u", transports[i]->port);
        listing_add(listing, (const char *const[]){transports[i]->name, port, transports[i]->naptr,
                                                   transports[i]->srv, transports[i]->standard,
                                                   transports[i]->help});
    }
}

static const struct listing_column columns[] = {{"name", NULL},
                                                {"port", "port "},
                                                {"naptr", "NAPTR "},
                                                {"srv", "SRV "},
                                                {"standard", NULL},
                                                {"help", NULL},
                                                {0}};

const struct topic topic_transports = {
    .name = "transports",
    .help = "what SIP is carried over",
    .columns = columns,
    .fill = fill,
};

#include "paragraph.h"

static bool matches(const struct cluster *cluster)
{
    return cluster_registers(cluster) && cluster->status / 100 == 2;
}

static void write(struct paragraph *paragraph)
{
    say_cause(paragraph,
              "The registrar agreed, but has not registered this address: calls would not come "
              "here. Something between may rewrite our Contact (SIP ALG, an SBC).");
    say_next(paragraph, "look at the Contact of that REGISTER and of its 200; switch SIP ALG off "
                        "in routers between.");
}

const struct diagnosis diagnosis_registration_not_bound = {
    .name = "registration_not_bound",
    .title = "registration without effect",
    .help = "the registrar said 200, but our address is not registered",
    .matches = matches,
    .write = write,
};

#include "../paragraph.h"

static bool matches(const struct cluster *cluster)
{
    return cluster_registers(cluster) && cluster->status / 100 == 2;
}

static void write(struct paragraph *paragraph)
{
    say_cause(paragraph,
              "%s says 200, and yet our address is not among those that it lists%s%s: calls would "
              "not come here. Something between may rewrite our Contact (SIP ALG, an SBC).",
              paragraph->server, paragraph->trouble[0] ? ": " : "", paragraph->trouble);
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

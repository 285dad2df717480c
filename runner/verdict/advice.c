/*
 * One next step for people, from how a cluster of endpoints ended. Never prints a password: there
 * is none in a result.
 */
#include "cluster.h"

#include <string.h>

static const char *target_of(const struct roster_group *group)
{
    return group->target ? group->target : "its caller";
}

static void advise_registration(const struct cluster *cluster, const struct result *result,
                                struct text *out)
{
    const struct roster_group *group = &result->roster->groups[cluster->group];
    const char *account = result->roster->endpoints[cluster->first].account;
    const char *server = cluster_server(cluster, result);
    const char *registrar = group->registrar ? group->registrar : "the registrar";
    switch (cluster->outcome->status) {
    case 0:
        text_printf(out, "nothing answered at %s: check address, port, transport and firewall.",
                    server);
        break;
    case 401:
    case 407:
        text_printf(out, "check user name and password of %s in the accounts of %s.",
                    account ? account : "the account", registrar);
        break;
    case 403:
        text_printf(out,
                    "%s refuses %s: check its password, and whether it may register from here.",
                    server, account ? account : "the account");
        break;
    case 404:
        text_printf(out, "%s does not know %s: check the user name and the domain of %s.", server,
                    account ? account : "the account", registrar);
        break;
    case 423:
        text_printf(out, "%s wants a longer registration: raise expires of %s.", server, registrar);
        break;
    case 408:
    case 429:
    case 500:
    case 503:
        text_printf(out, "%s may be limiting its rate or be overloaded: try a longer buildup.",
                    server);
        break;
    default:
        text_printf(out, "look for the REGISTER of %s in the log of %s.",
                    account ? account : "the account", server);
        break;
    }
}

static void advise_codecs(const struct cluster *cluster, const struct result *result,
                          struct text *out)
{
    const struct roster_group *group = &result->roster->groups[cluster->group];
    text_printf(out,
                "no common codec with %s: compare groups.%s.audio.codecs (%s) with what it "
                "accepts.",
                target_of(group), group->name, group->codecs ? group->codecs : "none");
}

static void advise_call(const struct cluster *cluster, const struct result *result,
                        struct text *out)
{
    const struct roster_group *group = &result->roster->groups[cluster->group];
    const char *target = target_of(group);
    switch (cluster->outcome->status) {
    case 0:
        text_printf(out, "no final answer to the INVITE: check the route from %s to %s.",
                    cluster_server(cluster, result), target);
        break;
    case 401:
    case 407:
        text_printf(out, "the INVITE was challenged and refused: check the accounts of group %s.",
                    group->name);
        break;
    case 403:
    case 603:
        text_printf(out, "check whether the accounts of group %s may call %s.", group->name,
                    target);
        break;
    case 404:
        text_printf(out, "%s is not known at %s: check the address that is called.", target,
                    cluster_server(cluster, result));
        break;
    case 480:
        text_printf(out,
                    "%s was not registered or not ready: check that its endpoints registered "
                    "before the calls began.",
                    target);
        break;
    case 486:
    case 600:
        text_printf(out, "%s was in another call: check that nothing else uses its accounts.",
                    target);
        break;
    case 408:
    case 500:
    case 503:
        text_printf(out, "%s may be limiting its rate or be overloaded: try a longer buildup.",
                    cluster_server(cluster, result));
        break;
    case 415:
    case 488:
    case 606:
        advise_codecs(cluster, result, out);
        break;
    default:
        text_printf(out, "look for the Call-ID in the log of %s.", cluster_server(cluster, result));
        break;
    }
}

/* Its partner never registered, so there was nobody to call: that failure is the one to mend. */
static bool partner_failed(const struct cluster *cluster, const struct result *result)
{
    uint32_t partner = result->roster->endpoints[cluster->first].partner;
    return partner < result->roster->endpoint_count &&
           result->endpoints[partner].outcome.outcome == OUTCOME_REGISTRATION_FAILED;
}

void cluster_advice(const struct cluster *cluster, const struct result *result, struct text *out)
{
    const struct roster_group *group = &result->roster->groups[cluster->group];
    const struct result_endpoint *first = &result->endpoints[cluster->first];
    if (cluster->outcome->outcome == OUTCOME_REGISTRATION_FAILED) {
        advise_registration(cluster, result, out);
        return;
    }
    if (first->call_known && first->call.result == CALL_NOT_ATTEMPTED &&
        partner_failed(cluster, result)) {
        char name[96];
        roster_endpoint_name(result->roster, result->roster->endpoints[cluster->first].partner,
                             name, sizeof(name));
        text_printf(out, "%s did not register, so nobody could be called: mend that first.", name);
        return;
    }
    switch (cluster->outcome->outcome) {
    case OUTCOME_NEGOTIATION_FAILED:
        /* A session description that is no good says so itself; a bare 488 speaks of codecs. */
        if (strstr(cluster->outcome->detail, "unusable"))
            text_add(out,
                     "look at the SDP of that call; media of any other codec would fail alike.");
        else
            advise_codecs(cluster, result, out);
        break;
    case OUTCOME_TIMEOUT:
        if (result->roster->endpoints[cluster->first].role == ROLE_CALLER)
            advise_call(cluster, result, out);
        else
            text_printf(out, "no INVITE came to group %s: check the route from %s to its contacts.",
                        group->name, cluster_server(cluster, result));
        break;
    case OUTCOME_OSERROR:
        text_add(out, "this machine was in the way: check free ports, open files (ulimit -n) and "
                      "memory.");
        break;
    case OUTCOME_TEARDOWN_ERROR:
        text_add(out,
                 "the BYE found no good answer: check that the server is still up, and the route "
                 "of requests within a call (Record-Route, Contact).");
        break;
    default:
        advise_call(cluster, result, out);
        break;
    }
}

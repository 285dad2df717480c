/* New keys of SDES in a call that goes on, by a further offer (RFC 4568 7.1.4). */
#include "endpoint_private.h"

bool endpoint_rekey(struct endpoint *endpoint, const char *method)
{
    struct leg *leg = endpoint->call.leg;
    if (!leg || !leg->dialog || !leg->answered || !leg->agreed || !leg->media->codec ||
        !leg->media->keying.local.suite || endpoint->call.hung_up)
        return false;
    struct session_kept before;
    session_keep(leg, &before);
    session_new_keys(leg);
    if (session_reoffer(leg, method))
        return true;
    session_old_keys(leg, &before);
    return false;
}

static void rekey_again(void *arg)
{
    struct endpoint *endpoint = arg;
    /* One that cannot be made now, because another offer is under way, waits for the next time. */
    (void)endpoint_rekey(endpoint, "INVITE");
    rekey_plan(endpoint, clock_now());
}

void rekey_plan(struct endpoint *endpoint, int64_t from_ns)
{
    if (endpoint->config.rekey_ns)
        loop_timer_set(endpoint->loop, &endpoint->call.rekeying,
                       from_ns + endpoint->config.rekey_ns, rekey_again, endpoint);
}

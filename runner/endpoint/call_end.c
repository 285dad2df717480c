/* How a call ended, which takes room only once there is something to tell: while thousands talk,
 * nothing has ended. */
#include "endpoint_private.h"
#include "cmtest/arena.h"

struct dialog_end *call_end(struct call *call)
{
    if (!call->end) {
        call->end = mem_alloc(sizeof *call->end);
        call->end->retry_after = -1;
    }
    return call->end;
}

const struct dialog_end *call_ended(const struct call *call)
{
    static const struct dialog_end nothing = {.retry_after = -1};
    return call->end ? call->end : &nothing;
}

void call_count(struct call *call, const struct stream_totals *totals)
{
    if (!call->totals)
        call->totals = mem_alloc(sizeof *call->totals);
    *call->totals = *totals;
}

const struct stream_totals *call_totals(const struct call *call)
{
    static const struct stream_totals nothing;
    return call->totals ? call->totals : &nothing;
}

#include "words.h"

void words_remote(struct text *out, const struct result *result)
{
    const struct event_remote *remote = &result->remote;
    if (!result->remote_known || !remote->run[0])
        return;
    text_printf(out, "run %s, %s", remote->run, remote->status[0] ? remote->status : "no status");
    if (remote->partial)
        text_add(out, "; it told figures only, and nothing of single endpoints");
    if (remote->link[0])
        text_printf(out, "; %s", remote->link);
}

#include "wire.h"

void wire_begin(void)
{
}

void wire_end(void)
{
}

void wire_watch(struct wire_watch *watch, const char *call_id, const char *tag, wire_fn *take,
                void *owner)
{
    (void)call_id;
    (void)tag;
    watch->take = take;
    watch->owner = owner;
    watch->watching = true;
}

void wire_unwatch(struct wire_watch *watch)
{
    watch->watching = false;
}

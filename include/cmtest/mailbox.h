/*
 * mailbox: the queue behind every door between threads. Many may put, one takes.
 *
 * Items are copied. Grows as needed; mailbox_put never blocks. Any thread may put; the owner takes.
 */
#ifndef CMTEST_MAILBOX_H
#define CMTEST_MAILBOX_H

#include <stdbool.h>
#include <stddef.h>

struct mailbox;

/* item_size: bytes of each item. */
struct mailbox *mailbox_new(size_t item_size);
void mailbox_free(struct mailbox *mailbox);
/* Whether it is the first one since the last take: then the owner may have to be woken. */
bool mailbox_put(struct mailbox *mailbox, const void *item);
/* Everything put so far, in order: the number of items, *items borrowed until the next take. */
size_t mailbox_take(struct mailbox *mailbox, const void **items);

#endif

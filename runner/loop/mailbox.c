#include "cmtest/mailbox.h"
#include "cmtest/arena.h"
#include "lock.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct queue {
    char *items;
    size_t count, capacity;
};

/* Two queues: putters fill one under the lock while the taker reads the other without it. */
struct mailbox {
    pthread_mutex_t lock;
    size_t item_size;
    struct queue filling, taken;
};

struct mailbox *mailbox_new(size_t item_size)
{
    struct mailbox *mailbox = mem_alloc(sizeof *mailbox);
    lock_init(&mailbox->lock);
    mailbox->item_size = item_size;
    return mailbox;
}

void mailbox_free(struct mailbox *mailbox)
{
    if (!mailbox)
        return;
    pthread_mutex_destroy(&mailbox->lock);
    free(mailbox->filling.items);
    free(mailbox->taken.items);
    free(mailbox);
}

bool mailbox_put(struct mailbox *mailbox, const void *item)
{
    pthread_mutex_lock(&mailbox->lock);
    struct queue *queue = &mailbox->filling;
    bool first = queue->count == 0;
    if (queue->count == queue->capacity) {
        queue->capacity = queue->capacity ? queue->capacity * 2 : 16;
        queue->items = mem_grow(queue->items, queue->capacity, mailbox->item_size);
    }
    memcpy(queue->items + queue->count++ * mailbox->item_size, item, mailbox->item_size);
    pthread_mutex_unlock(&mailbox->lock);
    return first;
}

size_t mailbox_take(struct mailbox *mailbox, const void **items)
{
    mailbox->taken.count = 0;
    pthread_mutex_lock(&mailbox->lock);
    struct queue swap = mailbox->filling;
    mailbox->filling = mailbox->taken;
    mailbox->taken = swap;
    pthread_mutex_unlock(&mailbox->lock);
    *items = mailbox->taken.items;
    return mailbox->taken.count;
}

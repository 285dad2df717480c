#include "link.h"
#include "cmtest/arena.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define READ_AT_ONCE (256u << 10)
#define READS 16

static void make_room(struct link_inbox *inbox)
{
    if (inbox->at) {
        memmove(inbox->bytes, inbox->bytes + inbox->at, inbox->length - inbox->at);
        inbox->length -= inbox->at;
        inbox->at = 0;
    }
    if (inbox->capacity - inbox->length >= READ_AT_ONCE)
        return;
    inbox->capacity = inbox->length + 2 * READ_AT_ONCE;
    inbox->bytes = mem_grow(inbox->bytes, inbox->capacity, 1);
}

enum link_state link_read(int fd, struct link_inbox *inbox)
{
    for (int i = 0; i < READS; i++) {
        make_room(inbox);
        ssize_t got = recv(fd, inbox->bytes + inbox->length, READ_AT_ONCE, MSG_DONTWAIT);
        if (got > 0)
            inbox->length += (size_t)got;
        else if (got < 0 && errno == EINTR)
            continue;
        else
            return got < 0 && errno == EAGAIN ? LINK_OPEN : LINK_ENDED;
    }
    return LINK_OPEN;
}

bool link_next(struct link_inbox *inbox, struct link_head *head, const uint8_t **body)
{
    size_t left = inbox->length - inbox->at;
    if (left < sizeof *head)
        return false;
    memcpy(head, inbox->bytes + inbox->at, sizeof *head);
    inbox->broken = head->length > LINK_FRAME_MAX;
    if (inbox->broken || left - sizeof *head < head->length)
        return false;
    *body = inbox->bytes + inbox->at + sizeof *head;
    inbox->at += sizeof *head + head->length;
    return true;
}

void link_fini(struct link_inbox *inbox)
{
    free(inbox->bytes);
    *inbox = (struct link_inbox){0};
}

size_t link_write(int fd, const void *bytes, size_t length)
{
    size_t written = 0;
    while (written < length) {
        ssize_t put = send(fd, (const uint8_t *)bytes + written, length - written,
                           MSG_DONTWAIT | MSG_NOSIGNAL);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            break;
        written += (size_t)put;
    }
    return written;
}

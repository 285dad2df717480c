/* Datagrams that were read before the stack asks for them. For each it asks the kernel how long it
 * is, reads it, and goes back to wait in epoll; with many in the queue, three system calls of four
 * are saved when one reads several. */
#include "wire_private.h"
#include "cmtest/arena.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define DATAGRAMS 8

struct one {
    char *bytes; /* WIRE_MESSAGE_MAX */
    struct sockaddr_storage from;
    _Alignas(struct cmsghdr) char control[WIRE_CONTROL];
};

/* Of one socket at a time. */
struct wire_ahead {
    int fd;
    unsigned next, count;
    struct mmsghdr heads[DATAGRAMS];
    struct iovec pieces[DATAGRAMS];
    struct one all[DATAGRAMS];
};

struct wire_ahead *wire_ahead_new(void)
{
    struct wire_ahead *ahead = mem_alloc(sizeof *ahead);
    /* Of these pages only those are touched that something was written to. */
    char *bytes = mem_array(DATAGRAMS, WIRE_MESSAGE_MAX);
    for (unsigned i = 0; i < DATAGRAMS; i++)
        ahead->all[i].bytes = bytes + i * WIRE_MESSAGE_MAX;
    ahead->fd = -1;
    return ahead;
}

void wire_ahead_free(struct wire_ahead *ahead)
{
    if (ahead)
        free(ahead->all[0].bytes);
    free(ahead);
}

static void prepare(struct wire_ahead *ahead)
{
    for (unsigned i = 0; i < DATAGRAMS; i++) {
        struct one *one = &ahead->all[i];
        ahead->pieces[i] = (struct iovec){one->bytes, WIRE_MESSAGE_MAX};
        ahead->heads[i] = (struct mmsghdr){.msg_hdr = {.msg_name = &one->from,
                                                       .msg_namelen = sizeof one->from,
                                                       .msg_iov = &ahead->pieces[i],
                                                       .msg_iovlen = 1,
                                                       .msg_control = one->control,
                                                       .msg_controllen = sizeof one->control}};
    }
}

/* For an empty one the stack would read from the socket, and lose what comes next. */
static void skip_empty(struct wire_ahead *ahead)
{
    while (ahead->next < ahead->count && ahead->heads[ahead->next].msg_len == 0)
        ahead->next++;
}

bool wire_ahead_has(const struct wire_ahead *ahead, int fd)
{
    return ahead->fd == fd && ahead->next < ahead->count;
}

bool wire_ahead_is_empty(const struct wire_ahead *ahead)
{
    return ahead->next == ahead->count;
}

ssize_t wire_ahead_read(struct wire_ahead *ahead, int fd, bool several)
{
    if (!wire_ahead_has(ahead, fd)) {
        prepare(ahead);
        ahead->next = ahead->count = 0;
        int got = recvmmsg(fd, ahead->heads, several ? DATAGRAMS : 1, MSG_DONTWAIT, NULL);
        if (got < 0)
            return -1;
        ahead->fd = fd;
        ahead->count = (unsigned)got;
    }
    skip_empty(ahead);
    errno = EAGAIN;
    return wire_ahead_has(ahead, fd) ? (ssize_t)ahead->heads[ahead->next].msg_len : -1;
}

ssize_t wire_ahead_take(struct wire_ahead *ahead, const struct iovec *pieces, size_t count,
                        struct msghdr **head)
{
    struct mmsghdr *taken = &ahead->heads[ahead->next++];
    const char *bytes = taken->msg_hdr.msg_iov->iov_base;
    size_t length = taken->msg_len, done = 0;
    for (size_t i = 0; i < count && done < length; i++) {
        size_t part = pieces[i].iov_len < length - done ? pieces[i].iov_len : length - done;
        memcpy(pieces[i].iov_base, bytes + done, part);
        done += part;
    }
    *head = &taken->msg_hdr;
    skip_empty(ahead);
    return (ssize_t)done;
}

void wire_ahead_forget(struct wire_ahead *ahead, int fd)
{
    if (ahead->fd == fd)
        ahead->next = ahead->count = 0;
}

#include "wire_private.h"
#include "cmtest/agent.h"
#include "cmtest/arena.h"
#include "cmtest/loop.h"
#include "cmtest/text.h"

#include <dlfcn.h>
#include <errno.h>
#include <linux/sock_diag.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/ssl.h>
#include <sofia-sip/su.h>
#include <sofia-sip/tport.h>

/* Longer than this nothing waits in a socket's buffer. */
#define WAIT_MAX_NS (30 * NS_PER_S)

struct wire {
    unsigned agents;
    struct wire_index *index;
    struct wire_socket **sockets; /* by descriptor */
    size_t socket_count;
    char *datagram; /* one that came or went in pieces */
    struct wire_ahead *ahead;
    int asked;      /* the descriptor that the stack reads from now */
    bool receiving; /* it is in tport_recv_event() below */
    struct agent_losses losses;
};

/* The calls that pass here have no room for a pointer of ours, and they are of the agents' thread.
 * NULL: nobody looks. */
static _Thread_local struct wire *here;

void wire_begin(void)
{
    if (!here) {
        here = mem_alloc(sizeof *here);
        here->index = wire_index_new();
        here->ahead = wire_ahead_new();
    }
    here->agents++;
}

void wire_end(void)
{
    if (!here || --here->agents > 0)
        return;
    for (size_t i = 0; i < here->socket_count; i++) {
        if (here->sockets[i])
            wire_socket_forget(here->sockets[i]);
        free(here->sockets[i]);
    }
    free(here->sockets);
    free(here->datagram);
    wire_index_free(here->index);
    wire_ahead_free(here->ahead);
    free(here);
    here = NULL;
}

void wire_watch(struct wire_watch *watch, const char *call_id, const char *tag, wire_fn *take,
                void *owner)
{
    wire_unwatch(watch);
    *watch = (struct wire_watch){.take = take, .owner = owner, .watching = true};
    memcpy(watch->call_id, call_id, strnlen(call_id, sizeof watch->call_id - 1));
    memcpy(watch->tag, tag, strnlen(tag, sizeof watch->tag - 1));
    if (here)
        wire_index_watch(here->index, watch);
}

void wire_unwatch(struct wire_watch *watch)
{
    if (watch->watching && here)
        wire_index_unwatch(here->index, watch);
    watch->watching = false;
}

/* ---- sockets --------------------------------------------------------------------------------- */

static struct wire_socket *socket_of(struct wire *wire, int fd, bool secure)
{
    if (fd < 0)
        return NULL;
    size_t at = (size_t)fd;
    if (at >= wire->socket_count) {
        size_t count = at * 2 + 64;
        wire->sockets = mem_grow(wire->sockets, count, sizeof wire->sockets[0]);
        memset(wire->sockets + wire->socket_count, 0,
               (count - wire->socket_count) * sizeof wire->sockets[0]);
        wire->socket_count = count;
    }
    if (!wire->sockets[at])
        wire->sockets[at] = mem_alloc(sizeof *wire->sockets[at]);
    struct wire_socket *of = wire->sockets[at];
    if (!of->transport)
        wire_socket_learn(of, fd, secure);
    return of;
}

/* The connection is over: what was cut off there will not be whole. */
static void closed(struct wire *wire, int fd)
{
    if (fd >= 0 && (size_t)fd < wire->socket_count && wire->sockets[fd])
        wire_socket_forget(wire->sockets[fd]);
}

/* ---- what passes ----------------------------------------------------------------------------- */

struct passing {
    struct wire *wire;
    struct wire_socket *of;
    bool sent;
    int64_t at_ns;
};

static void take_whole(void *to, const char *bytes, size_t length)
{
    const struct passing *passing = to;
    struct wire_head head;
    if (!wire_parse(bytes, length, &head))
        return;
    struct message message = {.at_ns = passing->at_ns, .bytes = bytes, .length = length};
    message.facts.sent = passing->sent;
    text_copy(message.facts.transport, sizeof message.facts.transport, passing->of->transport);
    memcpy(message.facts.local, passing->of->local, sizeof message.facts.local);
    memcpy(message.facts.remote, passing->of->remote, sizeof message.facts.remote);
    wire_index_give(passing->wire->index, &head, &message);
}

/* The bytes of a datagram in one piece. */
static const char *gather(struct wire *wire, const su_iovec_t *pieces, size_t count, size_t length)
{
    if (count > 0 && pieces[0].siv_len >= length)
        return pieces[0].siv_base;
    if (!wire->datagram)
        wire->datagram = mem_alloc(WIRE_MESSAGE_MAX);
    size_t have = 0;
    for (size_t i = 0; i < count && have < length; i++) {
        size_t part = pieces[i].siv_len < length - have ? pieces[i].siv_len : length - have;
        memcpy(wire->datagram + have, pieces[i].siv_base, part);
        have += part;
    }
    return wire->datagram;
}

static void look(struct passing *passing, const su_iovec_t *pieces, size_t count, size_t length)
{
    struct wire_socket *of = passing->of;
    if (!of->stream) {
        if (length <= WIRE_MESSAGE_MAX)
            take_whole(passing, gather(passing->wire, pieces, count, length), length);
        return;
    }
    struct wire_stream *stream = passing->sent ? &of->out : &of->in;
    for (size_t i = 0; i < count && length > 0; i++) {
        size_t part = pieces[i].siv_len < length ? pieces[i].siv_len : length;
        wire_stream_take(stream, pieces[i].siv_base, part, take_whole, passing);
        length -= part;
    }
}

/* A connection that takes no more for now is flow control of the peer's. */
static void note_refused(struct wire *wire, int fd, int error)
{
    int type = SOCK_DGRAM;
    socklen_t length = sizeof type;
    struct agent_losses *losses = &wire->losses;
    getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &length);
    errno = error;
    if (error == EINTR || (error == EAGAIN && type != SOCK_DGRAM))
        return;
    if (error == EAGAIN || error == ENOBUFS)
        losses->full++;
    else if (error == ENOMEM)
        losses->memory++;
    else if (error == EPIPE || error == ECONNREFUSED || error == ECONNRESET ||
             error == ENETUNREACH || error == EHOSTUNREACH || error == EMSGSIZE)
        losses->path++;
    else
        losses->other++;
}

/* A socket that is closed takes what it dropped since it was asked with it. */
void wire_losses(struct agent_losses *losses)
{
    *losses = (struct agent_losses){0};
    for (size_t fd = 0; here && fd < here->socket_count; fd++) {
        struct wire_socket *of = here->sockets[fd];
        uint32_t info[SK_MEMINFO_VARS] = {0};
        socklen_t length = sizeof info;
        if (!of || !of->transport || of->stream)
            continue;
        if (getsockopt((int)fd, SOL_SOCKET, SO_MEMINFO, info, &length) < 0)
            continue;
        here->losses.dropped += info[SK_MEMINFO_DROPS] - of->dropped;
        of->dropped = info[SK_MEMINFO_DROPS];
        if (!here->losses.queue || info[SK_MEMINFO_RCVBUF] < here->losses.queue)
            here->losses.queue = info[SK_MEMINFO_RCVBUF];
    }
    if (here)
        *losses = here->losses;
}

/* The number may be another socket's from now on. What was cut off goes when it is, for this may be
 * called from inside of what was read there. */
int su_close(su_socket_t fd)
{
    if (here && fd >= 0 && (size_t)fd < here->socket_count && here->sockets[fd]) {
        here->sockets[fd]->transport = NULL;
        wire_ahead_forget(here->ahead, fd);
    }
    return close(fd);
}

static bool sends_datagrams(int fd)
{
    const struct wire_socket *of =
        here && fd >= 0 && (size_t)fd < here->socket_count ? here->sockets[fd] : NULL;
    return of && of->transport && !of->stream;
}

/* What became of earlier datagrams is no error of the next one, and so the stack asks for it before
 * each: a system call for what is nearly never there. su_vsend() tries a second time instead, for
 * whoever is told of it once is not told again. */
int su_soerror(su_socket_t fd)
{
    int error = 0;
    socklen_t length = sizeof error;
    if (!sends_datagrams(fd))
        getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length);
    return error;
}

issize_t su_vsend(su_socket_t fd, su_iovec_t const pieces[], isize_t count, int flags,
                  su_sockaddr_t const *to, socklen_t to_length)
{
    struct msghdr message = {.msg_name = (void *)(uintptr_t)to,
                             .msg_namelen = to_length,
                             .msg_iov = (struct iovec *)(uintptr_t)pieces,
                             .msg_iovlen = (size_t)count};
    int64_t at_ns = here ? clock_now() : 0;
    ssize_t sent = sendmsg(fd, &message, flags);
    if (sent < 0 && sends_datagrams(fd) && errno != EAGAIN && errno != ENOBUFS && errno != EINTR)
        sent = sendmsg(fd, &message, flags);
    if (here && sent < 0)
        note_refused(here, fd, errno);
    if (!here || sent <= 0)
        return (issize_t)sent;
    int kept = errno;
    struct passing passing = {here, socket_of(here, fd, false), true, at_ns};
    if (passing.of) {
        wire_socket_peer(passing.of, to, to_length);
        look(&passing, pieces, (size_t)count, (size_t)sent);
    }
    errno = kept;
    return (issize_t)sent;
}

/* When the kernel got it: how long it then waited for us is no part of any measured time. */
static int64_t arrival_of(struct msghdr *message)
{
    int64_t now = clock_now();
    for (struct cmsghdr *part = CMSG_FIRSTHDR(message); part; part = CMSG_NXTHDR(message, part)) {
        if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_TIMESTAMPNS)
            continue;
        struct timespec stamp;
        memcpy(&stamp, CMSG_DATA(part), sizeof stamp);
        int64_t at = clock_from_realtime((int64_t)stamp.tv_sec * NS_PER_S + stamp.tv_nsec);
        /* Else the wall clock was set in between. */
        if (at < now && at > now - WAIT_MAX_NS)
            return at;
    }
    return now;
}

/* The kernel is asked for it, unless it was read ahead. */
static ssize_t receive(int fd, struct msghdr *message, int flags)
{
    struct msghdr *head;
    if (!here || !wire_ahead_has(here->ahead, fd))
        return recvmsg(fd, message, flags);
    ssize_t length = wire_ahead_take(here->ahead, message->msg_iov, message->msg_iovlen, &head);
    if (head->msg_namelen < message->msg_namelen)
        message->msg_namelen = head->msg_namelen;
    if (message->msg_name)
        memcpy(message->msg_name, head->msg_name, message->msg_namelen);
    message->msg_control = head->msg_control;
    message->msg_controllen = head->msg_controllen;
    return length;
}

issize_t su_vrecv(su_socket_t fd, su_iovec_t pieces[], isize_t count, int flags,
                  su_sockaddr_t *from, socklen_t *from_length)
{
    _Alignas(struct cmsghdr) char control[WIRE_CONTROL];
    struct msghdr message = {.msg_name = from,
                             .msg_namelen = from && from_length ? *from_length : 0,
                             .msg_iov = (struct iovec *)pieces,
                             .msg_iovlen = (size_t)count,
                             .msg_control = control,
                             .msg_controllen = sizeof control};
    ssize_t received = receive(fd, &message, flags);
    if (from && from_length)
        *from_length = message.msg_namelen;
    if (!here)
        return (issize_t)received;
    int kept = errno;
    if (received > 0) {
        struct passing passing = {here, socket_of(here, fd, false), false, arrival_of(&message)};
        if (passing.of) {
            wire_socket_peer(passing.of, from, message.msg_namelen);
            look(&passing, pieces, (size_t)count, (size_t)received);
        }
    } else if (received == 0 || (kept != EAGAIN && kept != EINTR)) {
        closed(here, fd);
    }
    errno = kept;
    return (issize_t)received;
}

/* What the stack asks before it makes room for a message and reads it. A socket that still has some
 * of another one read ahead is left to it. */
issize_t su_getmsgsize(su_socket_t fd)
{
    int length = -1;
    if (here)
        here->asked = fd;
    if (sends_datagrams(fd) &&
        (wire_ahead_has(here->ahead, fd) || wire_ahead_is_empty(here->ahead)))
        return (issize_t)wire_ahead_read(here->ahead, fd, here->receiving);
    return ioctl(fd, FIONREAD, &length) < 0 ? -1 : length;
}

/* The stack's own takes one datagram, and then waits in epoll. No header declares it. */
void tport_recv_event(tport_t *self);
void tport_recv_event(tport_t *self)
{
    static _Thread_local void (*take_one)(tport_t *); /* looking for it takes long */
    if (!take_one) {
        void *symbol = dlsym(RTLD_NEXT, "tport_recv_event");
        memcpy(&take_one, &symbol, sizeof take_one);
    }
    if (here)
        here->receiving = true;
    do {
        if (here)
            here->asked = -1;
        take_one(self);
    } while (here && wire_ahead_has(here->ahead, here->asked));
    if (here)
        here->receiving = false;
}

/* ---- the same inside of TLS ------------------------------------------------------------------ */

static void look_inside(SSL *ssl, bool sent, int64_t at_ns, const void *bytes, size_t length)
{
    int kept = errno;
    struct passing passing = {here, socket_of(here, SSL_get_fd(ssl), true), sent, at_ns};
    su_iovec_t piece = {.siv_base = (void *)(uintptr_t)bytes, .siv_len = length};
    if (passing.of)
        look(&passing, &piece, 1, length);
    errno = kept;
}

int SSL_write(SSL *ssl, const void *bytes, int length)
{
    size_t written = 0;
    int64_t at_ns = here ? clock_now() : 0;
    /* sofia-sip takes 0 for success; SSL_get_error() makes no difference between 0 and less. */
    if (length < 0 || !SSL_write_ex(ssl, bytes, (size_t)length, &written))
        return -1;
    if (here && written > 0)
        look_inside(ssl, true, at_ns, bytes, written);
    return (int)written;
}

int SSL_read(SSL *ssl, void *bytes, int length)
{
    size_t got = 0;
    if (length >= 0 && SSL_read_ex(ssl, bytes, (size_t)length, &got)) {
        if (here && got > 0)
            look_inside(ssl, false, clock_now(), bytes, got);
        return (int)got;
    }
    int why = SSL_get_error(ssl, 0);
    if (here && why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE) {
        int kept = errno;
        closed(here, SSL_get_fd(ssl));
        errno = kept;
    }
    return why == SSL_ERROR_ZERO_RETURN ? 0 : -1;
}

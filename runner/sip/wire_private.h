/*
 * wire_private: the parts of the witness: reading heads (wire_parse.c), cutting streams into
 * messages (wire_stream.c), sockets (wire_socket.c, wire_ahead.c), and finding who watches
 * (wire_index.c). All input is hostile.
 */
#ifndef CMTEST_WIRE_PRIVATE_H
#define CMTEST_WIRE_PRIVATE_H

#include "wire.h"

#include <sys/socket.h>
#include <time.h>

/* The longest message that is looked at. */
#define WIRE_MESSAGE_MAX ((size_t)65536)
/* Room for what comes with a datagram: when the kernel got it. */
#define WIRE_CONTROL CMSG_SPACE(sizeof(struct timespec))

/* Borrowed bytes, not terminated; at is NULL when there are none. */
struct span {
    const char *at;
    size_t length;
};

struct wire_head {
    uint16_t status;    /* 0: a request */
    struct span method; /* of the request, or of the CSeq */
    struct span reason;
    struct span call_id, from_tag, to_tag;
    struct span branch; /* of the topmost Via */
    uint32_t cseq;
    uint64_t body; /* Content-Length; 0 when it is not said */
};

/* Whether a line (its end may be on it) is a Request-Line or a Status-Line. */
bool wire_start_line(const char *line, size_t length);
/* Reads what it can of the head at bytes. false: no start line, or no Call-ID. */
bool wire_parse(const char *bytes, size_t length, struct wire_head *head);
/* Behind the empty line that ends the head; looked for from `from` on. 0: not there yet. */
size_t wire_head_end(const char *bytes, size_t length, size_t from);
/* Never with control characters; cut at a UTF-8 boundary. */
void wire_copy(char *to, size_t size, struct span from);

/* One direction of one connection: what came of a message that is not whole yet. */
struct wire_stream {
    char *bytes;
    size_t length, capacity;
    size_t searched; /* no end of the head before it */
};

typedef void wire_whole_fn(void *to, const char *bytes, size_t length);

/* Calls whole() for each message that is complete now. What is no message is skipped line by line
 * until something looks like a start line. */
void wire_stream_take(struct wire_stream *stream, const char *bytes, size_t length,
                      wire_whole_fn *whole, void *to);
void wire_stream_forget(struct wire_stream *stream);

/* What is known of a descriptor, until the stack closes it. */
struct wire_socket {
    bool stream;
    const char *transport; /* NULL: nothing */
    char local[64], remote[64];
    struct sockaddr_storage peer; /* of `remote` */
    struct wire_stream in, out;
    uint32_t dropped; /* as the kernel last told */
};

/* Asks the kernel what it is. */
void wire_socket_learn(struct wire_socket *of, int fd, bool secure);
void wire_socket_peer(struct wire_socket *of, const void *address, socklen_t length);
/* What was cut off there will not be whole. */
void wire_socket_forget(struct wire_socket *of);

/* Datagrams of one socket that were read before the stack asked for them (wire_ahead.c). */
struct wire_ahead;
struct wire_ahead *wire_ahead_new(void);
void wire_ahead_free(struct wire_ahead *ahead);
/* The length of the next datagram of fd. -1 with errno: there is none, or none that is not empty.
 * several: more than one may be read, for whoever asks takes them all before it waits again. Only
 * when it has some of fd, or none at all. */
ssize_t wire_ahead_read(struct wire_ahead *ahead, int fd, bool several);
bool wire_ahead_has(const struct wire_ahead *ahead, int fd);
bool wire_ahead_is_empty(const struct wire_ahead *ahead);
/* The next one, of which there is one; what does not fit is lost. *head is what recvmsg() would
 * have told of it: borrowed until the next wire_ahead_read(). */
ssize_t wire_ahead_take(struct wire_ahead *ahead, const struct iovec *pieces, size_t count,
                        struct msghdr **head);
/* The descriptor is another socket's from now on. */
void wire_ahead_forget(struct wire_ahead *ahead, int fd);

struct wire_index;
struct wire_index *wire_index_new(void);
void wire_index_free(struct wire_index *index);
void wire_index_watch(struct wire_index *index, struct wire_watch *watch);
void wire_index_unwatch(struct wire_index *index, struct wire_watch *watch);
/* To the watch of it, or it waits. message->facts are filled from head. */
void wire_index_give(struct wire_index *index, const struct wire_head *head,
                     struct message *message);

#endif

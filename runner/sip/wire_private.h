/*
 * wire_private: the parts of the witness: reading heads (wire_parse.c), cutting streams into
 * messages (wire_stream.c), and finding who watches (wire_index.c). All input is hostile.
 */
#ifndef CMTEST_WIRE_PRIVATE_H
#define CMTEST_WIRE_PRIVATE_H

#include "wire.h"

/* The longest message that is looked at. */
#define WIRE_MESSAGE_MAX ((size_t)65536)

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

struct wire_index;
struct wire_index *wire_index_new(void);
void wire_index_free(struct wire_index *index);
void wire_index_watch(struct wire_index *index, struct wire_watch *watch);
void wire_index_unwatch(struct wire_index *index, struct wire_watch *watch);
/* To the watch of it, or it waits. message->facts are filled from head. */
void wire_index_give(struct wire_index *index, const struct wire_head *head,
                     struct message *message);

#endif

/*
 * paragraph: what a rule writes into: two growing texts, and the words of its cluster, which are
 * short and without control characters whatever a server or a spec says. Private to runner/verdict.
 */
#ifndef VERDICT_PARAGRAPH_H
#define VERDICT_PARAGRAPH_H

#include "cluster.h"
#include "cmtest/text.h"

#define WORD_SIZE 96

struct paragraph {
    const struct cluster *cluster;
    bool many; /* more than one endpoint */
    /* Of the cluster's first endpoint: */
    char name[WORD_SIZE];    /* callers[3] */
    char account[WORD_SIZE]; /* "the account" when it has none */
    char group[WORD_SIZE];
    char registrar[WORD_SIZE];
    char server[WORD_SIZE]; /* host:port/transport */
    char host[WORD_SIZE];   /* of server, without port and brackets */
    char target[WORD_SIZE]; /* who it calls; "its caller" when it only answers */
    char codecs[WORD_SIZE];
    char peer[WORD_SIZE];        /* the endpoint at the other end, "" when outside */
    char peer_codecs[WORD_SIZE]; /* of the group at the other end, "" when outside */
    char answer[WORD_SIZE];      /* "401 Unauthorized"; "" without a status */
    char trouble[160];           /* what the transport says; may be "" */
    struct text cause, next;
};

void paragraph_init(struct paragraph *paragraph, const struct cluster *cluster);
void paragraph_fini(struct paragraph *paragraph);

/* A piece of the cause, and of the next step: whole sentences. */
void say_cause(struct paragraph *paragraph, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void say_next(struct paragraph *paragraph, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* "All 500 endpoints ended REGISTRATION_FAILED with ... from ...", the cause, and the first one. */
void paragraph_text(const struct paragraph *paragraph, struct text *out);

/* One line: control characters, and what is not UTF-8, become '?'; what does not fit is cut so that
 * it shows. */
void copy_clean(char *to, size_t size, const char *from);

/* ---- sentences that several rules share ----------------------------------------------------- */

/* What to do when a server takes only so many at a time: a longer buildup, by how much. */
void say_buildup(struct paragraph *paragraph);
/* cause: how fast they came, when it is known. */
void say_pace(struct paragraph *paragraph);
/* next: compare the codecs of both sides. */
void say_codecs(struct paragraph *paragraph);
/* next: between which addresses RTP must pass. */
void say_media(struct paragraph *paragraph);
/* The first name that both lists ("pcma, pcmu") have, or false. */
bool common_codec(const char *a, const char *b, char *out, size_t size);

#endif

/*
 * fmtp: parameters of a codec in SDP, read from text of the network. Private to the rows of
 * codecs/.
 */
#ifndef MEDIA_FMTP_H
#define MEDIA_FMTP_H

#include <stdbool.h>
#include <stddef.h>

#define FMTP_WORD 64

/* One "name=value" of a list with semicolons; value "" when there is none. */
struct fmtp_pair {
    char name[FMTP_WORD], value[FMTP_WORD];
};

/* Takes the next one from *at. Pairs with longer words are passed over. false: there is none. */
bool fmtp_next(const char **at, struct fmtp_pair *pair);
/* A decimal number of at most 9 digits and nothing else. */
bool fmtp_number(const char *text, unsigned long *number);
/* The next "a" or "a-b" of a list with commas. false: none is left, or this is none. */
bool fmtp_range(const char **at, unsigned long *first, unsigned long *last);

#endif

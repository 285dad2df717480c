/*
 * digest_core: the arithmetic that both sides of digest authentication share (RFC 7616 3.4).
 */
#ifndef SIP_DIGEST_CORE_H
#define SIP_DIGEST_CORE_H

#include "cmtest/digest.h"

#define DIGEST_HEX_SIZE 65 /* of the longest hash, with its NUL */

struct digest_input {
    enum digest_algorithm algorithm;
    const char *username;
    const char *password;
    const char *realm;
    const char *nonce;
    const char *cnonce; /* with qop or a -sess algorithm */
    const char *nc;     /* with qop: the 8 digits as they are written */
    const char *qop;    /* NULL, "auth" or "auth-int" */
    const char *uri;
    const struct digest_request *request; /* method and body; its uri is not looked at */
};

/* The value of response="", in lower case. */
void digest_response(const struct digest_input *input, char hex[DIGEST_HEX_SIZE]);

bool digest_algorithm_is_session(enum digest_algorithm algorithm);

/* Appends name="value" with quotes and backslashes escaped and control characters left out. */
void digest_add_quoted(struct text *out, const char *name, const char *value);

/* The value text behind `name=` as it was written, quotes included; NULL when absent. */
const char *digest_param_raw(const char *const *params, const char *name);

#endif

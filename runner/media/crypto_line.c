#include "cmtest/crypto_line.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include <openssl/crypto.h>

#define LINE_MAX_BYTES 1024
#define NAME_MAX_BYTES 64
#define LIFETIME_MAX (UINT64_C(1) << 48) /* packets of one SRTP key (RFC 3711 9.2) */
#define WINDOW_MIN 64

static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

struct piece {
    const char *at;
    size_t length;
};

/* What is before the next separator; *rest is what is behind it. */
static struct piece cut(struct piece *rest, char separator)
{
    const char *end = rest->length ? memchr(rest->at, separator, rest->length) : NULL;
    struct piece piece = {rest->at, end ? (size_t)(end - rest->at) : rest->length};
    size_t used = piece.length + (end != NULL);
    *rest = (struct piece){rest->at + used, rest->length - used};
    return piece;
}

/* More than one space between two words is no line, but it is harmless. */
static struct piece cut_word(struct piece *rest)
{
    while (rest->length > 0 && rest->at[0] == ' ')
        *rest = (struct piece){rest->at + 1, rest->length - 1};
    return cut(rest, ' ');
}

static bool begins(struct piece piece, const char *with)
{
    return piece.length >= strlen(with) && strncasecmp(piece.at, with, strlen(with)) == 0;
}

static bool is(struct piece piece, const char *word)
{
    return piece.length == strlen(word) && begins(piece, word);
}

/* Decimal, at most limit. */
static bool read_number(struct piece piece, uint64_t limit, uint64_t *number)
{
    *number = 0;
    for (size_t i = 0; i < piece.length; i++) {
        if (piece.at[i] < '0' || piece.at[i] > '9')
            return false;
        *number = *number * 10 + (uint64_t)(piece.at[i] - '0');
        if (*number > limit)
            return false;
    }
    return piece.length > 0;
}

/* Exactly count bytes. The padding may be missing, as it is from some peers. */
static bool read_base64(struct piece text, uint8_t *bytes, size_t count)
{
    size_t digits = (count * 4 + 2) / 3, padded = (count + 2) / 3 * 4, done = 0;
    uint32_t bits = 0;
    unsigned held = 0;
    if (text.length != digits && text.length != padded)
        return false;
    for (size_t i = 0; i < text.length; i++) {
        const char *digit = text.at[i] ? strchr(base64, text.at[i]) : NULL;
        if (i >= digits ? text.at[i] != '=' : !digit)
            return false;
        if (i >= digits)
            continue;
        bits = bits << 6 | (uint32_t)(digit - base64);
        held += 6;
        if (held >= 8) {
            held -= 8;
            bytes[done++] = (uint8_t)(bits >> held);
        }
    }
    return done == count;
}

static void write_base64(const uint8_t *bytes, size_t count, struct text *out)
{
    for (size_t i = 0; i < count; i += 3) {
        uint32_t bits = (uint32_t)bytes[i] << 16;
        size_t here = count - i < 3 ? count - i : 3;
        bits |= here > 1 ? (uint32_t)bytes[i + 1] << 8 : 0;
        bits |= here > 2 ? bytes[i + 2] : 0;
        char four[4] = {base64[bits >> 18], base64[bits >> 12 & 63],
                        here > 1 ? base64[bits >> 6 & 63] : '=',
                        here > 2 ? base64[bits & 63] : '='};
        text_add_bytes(out, four, sizeof four);
    }
}

static const struct suite *read_suite(struct piece name)
{
    char text[NAME_MAX_BYTES];
    if (name.length >= sizeof text || memchr(name.at, 0, name.length))
        return NULL;
    memcpy(text, name.at, name.length);
    text[name.length] = 0;
    return suite_find(text);
}

static bool read_lifetime(struct piece piece, uint64_t *lifetime)
{
    if (begins(piece, "2^")) {
        uint64_t power;
        if (!read_number((struct piece){piece.at + 2, piece.length - 2}, 48, &power))
            return false;
        *lifetime = UINT64_C(1) << power;
        return true;
    }
    return read_number(piece, LIFETIME_MAX, lifetime) && *lifetime > 0;
}

/* inline:<key and salt>[|lifetime][|MKI:length] */
static const char *read_key(struct piece params, struct crypto_line *line)
{
    const struct suite *suite = line->secret.suite;
    if (memchr(params.at, ';', params.length))
        return "a=crypto has several keys, which need an MKI: not supported";
    if (!begins(params, "inline:"))
        return "a=crypto has a key method other than inline";
    params = (struct piece){params.at + 7, params.length - 7};
    bool more = memchr(params.at, '|', params.length) != NULL;
    struct piece key = cut(&params, '|');
    if (!read_base64(key, line->secret.bytes, suite->key_bytes + suite->salt_bytes))
        return "a=crypto has a key that is not base64 of the length of its suite";
    while (more) {
        more = memchr(params.at, '|', params.length) != NULL;
        struct piece piece = cut(&params, '|');
        if (memchr(piece.at, ':', piece.length))
            return "a=crypto has an MKI, which is not supported";
        if (line->lifetime || !read_lifetime(piece, &line->lifetime))
            return "a=crypto has a lifetime that is no number of packets up to 2^48";
    }
    return NULL;
}

static const char *read_parameter(struct piece piece)
{
    uint64_t number;
    if (is(piece, "UNENCRYPTED_SRTP") || is(piece, "UNENCRYPTED_SRTCP"))
        return "a=crypto asks for packets that are not encrypted: refused";
    if (is(piece, "UNAUTHENTICATED_SRTP"))
        return "a=crypto asks for packets that are not authenticated: refused";
    if (begins(piece, "KDR="))
        return "a=crypto has a key derivation rate, which is not supported";
    if (begins(piece, "WSH="))
        return read_number((struct piece){piece.at + 4, piece.length - 4}, 1 << 20, &number) &&
                       number >= WINDOW_MIN
                   ? NULL
                   : "a=crypto has a window size hint below 64, or none at all";
    /* RFC 4568 6.3.7: who does not know one passes over it only when it begins so. */
    return begins(piece, "-") ? NULL : "a=crypto has a session parameter that is not supported";
}

static const char *read_line(struct piece rest, struct crypto_line *line)
{
    uint64_t tag;
    if (!read_number(cut_word(&rest), 999999999, &tag))
        return "a=crypto does not begin with a tag of up to nine digits";
    line->tag = (uint32_t)tag;
    line->secret.suite = read_suite(cut_word(&rest));
    if (!line->secret.suite)
        return "a=crypto has a crypto suite that is not known";
    struct piece params = cut_word(&rest);
    if (params.length == 0)
        return "a=crypto has no key";
    const char *why = read_key(params, line);
    while (!why && rest.length > 0) {
        struct piece parameter = cut_word(&rest);
        if (parameter.length > 0)
            why = read_parameter(parameter);
    }
    return why;
}

const char *crypto_line_parse(const char *value, size_t length, struct crypto_line *line)
{
    struct crypto_line read = {0};
    if (length > LINE_MAX_BYTES)
        return "a=crypto is longer than 1024 bytes";
    const char *why = read_line((struct piece){value, length}, &read);
    if (!why)
        *line = read;
    OPENSSL_cleanse(&read, sizeof read);
    return why;
}

void crypto_line_write(const struct crypto_line *line, struct text *out)
{
    const struct suite *suite = line->secret.suite;
    text_printf(out, "%u %s inline:", line->tag, suite->name);
    write_base64(line->secret.bytes, suite->key_bytes + suite->salt_bytes, out);
}

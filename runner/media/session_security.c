/* SDES (RFC 4568) and DTLS-SRTP (RFC 5763, RFC 8842) in offer and answer. */
#include "session_security.h"
#include <string.h>
#include <strings.h>
#include "cmtest/crypto_line.h"

extern const struct keying keying_none, keying_sdes, keying_dtls;

/* A peer has no reason for more of them; the rest is not read. */
#define CRYPTO_LINES_MAX 32

static const char not_plain[] =
    "the peer's audio stream is plain RTP, but this endpoint requires encryption";
static const char not_secured[] =
    "the peer's audio stream is encrypted SRTP, but this endpoint has only plain RTP";
static const char not_sdes[] =
    "the peer's audio stream wants keys by DTLS, but this endpoint has only SDES";
static const char not_dtls[] =
    "the peer's audio stream has its keys in SDES (a=crypto), but this endpoint has only DTLS";
static const char no_keys[] =
    "the peer's audio stream is SRTP, but its SDP has neither a=crypto nor a=fingerprint";
static const char no_suite[] = "the peer's a=crypto lines have no SRTP suite in common with this "
                               "endpoint";
static const char one_key[] = "the peer's answer has not exactly one a=crypto line";
static const char other_tag[] =
    "the a=crypto line of the peer's answer has a tag or suite that was not offered";
static const char bad_setup[] = "the a=setup of the peer's SDP is not one that this endpoint can "
                                "meet";
static const char no_setup[] = "the peer's answer has an a=fingerprint, but no a=setup";
static const char other_keys[] = "the peer's answer has keys that were not offered";

bool session_no_security(const char *why)
{
    return why == not_plain || why == not_secured || why == not_sdes || why == not_dtls ||
           why == no_keys || why == no_suite || why == one_key || why == other_tag ||
           why == bad_setup || why == no_setup || why == other_keys;
}

const char *session_profile_name(enum session_profile profile)
{
    static const char *const names[] = {"RTP/AVP",   "RTP/AVPF",         "RTP/SAVP",
                                        "RTP/SAVPF", "UDP/TLS/RTP/SAVP", "UDP/TLS/RTP/SAVPF"};

    return profile < SESSION_OTHER ? names[profile] : NULL;
}

static bool is_secured(enum session_profile profile)
{
    return profile >= SESSION_SAVP && profile < SESSION_OTHER;
}

static bool is_tls(enum session_profile profile)
{
    return profile == SESSION_TLS_SAVP || profile == SESSION_TLS_SAVPF;
}

/* ---- our offer ------------------------------------------------------------------------------ */

/* What a later offer holds on to; NULL: everything is open. */
static const struct session_media *agreed_of(const struct session_local *local)
{
    return local->agreed && local->agreed->codec && local->agreed->keying.row ? local->agreed
                                                                              : NULL;
}

static bool offers(const struct session_local *local, const struct keying *row)
{
    const struct session_media *agreed = agreed_of(local);

    if (agreed)
        return agreed->keying.row == row;
    return row == &keying_sdes ? local->security.sdes : local->security.dtls;
}

enum session_profile security_profile(const struct session_local *local)
{
    const struct session_security *security = &local->security;
    unsigned profile = SESSION_AVP;

    if (agreed_of(local))
        return local->agreed->profile;
    if (security->required && security->sdes)
        profile = SESSION_SAVP;
    else if (security->required && security->dtls)
        profile = SESSION_TLS_SAVP;
    return profile + local->feedback;
}

static void write_crypto(uint32_t tag, const struct keying_secret *secret, struct text *out)
{
    struct crypto_line line = {.tag = tag, .secret = *secret};

    text_add(out, "a=crypto:");
    crypto_line_write(&line, out);
    text_add(out, "\r\n");
}

static void write_fingerprint(const struct session_local *local, enum setup setup, struct text *out)
{
    text_add(out, "a=fingerprint:");
    fingerprint_write(local->security.fingerprint, out);
    text_printf(out, "\r\na=setup:%s\r\n", setup_name(setup));
}

void security_offer(const struct session_local *local, struct text *out)
{
    const struct session_media *agreed = agreed_of(local);
    const struct session_security *security = &local->security;

    for (size_t i = 0; offers(local, &keying_sdes) && i < security->suite_count; i++) {
        if (!agreed)
            write_crypto((uint32_t)i + 1, &local->secrets[i], out);
        else if (agreed->keying.local.suite == security->suites[i])
            write_crypto(agreed->crypto_tag, &local->secrets[i], out);
    }
    if (offers(local, &keying_dtls))
        write_fingerprint(local, SETUP_ACTPASS, out);
    if (agreed ? agreed->mux : local->mux)
        text_add(out, "a=rtcp-mux\r\n");
}

/* ---- theirs --------------------------------------------------------------------------------- */

static const sdp_attribute_t *next_named(const sdp_attribute_t *from, const char *name)
{
    while (from && (!from->a_name || strcasecmp(from->a_name, name) != 0))
        from = from->a_next;
    return from;
}

/* Of the stream, else of the session. */
static const sdp_attribute_t *find(const sdp_media_t *m, const char *name)
{
    const sdp_attribute_t *own = next_named(m->m_attributes, name);

    return own || !m->m_session ? own : next_named(m->m_session->sdp_attributes, name);
}

static const struct keying_secret *own_secret(const struct session_local *local,
                                              const struct suite *suite)
{
    for (size_t i = 0; i < local->security.suite_count; i++)
        if (local->security.suites[i] == suite)
            return &local->secrets[i];
    return NULL;
}

/* Whether our offer had this tag with this suite. */
static bool was_offered(const struct session_local *local, const struct crypto_line *line)
{
    const struct session_media *agreed = agreed_of(local);
    const struct session_security *security = &local->security;

    if (agreed)
        return line->tag == agreed->crypto_tag && line->secret.suite == agreed->keying.local.suite;
    return line->tag >= 1 && line->tag <= security->suite_count &&
           security->suites[line->tag - 1] == line->secret.suite;
}

static void take_crypto(const struct keying_secret *own, const struct crypto_line *line,
                        struct session_media *media)
{
    media->keying.row = &keying_sdes;
    media->keying.local = *own;
    media->keying.remote = line->secret;
    media->crypto_tag = line->tag;
}

static const char *read_crypto(const struct session_local *local, const sdp_media_t *m,
                               bool answered, struct session_media *media)
{
    const char *why = no_suite;
    size_t count = 0;

    for (const sdp_attribute_t *row = next_named(m->m_attributes, "crypto");
         row && count < CRYPTO_LINES_MAX; row = next_named(row->a_next, "crypto"), count++) {
        struct crypto_line line;
        const char *value = row->a_value ? row->a_value : "";
        const char *unusable = crypto_line_parse(value, strlen(value), &line);
        const struct keying_secret *own = unusable ? NULL : own_secret(local, line.secret.suite);
        if (answered && count > 0)
            return one_key;
        if (answered && !unusable && (!own || !was_offered(local, &line)))
            return other_tag;
        if (answered && unusable)
            return unusable;
        if (own && why) {
            take_crypto(own, &line, media);
            why = NULL;
        }
    }
    return why;
}

/* Who sends the ClientHello. In a session that goes on the same one as before (RFC 8842 5.5). */
static const char *read_setup(const struct session_local *local, const sdp_media_t *m,
                              bool answered, struct session_media *media)
{
    const sdp_attribute_t *row = find(m, "setup");
    const struct session_media *agreed = agreed_of(local);
    bool keep = agreed && agreed->keying.row == &keying_dtls;
    enum setup theirs = answered ? SETUP_PASSIVE : SETUP_ACTIVE, ours = SETUP_ACTPASS;

    /* RFC 4145 4: nothing said is "active" in an offer; in an answer it would be a guess. */
    if (!row && answered)
        return no_setup;
    if (row && (!row->a_value || !setup_parse(row->a_value, strlen(row->a_value), &theirs)))
        return bad_setup;
    if (!answered) {
        enum setup preferred = keep && !agreed->keying.active ? SETUP_PASSIVE : SETUP_ACTIVE;
        if (!setup_answer(theirs, preferred, &ours))
            return bad_setup;
    }
    return setup_active(ours, theirs, &media->keying.active) ? NULL : bad_setup;
}

static const char *read_fingerprints(const struct session_local *local, const sdp_media_t *m,
                                     bool answered, struct session_media *media)
{
    struct keying_config *keying = &media->keying;
    const sdp_attribute_t *row = find(m, "fingerprint");
    const char *why = NULL;

    for (; row; row = next_named(row->a_next, "fingerprint")) {
        const char *value = row->a_value ? row->a_value : "";
        struct fingerprint *to = &keying->fingerprints[keying->fingerprint_count];
        if (keying->fingerprint_count == KEYING_FINGERPRINTS_MAX)
            break;
        const char *unusable = fingerprint_parse(value, strlen(value), false, to);
        if (!unusable)
            keying->fingerprint_count++;
        else if (!why)
            why = unusable;
    }
    if (!keying->fingerprint_count)
        return why;
    keying->row = &keying_dtls;
    memcpy(keying->suites, local->security.suites, sizeof keying->suites);
    keying->suite_count = local->security.suite_count;
    keying->separate = !media->mux;
    return read_setup(local, m, answered, media);
}

/* The keys of the stream; only called when there are some and they are wanted. */
static const char *read_keys(const struct session_local *local, const sdp_media_t *m, bool crypto,
                             bool print, bool answered, struct session_media *media)
{
    bool sdes = answered ? offers(local, &keying_sdes) : local->security.sdes;
    bool dtls = answered ? offers(local, &keying_dtls) : local->security.dtls;

    if (print && dtls)
        return read_fingerprints(local, m, answered, media);
    if (crypto && sdes && !is_tls(media->profile))
        return read_crypto(local, m, answered, media);
    return answered ? other_keys : print ? not_sdes : not_dtls;
}

const char *security_choose(const struct session_local *local, const sdp_media_t *m,
                            enum session_profile profile, bool answered,
                            struct session_media *media)
{
    const struct session_security *security = &local->security;
    bool crypto = next_named(m->m_attributes, "crypto") != NULL;
    bool print = find(m, "fingerprint") != NULL;
    bool wanted = security->sdes || security->dtls;

    media->profile = profile;
    media->mux = (answered && agreed_of(local) ? local->agreed->mux : local->mux) &&
                 next_named(m->m_attributes, "rtcp-mux") != NULL;
    media->keying.row = &keying_none;
    if (is_secured(profile) && !wanted)
        return not_secured;
    if (is_secured(profile) && !crypto && !print)
        return no_keys;
    if (wanted && (crypto || print)) {
        const char *why = read_keys(local, m, crypto, print, answered, media);
        if (!why || is_secured(profile) || security->required || answered)
            return why;
        media->keying = (struct keying_config){.row = &keying_none};
    }
    return security->required && media->keying.row == &keying_none ? not_plain : NULL;
}

void security_answer(const struct session_local *local, const struct session_media *media,
                     struct text *out)
{
    const struct keying_config *keying = &media->keying;

    if (keying->row == &keying_sdes)
        write_crypto(media->crypto_tag, &keying->local, out);
    else if (keying->row == &keying_dtls)
        write_fingerprint(local, keying->active ? SETUP_ACTIVE : SETUP_PASSIVE, out);
    if (media->mux)
        text_add(out, "a=rtcp-mux\r\n");
}

/* ---- whether two agree ---------------------------------------------------------------------- */

static bool same_secret(const struct keying_secret *a, const struct keying_secret *b)
{
    return a->suite == b->suite && memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

bool session_same_keying(const struct session_media *a, const struct session_media *b)
{
    const struct keying_config *one = &a->keying, *other = &b->keying;

    if (one->row != other->row || a->mux != b->mux || one->active != other->active ||
        one->fingerprint_count != other->fingerprint_count)
        return false;
    for (size_t i = 0; i < one->fingerprint_count; i++)
        if (!fingerprint_equal(&one->fingerprints[i], &other->fingerprints[i]))
            return false;
    return one->row != &keying_sdes ||
           (same_secret(&one->local, &other->local) && same_secret(&one->remote, &other->remote));
}

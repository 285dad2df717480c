#include "registrar_core.h"

#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_status.h>
#include <sofia-sip/sip_tag.h>
#include <sofia-sip/url.h>
#include <string.h>
#include <strings.h>
#include "digest_core.h"

const msg_auth_t *registrar_credentials(const struct registrar *registrar,
                                        const msg_auth_t *headers)
{
    char realm[256];
    for (const msg_auth_t *header = headers; header; header = header->au_next) {
        const char *const *params = (const char *const *)header->au_params;
        if (header->au_scheme && strcasecmp(header->au_scheme, "Digest") == 0 &&
            digest_param(params, "realm", realm, sizeof realm) &&
            strcmp(realm, registrar->realm) == 0)
            return header;
    }
    return NULL;
}

/* The uri that was signed must be the Request-URI or at least lead here: some clients sign the
 * server's address and not the callee's. */
static bool uri_fits(const struct registrar *registrar, const sip_t *sip, const char *uri)
{
    su_home_t home[1] = {SU_HOME_INIT(home)};
    su_home_init(home);
    const url_t *url = url_make(home, uri);
    bool fits =
        url && (url_cmp(url, sip->sip_request->rq_url) == 0 || registrar_serves(registrar, url));
    su_home_deinit(home);
    return fits;
}

static uint64_t request_identity(const sip_t *sip)
{
    uint64_t hash = sip->sip_cseq->cs_seq + UINT64_C(0xcbf29ce484222325);
    for (const char *at = sip->sip_call_id->i_id; at && *at; at++)
        hash = (hash ^ (unsigned char)*at) * UINT64_C(0x100000001b3);
    for (const char *at = sip->sip_request->rq_method_name; at && *at; at++)
        hash = (hash ^ (unsigned char)*at) * UINT64_C(0x100000001b3);
    return hash;
}

enum access_result registrar_access(struct registrar *registrar, const sip_t *sip,
                                    const msg_auth_t *headers, struct account **account)
{
    const msg_auth_t *header = registrar_credentials(registrar, headers);
    if (!header)
        return ACCESS_CHALLENGE;
    const char *const *params = (const char *const *)header->au_params;
    char username[256], uri[512], nonce[256];
    if (!digest_param(params, "username", username, sizeof username) ||
        !digest_param(params, "uri", uri, sizeof uri))
        return ACCESS_MALFORMED;
    struct account *found = location_find(&registrar->location, username);
    if (!found || !uri_fits(registrar, sip, uri))
        return ACCESS_DENIED;
    struct digest_request request = {.method = sip->sip_request->rq_method_name};
    if (sip->sip_payload) {
        request.body = sip->sip_payload->pl_data;
        request.body_length = sip->sip_payload->pl_len;
    }
    uint32_t count;
    enum digest_check check =
        digest_check(params, registrar->algorithm, registrar->realm, found->username,
                     found->password, &request, nonce, sizeof nonce, &count);
    if (check == DIGEST_MALFORMED)
        return ACCESS_MALFORMED;
    if (check != DIGEST_OK)
        return ACCESS_DENIED;
    if (!nonces_use(&registrar->nonces, nonce, count, request_identity(sip), clock_now()))
        return ACCESS_STALE;
    *account = found;
    return ACCESS_GRANTED;
}

static void challenge(struct registrar *registrar, msg_t *msg, bool stale, bool proxy)
{
    char nonce[NONCE_LENGTH + 1];
    struct text header = {0};
    nonces_issue(&registrar->nonces, clock_now(), nonce);
    digest_add_quoted(&header, "Digest realm", registrar->realm);
    digest_add_quoted(&header, ", nonce", nonce);
    text_printf(&header, ", algorithm=%s, qop=\"auth\"%s",
                digest_algorithm_name(registrar->algorithm), stale ? ", stale=true" : "");
    if (proxy)
        registrar_reply(registrar, msg, SIP_407_PROXY_AUTH_REQUIRED,
                        SIPTAG_PROXY_AUTHENTICATE_STR(text_get(&header)), TAG_END());
    else
        registrar_reply(registrar, msg, SIP_401_UNAUTHORIZED,
                        SIPTAG_WWW_AUTHENTICATE_STR(text_get(&header)), TAG_END());
    text_fini(&header);
}

void registrar_refuse(struct registrar *registrar, msg_t *msg, enum access_result result,
                      bool proxy)
{
    switch (result) {
    case ACCESS_GRANTED:
        break;
    case ACCESS_CHALLENGE:
    case ACCESS_STALE:
        challenge(registrar, msg, result == ACCESS_STALE, proxy);
        return;
    case ACCESS_MALFORMED:
        registrar->counts.refused++;
        registrar_reply(registrar, msg, 400, "Malformed Credentials", TAG_END());
        return;
    case ACCESS_DENIED:
        /* A new challenge would be right too, but simple clients answer it for ever. */
        break;
    }
    registrar->counts.refused++;
    registrar_reply(registrar, msg, SIP_403_FORBIDDEN, TAG_END());
}

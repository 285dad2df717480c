#include "registrar_core.h"

#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_status.h>
#include <sofia-sip/sip_tag.h>
#include <sofia-sip/sip_util.h>
#include <sofia-sip/url.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* What a REGISTER asks for, judged as a whole before anything of it is done (RFC 3261 10.3). */
struct verdict {
    int status; /* 0: go on */
    const char *phrase;
};

static struct verdict verdict(int status, const char *phrase)
{
    return (struct verdict){status, phrase};
}

static int64_t granted(const struct registrar *registrar, const sip_t *sip,
                       const sip_contact_t *contact)
{
    sip_time_t limit = (sip_time_t)registrar->expires_max;
    sip_time_t asked = sip_contact_expires(contact, sip->sip_expires, sip->sip_date, limit, 0);
    return (int64_t)(asked < limit ? asked : limit);
}

/* The URI as it is stored and compared: as the parser wrote it down, and without headers, which
 * must not end up in a Request-URI. */
static bool contact_uri(const sip_contact_t *contact, char *out, size_t size)
{
    url_t url = *contact->m_url;
    url.url_headers = NULL;
    issize_t length = url_e(out, (isize_t)size, &url);
    return length > 0 && (size_t)length < size;
}

static size_t params_length(const sip_contact_t *contact)
{
    size_t length = 0;
    for (const msg_param_t *param = contact->m_params; param && *param; param++)
        length += strlen(*param) + 1;
    return length;
}

/* RFC 3261 10.3 item 7: an older request of the same Call-ID that comes late changes nothing. An
 * equal one is a retransmission. */
static bool is_late(const struct binding *binding, const sip_t *sip)
{
    return strcmp(binding->call_id, sip->sip_call_id->i_id) == 0 &&
           sip->sip_cseq->cs_seq < binding->cseq;
}

static struct verdict judge_contact(struct registrar *registrar, struct account *account,
                                    const sip_t *sip, const sip_contact_t *contact)
{
    char uri[CONTACT_LIMIT];
    struct hop hop;
    if (!contact_uri(contact, uri, sizeof uri) || params_length(contact) >= CONTACT_LIMIT)
        return verdict(400, "Contact Too Long");
    if (contact->m_url->url_type != url_sip)
        return verdict(400, "Contact Is Not a SIP URI");
    if (!registrar_is_loopback(contact->m_url))
        return verdict(403, "Embedded Registrar Serves Loopback Only");
    if (registrar_serves(registrar, contact->m_url))
        return verdict(403, "Contact Is This Registrar");
    if (!hop_of_url(&hop, contact->m_url, CARRIER_UDP))
        return verdict(403, "Contact Transport Not Served");
    const struct binding *known = account_binding(account, uri);
    if (known && is_late(known, sip))
        return verdict(500, "CSeq Out Of Order");
    return verdict(0, NULL);
}

static struct verdict judge(struct registrar *registrar, struct account *account, const sip_t *sip)
{
    const sip_contact_t *contact = sip->sip_contact;
    if (contact && contact->m_url->url_type == url_any) {
        if (contact->m_next || !sip->sip_expires || sip->sip_expires->ex_delta != 0 ||
            sip->sip_expires->ex_date != 0)
            return verdict(400, "Contact: * Needs Expires: 0");
        for (const struct binding *b = account->bindings; b; b = b->next) {
            if (is_late(b, sip))
                return verdict(500, "CSeq Out Of Order");
        }
        return verdict(0, NULL);
    }
    size_t contacts = 0;
    for (; contact; contact = contact->m_next) {
        struct verdict found = judge_contact(registrar, account, sip, contact);
        if (found.status)
            return found;
        if (++contacts > BINDINGS_LIMIT)
            return verdict(403, "Too Many Contacts");
    }
    return verdict(0, NULL);
}

/* false: too many contacts in all. */
static bool apply_contact(struct registrar *registrar, struct account *account, const sip_t *sip,
                          const sip_contact_t *contact, int64_t now)
{
    char uri[CONTACT_LIMIT];
    int64_t expires = granted(registrar, sip, contact);
    contact_uri(contact, uri, sizeof uri);
    if (expires <= 0) {
        struct binding *binding = account_binding(account, uri);
        if (binding)
            account_unbind(account, binding);
        return true;
    }
    struct text params = {0};
    for (const msg_param_t *param = contact->m_params; param && *param; param++) {
        if (strncasecmp(*param, "expires=", 8) != 0)
            text_printf(&params, ";%s", *param);
    }
    struct wanted_binding wanted = {.uri = uri,
                                    .params = text_get(&params),
                                    .call_id = sip->sip_call_id->i_id,
                                    .cseq = sip->sip_cseq->cs_seq,
                                    .expires_ns = now + expires * NS_PER_S};
    bool bound = account_bind(account, &wanted);
    text_fini(&params);
    if (bound)
        registrar->counts.registrations++;
    return bound;
}

static void list_bindings(struct registrar *registrar, struct account *account, msg_t *msg,
                          int64_t now)
{
    struct text contacts = {0};
    for (const struct binding *b = account->bindings; b; b = b->next)
        text_printf(&contacts, "%s<%s>%s;expires=%lld", b == account->bindings ? "" : ", ", b->uri,
                    b->params, (long long)((b->expires_ns - now + NS_PER_S - 1) / NS_PER_S));
    registrar_reply(registrar, msg, SIP_200_OK, SIPTAG_CONTACT_STR(contacts.data), TAG_END());
    text_fini(&contacts);
}

static void change(struct registrar *registrar, struct account *account, msg_t *msg,
                   const sip_t *sip)
{
    int64_t now = clock_now();
    account_expire(account, now);
    struct verdict found = judge(registrar, account, sip);
    if (found.status) {
        registrar->counts.refused++;
        registrar_reply(registrar, msg, found.status, found.phrase, TAG_END());
        return;
    }
    const sip_contact_t *contact = sip->sip_contact;
    if (contact && contact->m_url->url_type == url_any) {
        while (account->bindings)
            account_unbind(account, account->bindings);
        contact = NULL;
    }
    for (; contact; contact = contact->m_next) {
        if (!apply_contact(registrar, account, sip, contact, now)) {
            registrar->counts.refused++;
            registrar_reply(registrar, msg, 403, "Too Many Contacts", TAG_END());
            return;
        }
    }
    list_bindings(registrar, account, msg, now);
}

void registrar_register(struct registrar *registrar, msg_t *msg, sip_t *sip)
{
    struct account *account = NULL;
    enum access_result access = registrar_access(registrar, sip, sip->sip_authorization, &account);
    if (access != ACCESS_GRANTED) {
        registrar_refuse(registrar, msg, access, false);
        return;
    }
    if (sip->sip_require) {
        registrar_reply(registrar, msg, SIP_420_BAD_EXTENSION, SIPTAG_UNSUPPORTED(sip->sip_require),
                        TAG_END());
        return;
    }
    const url_t *aor = sip->sip_to->a_url;
    if (!registrar_names(aor, account->username) || !registrar_serves(registrar, aor)) {
        registrar->counts.refused++;
        registrar_reply(registrar, msg, 403, "Not Your Address of Record", TAG_END());
        return;
    }
    change(registrar, account, msg, sip);
}

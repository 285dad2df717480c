/* Where a 3xx leads (RFC 3261 8.1.3.4). */
#include "dialog_private.h"
#include "cmtest/arena.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool known(const struct dialog *dialog, const char *uri)
{
    for (size_t i = 0; i < dialog->redirect_count; i++)
        if (strcasecmp(dialog->redirects[i].uri, uri) == 0)
            return true;
    return strcasecmp(dialog->target, uri) == 0;
}

static bool secure(const char *uri)
{
    return strncasecmp(uri, "sips:", 5) == 0;
}

/* The URI as it may stand in a request line: no headers, no method. Owned by the heap. */
static char *request_uri(const sip_contact_t *contact)
{
    su_home_t *home = su_home_new(sizeof *home);
    url_t *url = url_hdup(home, contact->m_url);
    char *out = NULL;
    if (url && (url->url_type == url_sip || url->url_type == url_sips) && url->url_host) {
        url->url_headers = NULL;
        if (url->url_params)
            url->url_params = url_strip_param_string((char *)url->url_params, "method");
        char *uri = url_as_string(home, url);
        out = uri ? string_copy(uri) : NULL;
    }
    su_home_unref(home);
    return out;
}

static int priority(const sip_contact_t *contact)
{
    double q = contact->m_q ? strtod(contact->m_q, NULL) : 1.0;
    return q >= 0 && q <= 1 ? (int)(q * 1000) : 0;
}

static void remember(struct dialog *dialog, struct redirect redirect)
{
    if (!dialog->redirects)
        dialog->redirects = mem_array(REDIRECTS_MAX, sizeof *dialog->redirects);
    dialog->redirects[dialog->redirect_count++] = redirect;
}

void redirects_learn(struct dialog *dialog, const sip_t *sip)
{
    for (const sip_contact_t *contact = sip->sip_contact; contact; contact = contact->m_next) {
        char *uri = request_uri(contact);
        /* From sips there is no way back to sip (RFC 3261 8.1.3.4). */
        if (!uri || known(dialog, uri) || (secure(dialog->target) && !secure(uri)) ||
            dialog->redirect_count == REDIRECTS_MAX) {
            free(uri);
            continue;
        }
        remember(dialog, (struct redirect){.uri = uri, .q = priority(contact)});
    }
}

/* Does the request have to go to our own server: by an outbound proxy, or because the domain is
 * ours? Else straight to the place. */
static bool is_direct(const struct dialog *dialog, const char *uri)
{
    const struct identity *identity = dialog->user->identity;
    if (dialog->user->route)
        return false;
    char domain[256];
    host_format(identity->domain, domain, sizeof domain);
    url_t *url = url_make(NULL, uri);
    bool own = url && url->url_host && strcasecmp(url->url_host, domain) == 0;
    su_free(NULL, url);
    return !own;
}

bool redirects_next(struct dialog *dialog)
{
    struct redirect *best = NULL;
    for (size_t i = 0; i < dialog->redirect_count; i++) {
        struct redirect *redirect = &dialog->redirects[i];
        if (!redirect->tried && (!best || redirect->q > best->q))
            best = redirect;
    }
    if (!best || dialog->end.redirects >= dialog->options.redirects)
        return false;
    best->tried = true;
    dialog->end.redirects++;
    dialog->direct = is_direct(dialog, best->uri);
    authenticator_begin(&dialog->authenticator);
    /* The one it was before must not be called again either. */
    if (dialog->redirect_count < REDIRECTS_MAX)
        remember(dialog, (struct redirect){.uri = dialog->target, .tried = true});
    else
        free(dialog->target);
    dialog->target = string_copy(best->uri);
    return true;
}

void redirects_free(struct dialog *dialog)
{
    for (size_t i = 0; i < dialog->redirect_count; i++)
        free(dialog->redirects[i].uri);
    free(dialog->redirects);
    dialog->redirects = NULL;
    dialog->redirect_count = 0;
}

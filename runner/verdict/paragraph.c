#include "paragraph.h"

#include <stdio.h>
#include <string.h>

/* ---- clean words ---------------------------------------------------------------------------- */

static bool is_control(const char *s, size_t length)
{
    unsigned char c = (unsigned char)s[0];
    if (length == 1)
        return c < 0x20 || c == 0x7f;
    return length == 2 && c == 0xc2 && (unsigned char)s[1] < 0xa0; /* C1 */
}

void copy_clean(char *to, size_t size, const char *from)
{
    static const char more[] = "...";
    size_t at = 0, end = 0; /* end: where the last character that leaves room for `more` ends */
    size_t available = strnlen(from, size + 4);
    for (size_t i = 0; i < available;) {
        size_t length = text_utf8_length(from + i, available - i);
        bool good = length > 0 && !is_control(from + i, length);
        size_t put = good ? length : 1;
        if (at + put >= size) {
            at = end;
            memcpy(to + at, more, sizeof(more) - 1);
            at += sizeof(more) - 1;
            break;
        }
        if (good)
            memcpy(to + at, from + i, length);
        else
            to[at] = '?';
        at += put;
        if (at + sizeof(more) <= size)
            end = at;
        i += length > 0 ? length : 1;
    }
    to[at] = '\0';
}

static void copy_host(char *to, size_t size, const char *server)
{
    bool bracket = server[0] == '[';
    const char *from = bracket ? server + 1 : server;
    size_t length = strcspn(from, bracket ? "]" : ":/");
    snprintf(to, size, "%.*s", (int)length, from);
}

static void fill_peer(struct paragraph *paragraph)
{
    const struct roster *roster = paragraph->cluster->result->roster;
    uint32_t partner = roster->endpoints[paragraph->cluster->first].partner;
    char name[512];
    if (partner >= roster->endpoint_count)
        return;
    const struct roster_group *group = &roster->groups[roster->endpoints[partner].group];
    roster_endpoint_name(roster, partner, name, sizeof(name));
    copy_clean(paragraph->peer, WORD_SIZE, name);
    copy_clean(paragraph->peer_codecs, WORD_SIZE, group->codecs ? group->codecs : "");
}

/* Who the first one calls, and whether others of the cluster call others. */
static void fill_target(struct paragraph *paragraph)
{
    const struct cluster *cluster = paragraph->cluster;
    const char *target = endpoint_target(cluster->result, cluster->first);
    char words[WORD_SIZE * 2];
    if (!target) {
        copy_clean(paragraph->target, WORD_SIZE, "its caller");
        return;
    }
    copy_clean(paragraph->target, WORD_SIZE, target);
    for (uint32_t i = cluster->first; i < cluster->result->roster->endpoint_count; i++) {
        const char *other = endpoint_target(cluster->result, i);
        if (!cluster_has(cluster, i) || !other || strcmp(other, target) == 0)
            continue;
        snprintf(words, sizeof(words), "%s and others", paragraph->target);
        copy_clean(paragraph->target, WORD_SIZE, words);
        return;
    }
}

void paragraph_init(struct paragraph *paragraph, const struct cluster *cluster)
{
    const struct roster *roster = cluster->result->roster;
    const struct roster_group *group = cluster_group(cluster);
    const char *account = roster->endpoints[cluster->first].account;
    const struct event_outcome *outcome = &cluster_endpoint(cluster)->outcome;
    char name[512];
    *paragraph = (struct paragraph){.cluster = cluster, .many = cluster->count > 1};
    roster_endpoint_name(roster, cluster->first, name, sizeof(name));
    copy_clean(paragraph->name, WORD_SIZE, name);
    copy_clean(paragraph->account, WORD_SIZE, account ? account : "the account");
    copy_clean(paragraph->group, WORD_SIZE, group->name);
    copy_clean(paragraph->registrar, WORD_SIZE,
               group->registrar ? group->registrar : "the registrar");
    copy_clean(paragraph->server, WORD_SIZE, endpoint_server(cluster->result, cluster->first));
    copy_host(paragraph->host, WORD_SIZE, paragraph->server);
    fill_target(paragraph);
    copy_clean(paragraph->codecs, WORD_SIZE, group->codecs ? group->codecs : "");
    copy_clean(paragraph->trouble, sizeof(paragraph->trouble), cluster_trouble(cluster));
    fill_peer(paragraph);
    if (cluster->status > 0) {
        bool same = outcome->status == cluster->status && outcome->reason[0];
        snprintf(name, sizeof(name), "%u%s%s", cluster->status, same ? " " : "",
                 same ? outcome->reason : "");
        copy_clean(paragraph->answer, WORD_SIZE, name);
    }
}

void paragraph_fini(struct paragraph *paragraph)
{
    text_fini(&paragraph->cause);
    text_fini(&paragraph->next);
}

static void add_sentence(struct text *out, const char *format, va_list args)
{
    if (out->length > 0)
        text_add(out, " ");
    text_vprintf(out, format, args);
}

void say_cause(struct paragraph *paragraph, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add_sentence(&paragraph->cause, format, args);
    va_end(args);
}

void say_next(struct paragraph *paragraph, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add_sentence(&paragraph->next, format, args);
    va_end(args);
}

/* ---- how many, and what --------------------------------------------------------------------- */

static const char *done(const struct cluster *cluster)
{
    return cluster_registers(cluster) ? "registered"
           : cluster_dials(cluster)   ? "were answered"
                                      : "did well";
}

/* "callers", or "agents, callers and 3 more". */
static void add_groups(const struct cluster *cluster, struct text *out)
{
    const struct roster *roster = cluster->result->roster;
    uint32_t found = 0;
    for (uint32_t g = 0; g < roster->group_count; g++) {
        const struct roster_group *group = &roster->groups[g];
        bool any = false;
        for (uint32_t i = group->first; !any && i < group->first + group->count; i++)
            any = cluster_has(cluster, i);
        char name[WORD_SIZE];
        if (!any || ++found > 2)
            continue;
        copy_clean(name, sizeof(name), group->name);
        text_printf(out, "%s%s", found > 1 ? ", " : "", name);
    }
    if (found > 2)
        text_printf(out, " and %u more", found - 2);
}

static void add_subject(const struct cluster *cluster, struct text *out)
{
    uint32_t total = cluster->result->roster->endpoint_count;
    const char *kind = cluster_of_registration(cluster) || total == cluster->concerned ? ""
                       : cluster->role == ROLE_CALLER                                  ? "calling "
                                                      : "answering ";
    if (cluster->scope == SCOPE_LATER)
        text_printf(out, "Only the later ones: the first %u %s, then %u of %u %sendpoints",
                    cluster->before, done(cluster), cluster->count, cluster->after, kind);
    else if (cluster->count > 1 && cluster->count == total)
        text_printf(out, "All %u endpoints", cluster->count);
    else if (cluster->count > 1 && cluster->scope == SCOPE_ALL)
        text_printf(out, "All %u %sendpoints", cluster->count, kind);
    else
        text_printf(out, "%u of %u endpoint%s", cluster->count, total, total == 1 ? "" : "s");
}

static void add_ending(const struct paragraph *paragraph, struct text *out)
{
    const struct cluster *cluster = paragraph->cluster;
    text_printf(out, " ended %s", outcome_name(cluster->outcome));
    if (cluster->symptom != SYMPTOM_NONE)
        text_add(out, ", but not without trouble");
    if (paragraph->answer[0] && (cluster_registers(cluster) || cluster->status >= 300))
        text_printf(out, " with %s", paragraph->answer);
    if (!cluster_registers(cluster))
        return;
    if (cluster->status > 0)
        text_printf(out, " from %s", paragraph->server);
    else if (cluster->failure == FAILURE_NO_ANSWER)
        text_printf(out, " without an answer from %s", paragraph->server);
    else if (cluster_tls(cluster))
        text_printf(out, " without a TLS connection to %s", paragraph->server);
    else if (cluster->failure != FAILURE_LOCAL && cluster->failure != FAILURE_CUT_OFF)
        text_printf(out, " and never reached %s", paragraph->server);
}

static void add_where(const struct cluster *cluster, struct text *out)
{
    if (cluster->scope == SCOPE_REGISTRAR && cluster->fine > 0)
        text_printf(out, " (all %u that are there; other registrars did well)", cluster->count);
    if (cluster->scope == SCOPE_ALL && cluster->count == cluster->result->roster->endpoint_count)
        return;
    text_add(out, ", group ");
    add_groups(cluster, out);
    if (cluster->scope == SCOPE_GROUP && cluster->fine > 0)
        text_add(out, " as a whole, while others did well");
}

static void add_first(const struct paragraph *paragraph, struct text *out)
{
    const struct cluster *cluster = paragraph->cluster;
    const struct result_endpoint *endpoint = cluster_endpoint(cluster);
    const struct event_outcome *outcome = &endpoint->outcome;
    char detail[sizeof(outcome->detail)], call_id[WORD_SIZE];
    text_printf(out, " First: %s", paragraph->name);
    if (!cluster_registers(cluster) && endpoint->call_known && endpoint->call.call_id[0]) {
        copy_clean(call_id, sizeof(call_id), endpoint->call.call_id);
        text_printf(out, ", Call-ID %s", call_id);
    } else if (strcmp(paragraph->account, "the account") != 0) {
        text_printf(out, ", account %s", paragraph->account);
    }
    /* Not when it only repeats the status line. */
    copy_clean(detail, sizeof(detail), outcome->detail);
    if (detail[0] && !(outcome->reason[0] && strstr(outcome->detail, outcome->reason)))
        text_printf(out, " (%s)", detail);
    text_add(out, ".");
}

void paragraph_text(const struct paragraph *paragraph, struct text *out)
{
    add_subject(paragraph->cluster, out);
    add_ending(paragraph, out);
    add_where(paragraph->cluster, out);
    text_printf(out, ". %s", text_get(&paragraph->cause));
    add_first(paragraph, out);
}

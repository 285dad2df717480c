#include "build.h"
#include "address.h"

#include <string.h>

#define EMBEDDED_DOMAIN "embedded.cmtest"
#define EMBEDDED_HOST "127.0.0.1"
#define SIP_PORT 5060
#define SIPS_PORT 5061
#define WSS_PORT 443

/* The usual error: something that only makes sense for one of the two kinds of registrar. */
static void refuse(struct build *build, unsigned index, const char *key, const char *code,
                   const char *hint, const char *message)
{
    const struct spec *spec = build->spec;
    if (spec_given(spec, "registrars[%u].%s", index, key))
        diag_add(build->diag, DIAG_ERROR, code, spec_place(spec, "registrars[%u].%s", index, key),
                 hint, "%s", message);
}

static void embedded_rules(struct build *build, unsigned index)
{
    static const char why[] =
        "cmtest starts it and chooses its address; for a server of yours, use "
        "another name";
    static const char *const keys[][2] = {
        {"domain", "the registrar embedded is cmtest's own: it takes no domain"},
        {"server", "the registrar embedded is cmtest's own: it takes no server"},
        {"port", "the registrar embedded is cmtest's own: it takes no port"},
        {"proxy", "the registrar embedded is cmtest's own: it takes no proxy"},
        {"tls", "the registrar embedded is cmtest's own: it takes no tls"},
    };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        refuse(build, index, keys[i][0], "not-for-embedded", why, keys[i][1]);
}

static void outside_rules(struct build *build, unsigned index)
{
    const struct spec *spec = build->spec;
    const struct spec_registrar *row = &spec->registrars[index];
    static const char why[] = "your server decides this";
    refuse(build, index, "digest", "only-for-embedded", why,
           "digest is for the registrar embedded only");
    refuse(build, index, "accounts.generate", "only-for-embedded",
           "list them, or name a file: accounts: { file: accounts.txt }",
           "accounts can be generated for the registrar embedded only");
    for (unsigned i = 0; i < row->accounts.list_count; i++) {
        const char *key = "expected_password";
        if (!spec_given(spec, "registrars[%u].accounts.list[%u].%s", index, i, key))
            continue;
        diag_add(build->diag, DIAG_ERROR, "only-for-embedded",
                 spec_place(spec, "registrars[%u].accounts.list[%u].%s", index, i, key), why,
                 "expected_password is for the registrar embedded only");
    }
    if (!spec_given(spec, "registrars[%u].domain", index) &&
        !spec_faulty(spec, "registrars[%u].domain", index))
        diag_add(build->diag, DIAG_ERROR, "missing-key", spec_place(spec, "registrars[%u]", index),
                 "add \"domain: sip.example.com\"", "registrars.%s: \"domain\" is missing",
                 row->name);
    if (!spec_given(spec, "registrars[%u].accounts", index) &&
        !spec_faulty(spec, "registrars[%u].accounts", index))
        diag_add(build->diag, DIAG_ERROR, "missing-key", spec_place(spec, "registrars[%u]", index),
                 "add \"accounts: { file: accounts.txt }\"",
                 "registrars.%s: \"accounts\" is missing", row->name);
}

static uint16_t usual_port(const struct spec_registrar *row)
{
    if (row->transport && strcmp(row->transport, "wss") == 0)
        return WSS_PORT;
    return row->transport && strcmp(row->transport, "tls") == 0 ? SIPS_PORT : SIP_PORT;
}

static void resolve_outside(struct build *build, unsigned index, struct plan_registrar *registrar)
{
    const struct spec *spec = build->spec;
    const struct spec_registrar *row = &spec->registrars[index];
    struct address domain = {0}, server = {0};
    outside_rules(build, index);
    const char *fault = row->domain ? address_parse(row->domain, &domain) : NULL;
    if (!fault && domain.port)
        fault = "a domain has no port; write it in server or port";
    if (fault)
        diag_add(build->diag, DIAG_ERROR, "bad-domain",
                 spec_place(spec, "registrars[%u].domain", index), "for example sip.example.com",
                 "\"%s\" cannot be a domain: %s", row->domain, fault);
    fault = row->server ? address_parse(row->server, &server) : NULL;
    if (fault)
        diag_add(build->diag, DIAG_ERROR, "bad-server",
                 spec_place(spec, "registrars[%u].server", index),
                 "for example 192.0.2.10:5060, sbc.example.com or [2001:db8::1]:5060",
                 "\"%s\" cannot be a server: %s", row->server, fault);
    if (row->proxy && (fault = address_parse(row->proxy, &(struct address){0})))
        diag_add(
            build->diag, DIAG_ERROR, "bad-proxy", spec_place(spec, "registrars[%u].proxy", index),
            "for example edge.example.com:5060", "\"%s\" cannot be a proxy: %s", row->proxy, fault);
    if (server.port && row->port)
        diag_add(build->diag, DIAG_ERROR, "port-twice",
                 spec_place(spec, "registrars[%u].port", index), "remove one of them",
                 "server names port %u already", server.port);
    registrar->domain = build_keep(build, row->domain);
    registrar->host = arena_strdup(build->arena, row->server ? server.host : domain.host);
    registrar->port = server.port ? server.port : row->port ? row->port : usual_port(row);
}

static enum plan_transport transport_of(const struct spec_registrar *row)
{
    static const char *const names[] = {"udp", "tcp", "tls", "wss", "auto"};
    for (unsigned i = 0; row->transport && i < sizeof names / sizeof *names; i++)
        if (strcmp(row->transport, names[i]) == 0)
            return (enum plan_transport)i;
    return TRANSPORT_UDP;
}

static void check_tls(struct build *build, unsigned index)
{
    const struct spec *spec = build->spec;
    const struct spec_registrar *row = &spec->registrars[index];
    bool custom = row->tls.verify && strcmp(row->tls.verify, "custom") == 0;
    if (!spec_given(spec, "registrars[%u].tls", index) ||
        spec_faulty(spec, "registrars[%u].tls", index) ||
        spec_faulty(spec, "registrars[%u].transport", index))
        return;
    if (transport_of(row) <= TRANSPORT_TCP)
        diag_add(build->diag, DIAG_ERROR, "not-for-transport",
                 spec_place(spec, "registrars[%u].tls", index), "set \"transport: tls\"",
                 "transport %s has no use for certificates", row->transport);
    if (custom != (row->tls.ca != NULL))
        diag_add(build->diag, DIAG_ERROR, "needs-key",
                 custom ? spec_place(spec, "registrars[%u].tls.verify", index)
                        : spec_place(spec, "registrars[%u].tls.ca", index),
                 custom ? "add \"ca: ca.pem\"" : "set \"verify: custom\"",
                 custom ? "verify: custom needs the certificates that are trusted"
                        : "\"ca\" has a meaning only with verify: custom");
}

void build_registrars(struct build *build)
{
    const struct spec *spec = build->spec;
    struct plan *plan = build->plan;
    plan->registrar_count = spec->registrars_count;
    plan->registrars = arena_array(build->arena, plan->registrar_count, sizeof *plan->registrars);
    for (unsigned i = 0; i < spec->registrars_count; i++) {
        const struct spec_registrar *row = &spec->registrars[i];
        struct plan_registrar *registrar = &plan->registrars[i];
        registrar->name = build_keep(build, row->name);
        registrar->embedded = strcmp(row->name, "embedded") == 0;
        registrar->transport = transport_of(row);
        check_tls(build, i);
        registrar->expires = (int32_t)(row->expires_ns / 1000000000);
        digest_algorithm_find(row->digest, &registrar->digest);
        if (registrar->embedded) {
            embedded_rules(build, i);
            registrar->domain = EMBEDDED_DOMAIN;
            registrar->host = EMBEDDED_HOST;
        } else {
            resolve_outside(build, i, registrar);
        }
    }
}

uint32_t build_find_registrar(const struct build *build, const char *name)
{
    for (uint32_t i = 0; i < build->plan->registrar_count; i++)
        if (strcmp(build->plan->registrars[i].name, name) == 0)
            return i;
    return ROSTER_NONE;
}

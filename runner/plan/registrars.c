#include "build.h"
#include "address.h"

#include <arpa/inet.h>
#include <string.h>

#define EMBEDDED_DOMAIN "embedded.cmtest"
#define EMBEDDED_HOST "127.0.0.1"

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
    const struct spec *spec = build->spec;
    const char *transport = spec->registrars[index].transport;
    bool wrong = transport && (strcmp(transport, "tls") == 0 || strcmp(transport, "auto") == 0);
    if (wrong && !spec_faulty(spec, "registrars[%u].transport", index))
        diag_add(build->diag, DIAG_ERROR, "not-for-embedded",
                 spec_place(spec, "registrars[%u].transport", index), "use udp or tcp",
                 "the registrar embedded is cmtest's own: it does not do transport %s", transport);
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

static bool is_numeric(const char *host)
{
    struct in6_addr ip;
    return inet_pton(AF_INET, host, &ip) == 1 || inet_pton(AF_INET6, host, &ip) == 1;
}

/* The outbound proxy takes the place of the server. */
static void go_by_proxy(struct build *build, unsigned index, struct plan_registrar *registrar)
{
    static const char *const instead[] = {"server", "port"};
    const struct spec *spec = build->spec;
    const struct spec_registrar *row = &spec->registrars[index];
    struct address proxy = {0};
    const char *fault = address_parse(row->proxy, &proxy);
    if (fault)
        diag_add(
            build->diag, DIAG_ERROR, "bad-proxy", spec_place(spec, "registrars[%u].proxy", index),
            "for example edge.example.com:5060", "\"%s\" cannot be a proxy: %s", row->proxy, fault);
    for (size_t i = 0; i < sizeof instead / sizeof *instead; i++)
        if (spec_given(spec, "registrars[%u].%s", index, instead[i]))
            diag_add(build->diag, DIAG_ERROR, "proxy-or-server",
                     spec_place(spec, "registrars[%u].%s", index, instead[i]),
                     "remove one of them; the port of a proxy is written behind its host",
                     "%s has no effect: all packets go to the proxy", instead[i]);
    registrar->host = arena_strdup(build->arena, proxy.host);
    registrar->port = proxy.port;
    registrar->route = build_route(build, &proxy, registrar->transport);
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
    if (server.port && row->port)
        diag_add(build->diag, DIAG_ERROR, "port-twice",
                 spec_place(spec, "registrars[%u].port", index), "remove one of them",
                 "server names port %u already", server.port);
    registrar->domain = build_keep(build, row->domain);
    registrar->host = arena_strdup(build->arena, row->server ? server.host : domain.host);
    registrar->port = server.port ? server.port : row->port;
    if (row->proxy)
        go_by_proxy(build, index, registrar);
    if (!registrar->port && is_numeric(registrar->host))
        registrar->port =
            (registrar->transport ? registrar->transport : transport_find("udp"))->port;
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
        registrar->transport = row->transport ? transport_find(row->transport) : NULL;
        registrar->expires = (int32_t)(row->expires_ns / 1000000000);
        digest_algorithm_find(row->digest, &registrar->digest);
        if (registrar->embedded) {
            embedded_rules(build, i);
            registrar->domain = EMBEDDED_DOMAIN;
            registrar->host = EMBEDDED_HOST;
        } else {
            resolve_outside(build, i, registrar);
        }
        build_transport(build, i, registrar);
    }
}

uint32_t build_find_registrar(const struct build *build, const char *name)
{
    for (uint32_t i = 0; i < build->plan->registrar_count; i++)
        if (strcmp(build->plan->registrars[i].name, name) == 0)
            return i;
    return ROSTER_NONE;
}

/* What SIP is carried over: transports, certificates, connections and keepalives. */
#include "address.h"
#include "build.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static bool is(const char *word, const char *other)
{
    return word && strcmp(word, other) == 0;
}

const char *build_route(const struct build *build, const struct address *proxy,
                        const struct transport *transport)
{
    char port[8] = "";
    if (proxy->port)
        snprintf(port, sizeof port, ":%u", proxy->port);
    bool named = transport && transport->stream;
    return arena_printf(build->arena, "<sip:%s%s%s%s%s%s;lr>", proxy->ipv6 ? "[" : "", proxy->host,
                        proxy->ipv6 ? "]" : "", port, named ? ";transport=" : "",
                        named ? transport->name : "");
}

/* A key that this transport cannot follow. */
static void refuse(struct build *build, unsigned index, const char *key, const char *hint,
                   const char *message)
{
    const struct spec *spec = build->spec;
    if (!spec_given(spec, "registrars[%u].%s", index, key) ||
        spec_faulty(spec, "registrars[%u].%s", index, key))
        return;
    diag_add(build->diag, DIAG_ERROR, "not-for-transport",
             spec_place(spec, "registrars[%u].%s", index, key), hint, "transport %s %s",
             spec->registrars[index].transport, message);
}

static void check_keys(struct build *build, unsigned index)
{
    const struct spec *spec = build->spec;
    const struct spec_registrar *row = &spec->registrars[index];
    bool udp = is(row->transport, "udp"), tcp = is(row->transport, "tcp");
    if (udp || tcp)
        refuse(build, index, "tls", "set \"transport: tls\"", "has no use for certificates");
    if (udp && is(row->connections, "per_endpoint"))
        refuse(build, index, "connections", "set \"transport: tcp\" or tls; or remove it",
               "has no connections: all endpoints share one socket");
    if (tcp || is(row->transport, "tls"))
        refuse(build, index, "udp_limit", "it is for udp and auto",
               "has no use for a limit of UDP");
    if (!tcp && is(row->keepalive.method, "crlf"))
        refuse(build, index, "keepalive", "use \"keepalive: options\"",
               "has no keepalive by empty lines, which is for tcp");
    if (is(row->transport, "wss"))
        diag_add(build->diag, DIAG_ERROR, "no-websocket",
                 spec_place(spec, "registrars[%u].transport", index), "use \"transport: tls\"",
                 "SIP over WebSocket is not possible: the SIP library of this build has none");
}

/* ---- certificates ---------------------------------------------------------------------------- */

static const char *key_of(const struct tls_config *config, const char *file)
{
    if (file == config->ca)
        return "ca";
    return file == config->certificate ? "certificate" : "key";
}

static void tell_fault(struct build *build, unsigned index, const struct tls_config *config,
                       const struct tls_fault *fault)
{
    static const struct {
        const char *code, *hint;
    } words[] = {
        [TLS_UNREADABLE] = {"not-pem", "a PEM file: -----BEGIN CERTIFICATE----- or a private key"},
        [TLS_EXPIRED] = {"certificate-expired", "get a new one"},
        [TLS_NOT_YET_VALID] = {"certificate-not-yet-valid", "is the clock of this machine right?"},
        [TLS_EXPIRES_SOON] = {"certificate-expires-soon", "renew it"},
        [TLS_KEY_MISMATCH] = {"key-mismatch", "a certificate goes with the key it was made for"},
        [TLS_KEY_LOCKED] = {"key-locked", "openssl pkey -in client.key -out unlocked.key"},
    };
    const char *key = key_of(config, fault->file);
    diag_add(build->diag, fault->kind == TLS_EXPIRES_SOON ? DIAG_WARNING : DIAG_ERROR,
             words[fault->kind].code, spec_place(build->spec, "registrars[%u].tls.%s", index, key),
             words[fault->kind].hint, "%.200s: %s", fault->file, fault->detail);
}

static enum tls_verify verify_of(const char *word)
{
    if (is(word, "custom"))
        return TLS_VERIFY_CUSTOM;
    return is(word, "skip") ? TLS_VERIFY_SKIP : TLS_VERIFY_SYSTEM;
}

static void check_server_name(struct build *build, unsigned index)
{
    const char *name = build->spec->registrars[index].tls.server_name;
    const char *fault = name ? host_fault(name) : NULL;
    struct in6_addr ip;
    if (fault && inet_pton(AF_INET6, name, &ip) != 1)
        diag_add(build->diag, DIAG_ERROR, "bad-server",
                 spec_place(build->spec, "registrars[%u].tls.server_name", index),
                 "for example sip.example.com", "\"%s\" cannot be the name of a server: %s", name,
                 fault);
}

static void build_tls(struct build *build, unsigned index, struct plan_registrar *registrar)
{
    const struct spec *spec = build->spec;
    const struct spec_tls *row = &spec->registrars[index].tls;
    struct tls_config *config = arena_alloc(build->arena, sizeof *config);
    const char *name = registrar->route ? registrar->host : registrar->domain;
    *config = (struct tls_config){
        .verify = verify_of(row->verify),
        .ca = build_keep(build, row->ca),
        .certificate = build_keep(build, row->certificate),
        .key = build_keep(build, row->key),
        .server_name = row->server_name ? build_keep(build, row->server_name) : name,
    };
    registrar->tls = config;
    if (spec_faulty(spec, "registrars[%u].tls", index))
        return;
    check_server_name(build, index);
    bool custom = config->verify == TLS_VERIFY_CUSTOM;
    if (custom != (config->ca != NULL)) {
        diag_add(build->diag, DIAG_ERROR, "needs-key",
                 custom ? spec_place(spec, "registrars[%u].tls.verify", index)
                        : spec_place(spec, "registrars[%u].tls.ca", index),
                 custom ? "add \"ca: ca.pem\"" : "set \"verify: custom\"",
                 custom ? "verify: custom needs the certificates that are trusted"
                        : "\"ca\" has a meaning only with verify: custom");
        return;
    }
    struct tls_fault fault;
    tls_check(config, time(NULL), &fault);
    if (fault.kind != TLS_FINE)
        tell_fault(build, index, config, &fault);
}

void build_transport(struct build *build, unsigned index, struct plan_registrar *registrar)
{
    const struct spec *spec = build->spec;
    const struct spec_registrar *row = &spec->registrars[index];
    registrar->udp_limit = row->udp_limit;
    registrar->per_endpoint = !is(row->connections, "shared") && !is(row->transport, "udp");
    if (is(row->keepalive.method, "crlf"))
        registrar->crlf_ns = row->keepalive.interval_ns;
    else if (is(row->keepalive.method, "options"))
        registrar->options_ns = row->keepalive.interval_ns;
    if (spec_faulty(spec, "registrars[%u].transport", index))
        return;
    check_keys(build, index);
    bool secure = is(row->transport, "tls") || is(row->transport, "auto");
    if (secure && !registrar->embedded)
        build_tls(build, index, registrar);
}

/* What a registrar's keys of transport become in a plan. */
#include "support/specification.h"
#include "cmtest/plan.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct world {
    struct diag *diag;
    struct arena *arena;
    struct spec *spec;
    const struct plan *plan;
};

static const struct plan_registrar *make_at(struct world *world, const char *path, const char *keys)
{
    struct text text = {0};
    text_printf(&text,
                "cmtest: 1\nduration: 1s\nregistrars:\n  pbx:\n    domain: example.com\n%s"
                "    accounts: [{ username: u, password: p }]\n"
                "groups: { one: { registrar: pbx, endpoints: 1 } }\n",
                keys);
    world->diag = diag_new();
    world->arena = arena_new();
    world->spec = spec_parse(path, text.data, text.length, world->diag);
    world->plan = plan_new(world->spec, 1, world->arena, world->diag);
    text_fini(&text);
    return world->plan ? &world->plan->registrars[0] : NULL;
}

static const struct plan_registrar *make(struct world *world, const char *keys)
{
    const struct plan_registrar *made = make_at(world, "test.yaml", keys);
    assert_int_equal(diag_count(world->diag), 0);
    assert_non_null(made);
    return made;
}

static void drop(struct world *world)
{
    spec_free(world->spec);
    arena_free(world->arena);
    diag_free(world->diag);
}

static void defaults_are_udp_by_dns_and_large_requests_by_tcp(void **state)
{
    (void)state;
    struct world world;
    const struct plan_registrar *registrar = make(&world, "");
    assert_string_equal(registrar->transport->name, "udp");
    assert_int_equal(registrar->port, 0);
    assert_int_equal(registrar->udp_limit, 1300);
    assert_false(registrar->per_endpoint);
    assert_null(registrar->tls);
    assert_null(registrar->route);
    assert_int_equal(registrar->crlf_ns + registrar->options_ns, 0);
    assert_string_equal(world.plan->roster.groups[0].server, "example.com/udp");
    drop(&world);
}

static void numeric_server_has_the_usual_port_of_its_transport(void **state)
{
    (void)state;
    struct world world;
    assert_int_equal(make(&world, "    server: 192.0.2.1\n")->port, 5060);
    drop(&world);
    assert_int_equal(make(&world, "    server: \"[2001:db8::1]\"\n    transport: tls\n")->port,
                     5061);
    drop(&world);
}

static void streams_have_a_connection_per_endpoint_unless_shared(void **state)
{
    (void)state;
    struct world world;
    assert_true(make(&world, "    transport: tcp\n")->per_endpoint);
    drop(&world);
    assert_false(make(&world, "    transport: tcp\n    connections: shared\n")->per_endpoint);
    drop(&world);
    assert_true(make(&world, "    transport: auto\n")->per_endpoint);
    drop(&world);
}

static void proxy_takes_the_place_of_the_server_and_is_a_route(void **state)
{
    (void)state;
    struct world world;
    const struct plan_registrar *registrar =
        make(&world, "    proxy: edge.example.net:5080\n    transport: tls\n");
    assert_string_equal(registrar->host, "edge.example.net");
    assert_int_equal(registrar->port, 5080);
    assert_string_equal(registrar->route, "<sip:edge.example.net:5080;transport=tls;lr>");
    assert_string_equal(registrar->domain, "example.com");
    assert_string_equal(registrar->tls->server_name, "edge.example.net");
    drop(&world);
    registrar = make(&world, "    proxy: \"[2001:db8::1]\"\n");
    assert_string_equal(registrar->route, "<sip:[2001:db8::1];lr>");
    assert_int_equal(registrar->port, 5060);
    drop(&world);
}

static void certificate_is_that_of_the_domain(void **state)
{
    (void)state;
    struct world world;
    const struct plan_registrar *registrar =
        make(&world, "    transport: auto\n    server: 192.0.2.1\n");
    assert_null(registrar->transport);
    assert_int_equal(registrar->tls->verify, TLS_VERIFY_SYSTEM);
    assert_string_equal(registrar->tls->server_name, "example.com");
    drop(&world);
    registrar =
        make(&world, "    transport: tls\n    tls: { verify: skip, server_name: other.example }\n");
    assert_int_equal(registrar->tls->verify, TLS_VERIFY_SKIP);
    assert_string_equal(registrar->tls->server_name, "other.example");
    drop(&world);
}

static void keepalives_have_their_interval(void **state)
{
    (void)state;
    struct world world;
    assert_int_equal(make(&world, "    keepalive: options\n")->options_ns, 30000000000);
    drop(&world);
    const struct plan_registrar *registrar =
        make(&world, "    transport: tcp\n    keepalive: { method: crlf, interval: 5s }\n");
    assert_int_equal(registrar->crlf_ns, 5000000000);
    assert_int_equal(registrar->options_ns, 0);
    drop(&world);
}

/* Certificates and keys lie beside the spec, wherever one stands. */
static void files_are_found_from_here(void **state)
{
    (void)state;
    struct world world;
    const struct plan_registrar *registrar =
        make_at(&world, TEST_DATA "/../specs/bad/spec.yaml",
                "    transport: tls\n"
                "    tls: { certificate: tls/client.pem, key: tls/client.key }\n");
    assert_int_equal(diag_count(world.diag), 0);
    assert_string_equal(registrar->tls->certificate, TEST_DATA "/../specs/bad/tls/client.pem");
    drop(&world);
}

static void write_certificate(const char *path, long days)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *one = X509_new();
    X509_NAME_add_entry_by_txt(X509_get_subject_name(one), "CN", MBSTRING_ASC,
                               (const unsigned char *)"phone", -1, -1, 0);
    X509_gmtime_adj(X509_getm_notBefore(one), -1000);
    X509_gmtime_adj(X509_getm_notAfter(one), days * 86400);
    X509_set_pubkey(one, key);
    X509_sign(one, key, EVP_sha256());
    FILE *file = fopen(path, "w");
    PEM_write_X509(file, one);
    PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL);
    fclose(file);
    X509_free(one);
    EVP_PKEY_free(key);
}

static void certificate_that_expires_soon_is_a_warning(void **state)
{
    (void)state;
    struct world world;
    char path[] = "/tmp/cmtest-soon-XXXXXX";
    struct text keys = {0};
    close(mkstemp(path));
    text_printf(&keys, "    transport: tls\n    tls: { certificate: %s, key: %s }\n", path, path);
    write_certificate(path, 20);
    assert_non_null(make_at(&world, "test.yaml", keys.data));
    assert_int_equal(diag_count(world.diag), 1);
    const struct finding *finding = diag_get(world.diag, 0);
    assert_string_equal(finding->code, "certificate-expires-soon");
    assert_int_equal(finding->severity, DIAG_WARNING);
    assert_non_null(strstr(finding->message, "the certificate of phone expires on "));
    drop(&world);
    write_certificate(path, 40);
    assert_non_null(make_at(&world, "test.yaml", keys.data));
    assert_int_equal(diag_count(world.diag), 0);
    drop(&world);
    unlink(path);
    text_fini(&keys);
}

SPECIFICATION(cmocka_unit_test(defaults_are_udp_by_dns_and_large_requests_by_tcp),
              cmocka_unit_test(numeric_server_has_the_usual_port_of_its_transport),
              cmocka_unit_test(streams_have_a_connection_per_endpoint_unless_shared),
              cmocka_unit_test(proxy_takes_the_place_of_the_server_and_is_a_route),
              cmocka_unit_test(certificate_is_that_of_the_domain),
              cmocka_unit_test(keepalives_have_their_interval),
              cmocka_unit_test(files_are_found_from_here),
              cmocka_unit_test(certificate_that_expires_soon_is_a_warning))

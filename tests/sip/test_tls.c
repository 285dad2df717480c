/* Registrations over TLS, against a server whose certificates are made on the spot. */
#include "support/specification.h"
#include "cmtest/registration.h"
#include "cmtest/text.h"
#include "cmtest/tls.h"
#include "sip/tls_peer.h"
#include "sip_private.h"

#include <arpa/inet.h>
#include <signal.h>
#include <time.h>

#define DOMAIN "sip.example.test"
#define PATIENCE (20 * NS_PER_S)

struct scene {
    struct peer peer;
    struct tls_config config;
    struct tls_profile *profile;
    struct loop *loop;
    struct agent *agent;
    struct agent_server server;
    struct identity identity;
    struct loop_timer patience;
    struct event_registration result;
    bool done, ended;
};

/* What all tests have: an authority, a good certificate by it, and the files. */
static struct pair authority, good;
static char folder[] = "/tmp/cmtest-tls-XXXXXX";
static char ca_file[64], client_file[64], scratch_file[64];

static int set_up(void **state)
{
    (void)state;
    authority = pair_make(&(struct wanted){.name = "Test Authority", .authority = true});
    good =
        pair_make(&(struct wanted){.name = DOMAIN, .names = "DNS:" DOMAIN, .issuer = &authority});
    strcpy(folder + sizeof folder - 7, "XXXXXX");
    assert_non_null(mkdtemp(folder));
    snprintf(ca_file, sizeof ca_file, "%s/ca.pem", folder);
    snprintf(client_file, sizeof client_file, "%s/client.pem", folder);
    snprintf(scratch_file, sizeof scratch_file, "%s/scratch.pem", folder);
    pem_write(ca_file, authority.certificate, NULL, NULL);
    pem_write(client_file, good.certificate, good.key, NULL);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    pair_free(&authority);
    pair_free(&good);
    unlink(ca_file);
    unlink(client_file);
    unlink(scratch_file);
    rmdir(folder);
    return 0;
}

static void take_done(void *owner, const struct event_registration *result)
{
    struct scene *scene = owner;
    scene->result = *result;
    scene->done = true;
    loop_stop(scene->loop);
}

static void take_ended(void *owner, bool ok)
{
    struct scene *scene = owner;
    scene->ended = ok;
    loop_stop(scene->loop);
}

static void run_out_of_patience(void *arg)
{
    struct scene *scene = arg;
    loop_stop(scene->loop);
}

static const struct registration_handler handler = {.done = take_done, .ended = take_ended};

static void wait_for(struct scene *scene)
{
    loop_timer_set(scene->loop, &scene->patience, clock_now() + PATIENCE, run_out_of_patience,
                   scene);
    loop_run(scene->loop);
    loop_timer_cancel(&scene->patience);
}

static void open_agent(struct scene *scene)
{
    struct tls_fault fault;
    struct tls_config *config = &scene->config;
    if (!config->server_name)
        config->server_name = DOMAIN;
    if (config->verify == TLS_VERIFY_SYSTEM && !config->ca) {
        config->verify = TLS_VERIFY_CUSTOM;
        config->ca = ca_file;
    }
    scene->profile = tls_profile_new(config, &fault);
    assert_non_null(scene->profile);
    scene->loop = loop_new();
    scene->agent = agent_new(scene->loop,
                             &(struct agent_config){.address = "127.0.0.1", .tls = scene->profile});
    assert_non_null(scene->agent);
    scene->server = (struct agent_server){
        .host = "127.0.0.1", .port = scene->peer.port, .transport = transport_find("tls")};
    scene->identity = (struct identity){.username = "alice",
                                        .domain = DOMAIN,
                                        .credentials = {.username = "alice", .password = "s"},
                                        .servers = &scene->server,
                                        .server_count = 1};
}

static void close_agent(struct scene *scene)
{
    agent_free(scene->agent);
    loop_free(scene->loop);
    tls_profile_free(scene->profile);
}

/* REGISTER, and the removal when that went well. */
static void register_once(struct scene *scene)
{
    struct agent_user *user = agent_user_new(scene->agent, &scene->identity, 1, NULL, NULL);
    struct registration *registration = registration_new(scene->agent, user, 60, &handler, scene);
    scene->done = scene->ended = false;
    registration_start(registration);
    wait_for(scene);
    assert_true(scene->done);
    if (scene->result.ok) {
        registration_end(registration);
        wait_for(scene);
        assert_true(scene->ended);
    }
    registration_free(registration);
    agent_user_free(user);
}

static void play(struct scene *scene)
{
    if (!scene->peer.shown)
        scene->peer.shown = &good;
    peer_start(&scene->peer);
    open_agent(scene);
    register_once(scene);
}

static void clean(struct scene *scene)
{
    close_agent(scene);
    peer_stop(&scene->peer);
}

static void assert_trouble(const struct scene *scene, const char *expected)
{
    assert_false(scene->result.ok);
    assert_int_equal(scene->result.status, 0);
    assert_false(scene->result.timed_out);
    assert_string_equal(agent_trouble(scene->agent), expected);
    assert_string_equal(scene->result.trouble, expected);
    assert_int_equal(scene->result.failure, FAILURE_TLS);
}

static void good_certificate_registers(void **state)
{
    (void)state;
    struct scene scene = {.peer.manner = PEER_ANSWERS};
    play(&scene);
    assert_true(scene.result.ok);
    assert_string_equal(agent_trouble(scene.agent), "");
    clean(&scene);
    assert_string_equal(scene.peer.server_name, DOMAIN);
    assert_int_equal(scene.peer.connections, 1);
    assert_int_equal(scene.peer.requests, 2);
}

/* A certificate that is wrong in one way, and what is said of it. */
static void refuse(const struct wanted *wanted, const char *expected)
{
    struct pair shown = pair_make(wanted);
    struct scene scene = {.peer.shown = &shown};
    play(&scene);
    assert_trouble(&scene, expected);
    clean(&scene);
    assert_int_equal(scene.peer.requests, 0);
    pair_free(&shown);
}

static void day_from_now(char *text, size_t size, int64_t days)
{
    time_t when = time(NULL) + days * DAY;
    struct tm tm;
    strftime(text, size, "%Y-%m-%d", gmtime_r(&when, &tm));
}

static void expired_certificate_is_named(void **state)
{
    char expected[128], day[16];
    (void)state;
    day_from_now(day, sizeof day, -3);
    snprintf(expected, sizeof expected, "certificate has expired: that of " DOMAIN " on %s", day);
    refuse(&(struct wanted){.name = DOMAIN,
                            .names = "DNS:" DOMAIN,
                            .issuer = &authority,
                            .from_days = -30,
                            .until_days = -3},
           expected);
}

static void certificate_of_tomorrow_is_named(void **state)
{
    char expected[128], day[16];
    (void)state;
    day_from_now(day, sizeof day, 2);
    snprintf(expected, sizeof expected,
             "certificate is not yet valid: that of " DOMAIN " from %s on", day);
    refuse(&(struct wanted){.name = DOMAIN,
                            .names = "DNS:" DOMAIN,
                            .issuer = &authority,
                            .from_days = 2,
                            .until_days = 9},
           expected);
}

static void certificate_of_somebody_else_is_named(void **state)
{
    (void)state;
    refuse(&(struct wanted){.name = "other", .names = "DNS:other.example", .issuer = &authority},
           "certificate is for other.example, not for " DOMAIN);
}

static void self_signed_certificate_is_named(void **state)
{
    (void)state;
    refuse(&(struct wanted){.name = DOMAIN, .names = "DNS:" DOMAIN}, "self-signed certificate");
}

static void control_characters_of_a_certificate_are_not_shown(void **state)
{
    (void)state;
    refuse(&(struct wanted){.name = "a\033[31mb\n", .issuer = &authority},
           "certificate is for a?[31mb?, not for " DOMAIN);
}

static void unknown_authority_is_named(void **state)
{
    (void)state;
    struct pair other = pair_make(&(struct wanted){.name = "Somebody", .authority = true});
    refuse(&(struct wanted){.name = DOMAIN, .names = "DNS:" DOMAIN, .issuer = &other},
           "unable to get local issuer certificate");
    pair_free(&other);
}

static void nothing_is_verified_when_told_so(void **state)
{
    (void)state;
    struct pair shown = pair_make(&(struct wanted){.name = "anybody"});
    struct scene scene = {.peer.shown = &shown, .config.verify = TLS_VERIFY_SKIP};
    play(&scene);
    assert_true(scene.result.ok);
    clean(&scene);
    pair_free(&shown);
}

static void uri_of_the_domain_is_a_good_name(void **state)
{
    (void)state;
    struct pair shown = pair_make(
        &(struct wanted){.name = "edge", .names = "URI:sip:" DOMAIN, .issuer = &authority});
    struct scene scene = {.peer.shown = &shown};
    play(&scene);
    assert_true(scene.result.ok);
    clean(&scene);
    pair_free(&shown);
}

static void numeric_server_name_is_verified_and_not_announced(void **state)
{
    (void)state;
    struct pair shown =
        pair_make(&(struct wanted){.name = "edge", .names = "IP:192.0.2.7", .issuer = &authority});
    struct scene scene = {.peer.shown = &shown, .config.server_name = "192.0.2.7"};
    play(&scene);
    assert_true(scene.result.ok);
    clean(&scene);
    assert_string_equal(scene.peer.server_name, "");
    scene = (struct scene){.peer.shown = &shown, .config.server_name = "192.0.2.8"};
    play(&scene);
    assert_trouble(&scene, "certificate is for edge, not for 192.0.2.8");
    clean(&scene);
    pair_free(&shown);
}

static void long_chain_is_followed(void **state)
{
    (void)state;
    struct pair links[4];
    for (size_t i = 0; i < 4; i++)
        links[i] = pair_make(&(struct wanted){.name = (const char *[]){"a", "b", "c", "d"}[i],
                                              .issuer = i ? &links[i - 1] : &authority,
                                              .authority = true});
    struct pair shown =
        pair_make(&(struct wanted){.name = "x", .names = "DNS:" DOMAIN, .issuer = &links[3]});
    struct scene scene = {
        .peer = {.shown = &shown, .chain = {&links[3], &links[2], &links[1], &links[0]}}};
    play(&scene);
    assert_true(scene.result.ok);
    clean(&scene);
    pair_free(&shown);
    for (size_t i = 0; i < 4; i++)
        pair_free(&links[i]);
}

static void old_version_is_refused(void **state)
{
    (void)state;
    struct scene scene = {.peer.version_max = TLS1_1_VERSION};
    play(&scene);
    assert_trouble(&scene, "TLS was refused by the peer: protocol version");
    clean(&scene);
}

static void client_certificate_that_is_missing_is_named(void **state)
{
    (void)state;
    struct scene scene = {.peer = {.clients = &authority, .version_max = TLS1_2_VERSION}};
    play(&scene);
    assert_trouble(&scene, "TLS was refused by the peer: handshake failure");
    clean(&scene);
}

static int take_refusal(nta_outgoing_magic_t *magic, nta_outgoing_t *request, const sip_t *sip)
{
    struct scene *scene = (struct scene *)magic;
    (void)sip;
    if (nta_outgoing_status(request) < 200)
        return 0;
    text_copy(scene->result.reason, sizeof scene->result.reason,
              agent_failure(scene->agent, request));
    scene->done = true;
    loop_stop(scene->loop);
    return 0;
}

/* One request, and what the agent knows when it failed. */
static void ask(struct scene *scene, const char *expected)
{
    if (!scene->peer.shown)
        scene->peer.shown = &good;
    peer_start(&scene->peer);
    open_agent(scene);
    struct agent_user *user = agent_user_new(scene->agent, &scene->identity, 1, NULL, NULL);
    nta_outgoing_t *request = nta_outgoing_tcreate(
        scene->agent->outside, take_refusal, (nta_outgoing_magic_t *)scene,
        (url_string_t *)user->url, SIP_METHOD_OPTIONS, (url_string_t *)"sip:" DOMAIN,
        SIPTAG_FROM_STR(user->aor), SIPTAG_TO_STR(user->aor), TAG_END());
    wait_for(scene);
    assert_true(scene->done);
    assert_string_equal(scene->result.reason, expected);
    assert_string_equal(agent_trouble(scene->agent), expected);
    nta_outgoing_destroy(request);
    agent_user_free(user);
    clean(scene);
}

static void client_certificate_refused_later_is_named(void **state)
{
    (void)state;
    struct scene scene = {.peer.clients = &authority};
    ask(&scene, "TLS was refused by the peer: certificate required");
}

static void client_certificate_is_shown(void **state)
{
    (void)state;
    struct scene scene = {.peer.clients = &authority,
                          .config = {.certificate = client_file, .key = client_file}};
    play(&scene);
    assert_true(scene.result.ok);
    clean(&scene);
}

static void closed_handshake_fails_at_once(void **state)
{
    (void)state;
    struct scene scene = {.peer.manner = PEER_CLOSES};
    ask(&scene, "the peer closed the connection during the TLS handshake");
}

static void plain_text_fails_at_once(void **state)
{
    (void)state;
    struct scene scene = {.peer.manner = PEER_SPEAKS_PLAINLY};
    play(&scene);
    assert_trouble(&scene, "TLS handshake failed: wrong version number");
    clean(&scene);
}

static void refused_connection_fails_at_once(void **state)
{
    (void)state;
    struct scene scene = {.peer.shown = &good};
    peer_start(&scene.peer);
    peer_stop(&scene.peer);
    open_agent(&scene);
    for (int i = 0; i < 5; i++) {
        register_once(&scene);
        assert_false(scene.result.ok || scene.result.timed_out);
    }
    close_agent(&scene);
}

static void connection_that_the_peer_closes_is_made_anew(void **state)
{
    (void)state;
    struct scene scene = {.peer.answers_max = 1};
    play(&scene);
    assert_true(scene.result.ok);
    for (int i = 0; i < 20; i++) {
        register_once(&scene);
        assert_true(scene.result.ok);
    }
    clean(&scene);
    assert_int_equal(scene.peer.connections, 42);
}

static void agent_goes_in_the_middle_of_a_handshake(void **state)
{
    (void)state;
    struct scene scene = {.peer = {.manner = PEER_SAYS_NOTHING, .shown = &good}};
    peer_start(&scene.peer);
    open_agent(&scene);
    struct agent_user *user = agent_user_new(scene.agent, &scene.identity, 1, NULL, NULL);
    struct registration *registration = registration_new(scene.agent, user, 60, &handler, &scene);
    registration_start(registration);
    loop_timer_set(scene.loop, &scene.patience, clock_now() + 50 * NS_PER_MS, run_out_of_patience,
                   &scene);
    loop_run(scene.loop);
    assert_string_equal(agent_trouble(scene.agent), "the TLS handshake was not answered");
    registration_free(registration);
    agent_user_free(user);
    clean(&scene);
}

/* ---- somebody connects to us ---- */

struct visitor {
    uint16_t port;
    struct loop *loop;
    char reply[2048], holder[64];
};

static void *visit(void *arg)
{
    struct visitor *visitor = arg;
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons(visitor->port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    SSL *ssl = SSL_new(context);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    static const char request[] =
        "OPTIONS sip:alice@127.0.0.1 SIP/2.0\r\n"
        "Via: SIP/2.0/TLS 127.0.0.1:9;branch=z9hG4bKvisit\r\nMax-Forwards: 70\r\n"
        "From: <sip:v@example.test>;tag=1\r\nTo: <sip:alice@example.test>\r\n"
        "Call-ID: visit\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n";
    SSL_set_fd(ssl, fd);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0 && SSL_connect(ssl) == 1) {
        X509 *shown = SSL_get1_peer_certificate(ssl);
        X509_NAME_get_text_by_NID(X509_get_subject_name(shown), NID_commonName, visitor->holder,
                                  sizeof visitor->holder);
        X509_free(shown);
        SSL_write(ssl, request, sizeof request - 1);
        SSL_read(ssl, visitor->reply, sizeof visitor->reply - 1);
    }
    SSL_shutdown(ssl);
    SSL_free(ssl);
    SSL_CTX_free(context);
    close(fd);
    loop_stop(visitor->loop);
    return NULL;
}

static void receive_visitor(struct scene *scene, struct visitor *visitor)
{
    struct agent_user *user;
    pthread_t thread;
    open_agent(scene);
    user = agent_user_new(scene->agent, &scene->identity, 1, NULL, NULL);
    visitor->loop = scene->loop;
    visitor->port = agent_tls_port(scene->agent);
    assert_int_equal(pthread_create(&thread, NULL, visit, visitor), 0);
    wait_for(scene);
    pthread_join(thread, NULL);
    agent_user_free(user);
    close_agent(scene);
    assert_memory_equal(visitor->reply, "SIP/2.0 200 ", 12);
}

static void who_connects_to_us_sees_a_certificate_of_our_own(void **state)
{
    (void)state;
    struct scene scene = {.peer.port = 5061};
    struct visitor visitor = {0};
    receive_visitor(&scene, &visitor);
    assert_string_equal(visitor.holder, "cmtest");
}

static void who_connects_to_us_sees_the_configured_certificate(void **state)
{
    (void)state;
    struct scene scene = {.peer.port = 5061, .config = {.certificate = client_file}};
    struct visitor visitor = {0};
    receive_visitor(&scene, &visitor);
    assert_string_equal(visitor.holder, DOMAIN);
}

/* ---- files ---- */

static void assert_fault(const struct tls_config *config, int kind, const char *file,
                         const char *detail)
{
    struct tls_fault fault;
    tls_check(config, time(NULL), &fault);
    assert_int_equal(fault.kind, kind);
    if (kind == TLS_FINE)
        return;
    assert_string_equal(fault.file, file);
    if (!strstr(fault.detail, detail))
        print_error("\"%s\" is not in \"%s\"\n", detail, fault.detail);
    assert_non_null(strstr(fault.detail, detail));
}

static void check_certificate(const struct wanted *wanted, int kind, const char *detail)
{
    struct pair pair = pair_make(wanted);
    struct tls_config config = {.certificate = scratch_file, .key = scratch_file};
    pem_write(scratch_file, pair.certificate, pair.key, NULL);
    assert_fault(&config, kind, scratch_file, detail);
    pair_free(&pair);
}

static void days_of_a_certificate_are_checked(void **state)
{
    char text[128], day[16];
    (void)state;
    check_certificate(&(struct wanted){.name = "a"}, TLS_FINE, NULL);
    day_from_now(day, sizeof day, -1);
    snprintf(text, sizeof text, "the certificate of a expired on %s", day);
    check_certificate(&(struct wanted){.name = "a", .from_days = -9, .until_days = -1}, TLS_EXPIRED,
                      text);
    day_from_now(day, sizeof day, 4);
    snprintf(text, sizeof text, "the certificate of a is valid from %s on", day);
    check_certificate(&(struct wanted){.name = "a", .from_days = 4}, TLS_NOT_YET_VALID, text);
    day_from_now(day, sizeof day, 29);
    snprintf(text, sizeof text, "the certificate of a expires on %s", day);
    check_certificate(&(struct wanted){.name = "a", .until_days = 29}, TLS_EXPIRES_SOON, text);
    check_certificate(&(struct wanted){.name = "a", .until_days = 31}, TLS_FINE, NULL);
}

static void key_of_another_certificate_is_found(void **state)
{
    (void)state;
    struct tls_config config = {.certificate = client_file, .key = scratch_file};
    pem_write(scratch_file, NULL, authority.key, NULL);
    assert_fault(&config, TLS_KEY_MISMATCH, scratch_file, client_file);
}

static void key_with_a_password_is_found(void **state)
{
    (void)state;
    struct tls_config config = {.certificate = client_file, .key = scratch_file};
    pem_write(scratch_file, NULL, good.key, "secret");
    assert_fault(&config, TLS_KEY_LOCKED, scratch_file, "protected by a password");
}

static void files_that_hold_something_else_are_found(void **state)
{
    (void)state;
    pem_write(scratch_file, NULL, good.key, NULL);
    assert_fault(&(struct tls_config){.certificate = scratch_file}, TLS_UNREADABLE, scratch_file,
                 "there is no certificate in it");
    assert_fault(&(struct tls_config){.certificate = client_file, .key = ca_file}, TLS_UNREADABLE,
                 ca_file, "there is no private key in it");
    assert_fault(&(struct tls_config){.verify = TLS_VERIFY_CUSTOM, .ca = "/nonexistent"},
                 TLS_UNREADABLE, "/nonexistent", "No such file");
    assert_fault(&(struct tls_config){.verify = TLS_VERIFY_CUSTOM, .ca = "/dev/zero"},
                 TLS_UNREADABLE, "/dev/zero", "larger than 1 MiB");
    FILE *file = fopen(scratch_file, "w");
    fputs("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", file);
    fclose(file);
    assert_fault(&(struct tls_config){.verify = TLS_VERIFY_CUSTOM, .ca = scratch_file},
                 TLS_UNREADABLE, scratch_file, "a certificate in it is damaged");
}

static void bundle_is_good_when_one_of_it_is(void **state)
{
    (void)state;
    struct pair old = pair_make(&(struct wanted){.name = "old", .from_days = -9, .until_days = -2});
    struct tls_config config = {.verify = TLS_VERIFY_CUSTOM, .ca = scratch_file};
    FILE *file = fopen(scratch_file, "w");
    PEM_write_X509(file, old.certificate);
    fclose(file);
    assert_fault(&config, TLS_EXPIRED, scratch_file, "the certificate of old expired");
    file = fopen(scratch_file, "a");
    PEM_write_X509(file, authority.certificate);
    fclose(file);
    assert_fault(&config, TLS_FINE, NULL, NULL);
    pair_free(&old);
}

SPECIFICATION(
    cmocka_unit_test_setup_teardown(good_certificate_registers, set_up, tear_down),
    cmocka_unit_test_setup_teardown(expired_certificate_is_named, set_up, tear_down),
    cmocka_unit_test_setup_teardown(certificate_of_tomorrow_is_named, set_up, tear_down),
    cmocka_unit_test_setup_teardown(certificate_of_somebody_else_is_named, set_up, tear_down),
    cmocka_unit_test_setup_teardown(self_signed_certificate_is_named, set_up, tear_down),
    cmocka_unit_test_setup_teardown(control_characters_of_a_certificate_are_not_shown, set_up,
                                    tear_down),
    cmocka_unit_test_setup_teardown(unknown_authority_is_named, set_up, tear_down),
    cmocka_unit_test_setup_teardown(nothing_is_verified_when_told_so, set_up, tear_down),
    cmocka_unit_test_setup_teardown(uri_of_the_domain_is_a_good_name, set_up, tear_down),
    cmocka_unit_test_setup_teardown(numeric_server_name_is_verified_and_not_announced, set_up,
                                    tear_down),
    cmocka_unit_test_setup_teardown(long_chain_is_followed, set_up, tear_down),
    cmocka_unit_test_setup_teardown(old_version_is_refused, set_up, tear_down),
    cmocka_unit_test_setup_teardown(client_certificate_that_is_missing_is_named, set_up, tear_down),
    cmocka_unit_test_setup_teardown(client_certificate_refused_later_is_named, set_up, tear_down),
    cmocka_unit_test_setup_teardown(client_certificate_is_shown, set_up, tear_down),
    cmocka_unit_test_setup_teardown(closed_handshake_fails_at_once, set_up, tear_down),
    cmocka_unit_test_setup_teardown(plain_text_fails_at_once, set_up, tear_down),
    cmocka_unit_test_setup_teardown(refused_connection_fails_at_once, set_up, tear_down),
    cmocka_unit_test_setup_teardown(connection_that_the_peer_closes_is_made_anew, set_up,
                                    tear_down),
    cmocka_unit_test_setup_teardown(agent_goes_in_the_middle_of_a_handshake, set_up, tear_down),
    cmocka_unit_test_setup_teardown(who_connects_to_us_sees_a_certificate_of_our_own, set_up,
                                    tear_down),
    cmocka_unit_test_setup_teardown(who_connects_to_us_sees_the_configured_certificate, set_up,
                                    tear_down),
    cmocka_unit_test_setup_teardown(days_of_a_certificate_are_checked, set_up, tear_down),
    cmocka_unit_test_setup_teardown(key_of_another_certificate_is_found, set_up, tear_down),
    cmocka_unit_test_setup_teardown(key_with_a_password_is_found, set_up, tear_down),
    cmocka_unit_test_setup_teardown(files_that_hold_something_else_are_found, set_up, tear_down),
    cmocka_unit_test_setup_teardown(bundle_is_good_when_one_of_it_is, set_up, tear_down))

/* From names to servers, with a DNS server of our own that is good, wrong, hostile or silent. */
#include "support/specification.h"
#include "cmtest/locate.h"
#include "cmtest/loop.h"
#include "cmtest/random.h"
#include "resolve.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

/* ---- a DNS server ---- */

enum manner {
    ANSWERS,
    IS_SILENT,
    FAILS,
    TRUNCATES, /* the answer ends in the middle of a record */
    LOOPS,     /* a name is a pointer to itself */
    LOOPS_FAR, /* two pointers to each other */
    IS_HUGE,   /* 60000 bytes of records */
    OTHER_ID,  /* of a question that nobody asked, then the good answer */
    RAVES,     /* random bytes, then the good answer */
    MUTATES,   /* the good answer with some bytes changed */
};

struct row {
    const char *name;
    uint16_t type;
    uint16_t numbers[3]; /* SRV: priority, weight, port; NAPTR: order, preference */
    const char *text;    /* address or target; NAPTR: replacement */
    const char *service; /* NAPTR */
};

struct dns {
    enum manner manner;
    const struct row *rows;
    uint64_t seed;
    int fd;
    unsigned questions;
    pthread_t thread;
    char file[64];
};

struct packet {
    uint8_t bytes[65536];
    size_t length;
};

static void put(struct packet *packet, const void *bytes, size_t length)
{
    memcpy(packet->bytes + packet->length, bytes, length);
    packet->length += length;
}

static void put_16(struct packet *packet, unsigned value)
{
    put(packet, (uint8_t[]){(uint8_t)(value >> 8), (uint8_t)value}, 2);
}

static void put_string(struct packet *packet, const char *text)
{
    uint8_t length = (uint8_t)strlen(text);
    put(packet, &length, 1);
    put(packet, text, length);
}

static void put_name(struct packet *packet, const char *name)
{
    while (*name && strcmp(name, ".") != 0) {
        uint8_t length = (uint8_t)strcspn(name, ".");
        put(packet, &length, 1);
        put(packet, name, length);
        name += length + (name[length] == '.');
    }
    put(packet, "", 1);
}

static void put_data(struct packet *packet, const struct row *row)
{
    uint8_t ip[16];
    switch (row->type) {
    case sres_type_a:
        inet_pton(AF_INET, row->text, ip);
        put(packet, ip, 4);
        break;
    case sres_type_aaaa:
        inet_pton(AF_INET6, row->text, ip);
        put(packet, ip, 16);
        break;
    case sres_type_srv:
        for (int i = 0; i < 3; i++)
            put_16(packet, row->numbers[i]);
        put_name(packet, row->text);
        break;
    case sres_type_naptr:
        put_16(packet, row->numbers[0]);
        put_16(packet, row->numbers[1]);
        put_string(packet, "s");
        put_string(packet, row->service);
        put_string(packet, "");
        put_name(packet, row->text);
        break;
    default:
        put_name(packet, row->text);
    }
}

static void put_record(struct packet *packet, const struct row *row)
{
    struct packet *data = calloc(1, sizeof *data);
    put_data(data, row);
    put(packet, "\xc0\x0c", 2); /* the name of the question */
    put_16(packet, row->type);
    put_16(packet, 1);
    put_16(packet, 0);
    put_16(packet, 60);
    put_16(packet, (unsigned)data->length);
    put(packet, data->bytes, data->length);
    free(data);
}

/* The question's name, dotted and without the last dot, and its type. */
static size_t read_question(const struct packet *query, char *name, uint16_t *type)
{
    size_t at = 12;
    char *to = name;
    while (query->bytes[at]) {
        memcpy(to, query->bytes + at + 1, query->bytes[at]);
        to += query->bytes[at];
        *to++ = '.';
        at += query->bytes[at] + 1u;
    }
    *to = '\0';
    if (to > name)
        to[-1] = '\0';
    *type = (uint16_t)(query->bytes[at + 1] << 8 | query->bytes[at + 2]);
    return at + 5;
}

static void compose(const struct dns *dns, const struct packet *query, struct packet *reply)
{
    char name[512];
    uint16_t type;
    uint8_t count = 0;
    bool known = false;
    size_t end = read_question(query, name, &type);
    put(reply, query->bytes, 2);
    put(reply, "\x81\x80\0\1\0\0\0\0\0\0", 10);
    put(reply, query->bytes + 12, end - 12);
    for (const struct row *row = dns->rows; row->name; row++) {
        bool same = strcasecmp(row->name, name) == 0;
        known |= same;
        if (!same || dns->manner == FAILS || (row->type != type && row->type != sres_type_cname))
            continue;
        put_record(reply, row);
        count++;
    }
    reply->bytes[7] = count;
    if (!known || dns->manner == FAILS)
        reply->bytes[3] |= dns->manner == FAILS ? 2 : 3;
}

static void spoil(struct dns *dns, struct packet *reply)
{
    struct random random;
    random_init(&random, dns->seed + dns->questions);
    switch (dns->manner) {
    case TRUNCATES:
        reply->length -= 3;
        break;
    case LOOPS:
    case LOOPS_FAR:
        reply->bytes[7] = 1;
        memcpy(reply->bytes + 12, dns->manner == LOOPS ? "\xc0\x0c\xc0\x0c" : "\xc0\x0e\xc0\x0c",
               4);
        break;
    case IS_HUGE:
        reply->bytes[6] = 0xff;
        memset(reply->bytes + reply->length, 0, 60000 - reply->length);
        reply->length = 60000;
        break;
    case RAVES:
        reply->length = 12 + random_below(&random, 300);
        for (size_t i = 2; i < reply->length; i++)
            reply->bytes[i] = (uint8_t)random_next(&random);
        break;
    case MUTATES:
        for (uint64_t i = random_below(&random, 4); i < 4; i++)
            reply->bytes[2 + random_below(&random, reply->length - 2)] =
                (uint8_t)random_next(&random);
        break;
    default:
        break;
    }
}

static void *serve(void *arg)
{
    struct dns *dns = arg;
    struct packet *query = calloc(1, sizeof *query), *reply = calloc(1, sizeof *reply);
    struct sockaddr_storage from;
    for (;;) {
        socklen_t size = sizeof from;
        ssize_t got = recvfrom(dns->fd, query->bytes, 512, 0, (struct sockaddr *)&from, &size);
        if (got < 12)
            break;
        memset(query->bytes + got, 0, 512);
        dns->questions++;
        reply->length = 0;
        compose(dns, query, reply);
        spoil(dns, reply);
        if (dns->manner == OTHER_ID)
            reply->bytes[0] ^= 0x55;
        if (dns->manner != IS_SILENT)
            sendto(dns->fd, reply->bytes, reply->length, 0, (struct sockaddr *)&from, size);
        if (dns->manner != OTHER_ID && dns->manner != RAVES)
            continue;
        reply->length = 0;
        compose(dns, query, reply);
        sendto(dns->fd, reply->bytes, reply->length, 0, (struct sockaddr *)&from, size);
    }
    free(query);
    free(reply);
    return NULL;
}

static void dns_start(struct dns *dns)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    dns->fd = socket(AF_INET, SOCK_DGRAM, 0);
    assert_int_equal(bind(dns->fd, (struct sockaddr *)&address, size), 0);
    assert_int_equal(getsockname(dns->fd, (struct sockaddr *)&address, &size), 0);
    strcpy(dns->file, "/tmp/cmtest-resolv-XXXXXX");
    FILE *file = fdopen(mkstemp(dns->file), "w");
    assert_non_null(file);
    fprintf(file, "nameserver 127.0.0.1\nport %u\n", ntohs(address.sin_port));
    fclose(file);
    setenv("CMTEST_RESOLV_CONF", dns->file, 1);
    assert_int_equal(pthread_create(&dns->thread, NULL, serve, dns), 0);
}

static void dns_stop(struct dns *dns)
{
    shutdown(dns->fd, SHUT_RDWR); /* ends its recvfrom() */
    pthread_join(dns->thread, NULL);
    close(dns->fd);
    unlink(dns->file);
}

/* ---- what is found ---- */

#define SHORT (200 * NS_PER_MS)

static const struct row zone[] = {
    {"a.test", sres_type_a, {0}, "192.0.2.1", NULL},
    {"both.test", sres_type_aaaa, {0}, "2001:db8::2", NULL},
    {"both.test", sres_type_a, {0}, "192.0.2.2", NULL},
    {"alias.test", sres_type_cname, {0}, "a.test", NULL},
    {"round.test", sres_type_cname, {0}, "trip.test", NULL},
    {"trip.test", sres_type_cname, {0}, "round.test", NULL},
    {"_sip._udp.srv.test", sres_type_srv, {20, 0, 5090}, "both.test", NULL},
    {"_sip._udp.srv.test", sres_type_srv, {10, 0, 5080}, "a.test", NULL},
    {"_sip._tcp.srv.test", sres_type_srv, {10, 0, 5070}, "a.test", NULL},
    {"srv.test", sres_type_a, {0}, "192.0.2.99", NULL},
    {"naptr.test", sres_type_naptr, {20, 50, 0}, "_sip._udp.srv.test", "SIP+D2U"},
    {"naptr.test", sres_type_naptr, {10, 50, 0}, "_sips._tcp.naptr.test", "SIPS+D2T"},
    {"naptr.test", sres_type_naptr, {10, 10, 0}, "_ws.naptr.test", "SIPS+D2W"},
    {"_sips._tcp.naptr.test", sres_type_srv, {1, 1, 5071}, "a.test", NULL},
    {"none.test", sres_type_a, {0}, "192.0.2.3", NULL},
    {"_sip._udp.none.test", sres_type_srv, {0, 0, 0}, ".", NULL},
    {"_sip._udp.lost.test", sres_type_srv, {0, 0, 5060}, "nowhere.test", NULL},
    {NULL, 0, {0}, NULL, NULL},
};

/* patience_ns 0: the usual one. */
static void find(struct dns *dns, int64_t patience_ns, const struct locate_query *query,
                 struct located *located)
{
    if (!dns->rows)
        dns->rows = zone;
    dns_start(dns);
    if (patience_ns)
        locate_within(query, patience_ns, located);
    else
        locate(query, located);
    dns_stop(dns);
}

/* "192.0.2.1:5060/udp ..." */
static void assert_found(const struct located *located, const char *expected)
{
    char all[1024] = "";
    for (size_t i = 0; i < located->count; i++)
        snprintf(all + strlen(all), sizeof all - strlen(all), "%s%s:%u/%s", i ? " " : "",
                 located->servers[i].host, located->servers[i].port,
                 located->servers[i].transport->name);
    assert_string_equal(all, expected);
}

static void expect(const struct locate_query *query, const char *expected)
{
    struct dns dns = {.manner = ANSWERS};
    struct located located;
    find(&dns, 0, query, &located);
    assert_found(&located, expected);
}

static void expect_why(enum manner manner, const struct locate_query *query, const char *expected)
{
    struct dns dns = {.manner = manner};
    struct located located;
    find(&dns, manner == IS_SILENT ? SHORT : 0, query, &located);
    assert_int_equal(located.count, 0);
    assert_string_equal(located.why, expected);
}

static void numeric_address_is_taken_as_it_is(void **state)
{
    (void)state;
    expect(&(struct locate_query){.host = "192.0.2.5"}, "192.0.2.5:5060/udp");
    expect(&(struct locate_query){.host = "2001:db8::5", .secure = true}, "2001:db8::5:5061/tls");
    expect(&(struct locate_query){.host = "192.0.2.5",
                                  .port = 5070,
                                  .transport = transport_find("tcp")},
           "192.0.2.5:5070/tcp");
}

static void name_of_the_hosts_file_is_an_address(void **state)
{
    (void)state;
    struct dns dns = {.manner = IS_SILENT};
    struct located located;
    find(&dns, 0, &(struct locate_query){.host = "localhost", .transport = transport_find("tcp")},
         &located);
    assert_true(located.count > 0);
    assert_string_equal(located.servers[0].host, "127.0.0.1");
    assert_int_equal(located.servers[0].port, 5060);
    assert_int_equal(dns.questions, 0);
}

static void port_means_no_service_record(void **state)
{
    (void)state;
    expect(&(struct locate_query){.host = "srv.test", .port = 5065}, "192.0.2.99:5065/udp");
}

static void ipv4_comes_before_ipv6(void **state)
{
    (void)state;
    expect(&(struct locate_query){.host = "both.test", .port = 5060},
           "192.0.2.2:5060/udp 2001:db8::2:5060/udp");
}

static void alias_is_followed(void **state)
{
    (void)state;
    expect(&(struct locate_query){.host = "alias.test", .port = 5060}, "192.0.2.1:5060/udp");
}

static void given_transport_asks_for_its_service(void **state)
{
    (void)state;
    expect(&(struct locate_query){.host = "srv.test", .transport = transport_find("udp")},
           "192.0.2.1:5080/udp 192.0.2.2:5090/udp 2001:db8::2:5090/udp");
    expect(&(struct locate_query){.host = "srv.test", .transport = transport_find("tcp")},
           "192.0.2.1:5070/tcp");
}

static void transport_without_service_has_its_usual_port(void **state)
{
    (void)state;
    expect(&(struct locate_query){.host = "srv.test", .transport = transport_find("tls")},
           "192.0.2.99:5061/tls");
}

static void naptr_orders_the_transports(void **state)
{
    (void)state;
    expect(&(struct locate_query){.host = "naptr.test"},
           "192.0.2.1:5071/tls 192.0.2.1:5080/udp 192.0.2.2:5090/udp 2001:db8::2:5090/udp");
    expect(&(struct locate_query){.host = "naptr.test", .secure = true}, "192.0.2.1:5071/tls");
}

static void services_are_tried_without_naptr(void **state)
{
    (void)state;
    expect(&(struct locate_query){.host = "srv.test"},
           "192.0.2.1:5080/udp 192.0.2.2:5090/udp 2001:db8::2:5090/udp 192.0.2.1:5070/tcp");
}

static void plain_name_is_asked_by_udp(void **state)
{
    (void)state;
    expect(&(struct locate_query){.host = "a.test"}, "192.0.2.1:5060/udp");
    expect(&(struct locate_query){.host = "a.test", .secure = true}, "192.0.2.1:5061/tls");
}

static void service_that_is_refused_is_told(void **state)
{
    (void)state;
    expect_why(ANSWERS,
               &(struct locate_query){.host = "none.test", .transport = transport_find("udp")},
               "DNS says that none.test has no such SIP service (SRV target \".\")");
}

static void unknown_name_is_told(void **state)
{
    (void)state;
    expect_why(ANSWERS, &(struct locate_query){.host = "nowhere.test"},
               "DNS knows no name nowhere.test");
    expect_why(ANSWERS,
               &(struct locate_query){.host = "lost.test", .transport = transport_find("udp")},
               "DNS knows no name lost.test");
}

static void failing_server_is_told(void **state)
{
    (void)state;
    expect_why(FAILS, &(struct locate_query){.host = "a.test"},
               "the DNS server could not answer when asked for a.test");
}

static void silent_server_is_given_up(void **state)
{
    (void)state;
    expect_why(IS_SILENT, &(struct locate_query){.host = "a.test"},
               "no DNS server answered within 0.2 s when asked for a.test");
}

static void aliases_in_a_circle_end(void **state)
{
    (void)state;
    struct dns dns = {.manner = ANSWERS};
    struct located located;
    find(&dns, SHORT, &(struct locate_query){.host = "round.test", .port = 5060}, &located);
    assert_int_equal(located.count, 0);
    assert_true(located.why[0] != '\0');
}

/* ---- by lot ---- */

static const struct row weighted[] = {
    {"_sip._udp.lot.test", sres_type_srv, {1, 90, 1}, "a.test", NULL},
    {"_sip._udp.lot.test", sres_type_srv, {1, 10, 2}, "a.test", NULL},
    {"_sip._udp.lot.test", sres_type_srv, {2, 0, 3}, "a.test", NULL},
    {"a.test", sres_type_a, {0}, "192.0.2.1", NULL},
    {NULL, 0, {0}, NULL, NULL},
};

static void heavier_servers_are_drawn_more_often(void **state)
{
    (void)state;
    struct dns dns = {.manner = ANSWERS, .rows = weighted};
    struct located located;
    unsigned heavy = 0;
    dns_start(&dns);
    for (uint64_t seed = 0; seed < 300; seed++) {
        locate(&(struct locate_query){.host = "lot.test",
                                      .transport = transport_find("udp"),
                                      .seed = seed},
               &located);
        assert_int_equal(located.count, 3);
        heavy += located.servers[0].port == 1;
        assert_int_equal(located.servers[2].port, 3);
    }
    dns_stop(&dns);
    assert_in_range(heavy, 240, 296);
}

static void same_seed_draws_the_same(void **state)
{
    (void)state;
    struct dns dns = {.manner = ANSWERS, .rows = weighted};
    struct located one, two;
    dns_start(&dns);
    struct locate_query query = {.host = "lot.test", .transport = transport_find("udp")};
    for (query.seed = 0; query.seed < 20; query.seed++) {
        locate(&query, &one);
        locate(&query, &two);
        assert_int_equal(one.servers[0].port, two.servers[0].port);
    }
    dns_stop(&dns);
}

/* ---- hostile servers ---- */

static void answer_of_another_question_is_ignored(void **state)
{
    (void)state;
    struct dns dns = {.manner = OTHER_ID};
    struct located located;
    find(&dns, 0, &(struct locate_query){.host = "a.test", .port = 5060}, &located);
    assert_found(&located, "192.0.2.1:5060/udp");
}

static void garbage_before_the_answer_is_ignored(void **state)
{
    (void)state;
    struct dns dns = {.manner = RAVES, .seed = 7};
    struct located located;
    find(&dns, 0, &(struct locate_query){.host = "srv.test"}, &located);
    assert_true(located.count > 0);
}

/* Dropped as if it had not come: silence. */
static void broken_answers_are_given_up(void **state)
{
    (void)state;
    static const enum manner manners[] = {TRUNCATES, LOOPS, LOOPS_FAR, IS_HUGE};
    uint8_t loop[] = "\x12\x34\x81\x80\0\1\0\0\0\0\0\0\xc0\x0c\0\1\0\1";
    assert_false(dns_answer_is_sound(loop, sizeof loop - 1));
    for (size_t i = 0; i < sizeof manners / sizeof *manners; i++) {
        struct dns dns = {.manner = manners[i]};
        struct located located;
        find(&dns, SHORT, &(struct locate_query){.host = "a.test", .port = 5060}, &located);
        assert_int_equal(located.count, 0);
    }
}

static void compose_for(const char *name, uint16_t type, struct packet *reply)
{
    struct packet *query = calloc(1, sizeof *query);
    struct dns dns = {.rows = zone};
    put(query, "\x12\x34\1\0\0\1\0\0\0\0\0\0", 12);
    put_name(query, name);
    put_16(query, type);
    put_16(query, 1);
    compose(&dns, query, reply);
    free(query);
}

static void good_answers_are_sound_and_their_beginnings_are_not(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        uint16_t type;
    } asked[] = {{"naptr.test", sres_type_naptr},
                 {"_sip._udp.srv.test", sres_type_srv},
                 {"both.test", sres_type_aaaa},
                 {"alias.test", sres_type_a}};
    struct packet *reply = calloc(1, sizeof *reply);
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        reply->length = 0;
        compose_for(asked[i].name, asked[i].type, reply);
        assert_true(dns_answer_is_sound(reply->bytes, reply->length));
        for (size_t length = 0; length < reply->length; length++)
            assert_false(dns_answer_is_sound(reply->bytes, length));
    }
    free(reply);
}

/* Whatever is let through must end, and soon. */
static void mutated_answers_never_hang(void **state)
{
    (void)state;
    struct dns dns = {.manner = MUTATES, .rows = zone};
    struct packet *reply = calloc(1, sizeof *reply), *copy = calloc(1, sizeof *copy);
    unsigned sound = 0;
    compose_for("naptr.test", sres_type_naptr, reply);
    for (dns.questions = 0; dns.questions < 20000; dns.questions++) {
        *copy = *reply;
        spoil(&dns, copy);
        sound += dns_answer_is_sound(copy->bytes, copy->length);
    }
    assert_in_range(sound, 1, 19999);
    free(reply);
    free(copy);
}

SPECIFICATION(cmocka_unit_test(numeric_address_is_taken_as_it_is),
              cmocka_unit_test(name_of_the_hosts_file_is_an_address),
              cmocka_unit_test(port_means_no_service_record),
              cmocka_unit_test(ipv4_comes_before_ipv6), cmocka_unit_test(alias_is_followed),
              cmocka_unit_test(given_transport_asks_for_its_service),
              cmocka_unit_test(transport_without_service_has_its_usual_port),
              cmocka_unit_test(naptr_orders_the_transports),
              cmocka_unit_test(services_are_tried_without_naptr),
              cmocka_unit_test(plain_name_is_asked_by_udp),
              cmocka_unit_test(service_that_is_refused_is_told),
              cmocka_unit_test(unknown_name_is_told), cmocka_unit_test(failing_server_is_told),
              cmocka_unit_test(silent_server_is_given_up),
              cmocka_unit_test(aliases_in_a_circle_end),
              cmocka_unit_test(heavier_servers_are_drawn_more_often),
              cmocka_unit_test(same_seed_draws_the_same),
              cmocka_unit_test(answer_of_another_question_is_ignored),
              cmocka_unit_test(garbage_before_the_answer_is_ignored),
              cmocka_unit_test(broken_answers_are_given_up),
              cmocka_unit_test(good_answers_are_sound_and_their_beginnings_are_not),
              cmocka_unit_test(mutated_answers_never_hang))

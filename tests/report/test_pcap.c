#include "support/specification.h"

#include "golden.h"
#include "traced.h"
#include "evidence.h"
#include "pcap.h"

#define FILE_HEADER 24
#define RECORD_HEADER 16

static unsigned read16(const unsigned char *at)
{
    return (unsigned)at[0] << 8 | at[1];
}

static uint32_t read32(const unsigned char *at)
{
    return (uint32_t)read16(at) << 16 | read16(at + 2);
}

static uint32_t read_little(const unsigned char *at)
{
    return (uint32_t)at[3] << 24 | (uint32_t)at[2] << 16 | (uint32_t)at[1] << 8 | at[0];
}

/* The one's complement sum, which is 0xffff over bytes that hold their checksum. */
static uint32_t sum(uint32_t so_far, const unsigned char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        so_far += (uint32_t)bytes[i] << (i % 2 ? 0 : 8);
    while (so_far >> 16)
        so_far = (so_far & 0xffff) + (so_far >> 16);
    return so_far;
}

/* A packet taken apart; every length and checksum was found right. */
struct found {
    bool ipv6, tcp;
    unsigned from, to;
    uint32_t seq, ack;
    const unsigned char *payload;
    size_t length;
    int64_t at_ns;
};

static const unsigned char *take_apart(const unsigned char *record, struct found *found)
{
    *found = (struct found){0};
    const unsigned char *ip = record + RECORD_HEADER;
    size_t length = read_little(record + 8);
    assert_int_equal(read_little(record + 12), length);
    found->at_ns = (int64_t)read_little(record) * FIXTURE_S + read_little(record + 4);
    found->ipv6 = ip[0] >> 4 == 6;
    size_t head = found->ipv6 ? 40 : 20, address = found->ipv6 ? 16 : 4;
    unsigned protocol = found->ipv6 ? ip[6] : ip[9];
    if (found->ipv6) {
        assert_int_equal(read16(ip + 4), length - 40);
    } else {
        assert_int_equal(ip[0], 0x45);
        assert_int_equal(read16(ip + 2), length);
        assert_int_equal(sum(0, ip, 20), 0xffff);
    }
    const unsigned char *segment = ip + head;
    length -= head;
    uint32_t pseudo = sum(protocol + (uint32_t)length, segment - 2 * address, 2 * address);
    assert_int_equal(sum(pseudo, segment, length), 0xffff);
    found->tcp = protocol == 6;
    assert_true(found->tcp || protocol == 17);
    found->from = read16(segment);
    found->to = read16(segment + 2);
    if (found->tcp) {
        found->seq = read32(segment + 4);
        found->ack = read32(segment + 8);
        assert_int_equal(segment[12] >> 4, 5);
    } else {
        assert_int_equal(read16(segment + 4), length);
        assert_true(read16(segment + 6) != 0);
    }
    found->payload = segment + (found->tcp ? 20 : 8);
    found->length = length - (found->tcp ? 20 : 8);
    return segment + length;
}

static size_t read_all(const struct text *file, struct found *found, size_t room)
{
    const unsigned char *at = (const unsigned char *)file->data, *end = at + file->length;
    size_t count = 0;
    assert_true(file->length >= FILE_HEADER);
    assert_int_equal(read_little(at), 0xa1b23c4d);
    assert_int_equal(read_little(at + 20), 101);
    for (at += FILE_HEADER; at < end;) {
        assert_true(count < room);
        at = take_apart(at, &found[count++]);
    }
    assert_ptr_equal(at, end);
    return count;
}

static struct result_message message(const char *transport, const char *local, const char *remote,
                                     bool sent, char *bytes, size_t length)
{
    struct result_message made = {.at_ns = FIXTURE_START + 123456789,
                                  .sent = sent,
                                  .total = (uint32_t)length,
                                  .length = (uint32_t)length,
                                  .bytes = bytes};
    text_copy(made.transport, sizeof(made.transport), transport);
    text_copy(made.local, sizeof(made.local), local);
    text_copy(made.remote, sizeof(made.remote), remote);
    return made;
}

static void capture_of_a_call_is_as_the_golden_file(void **state)
{
    struct fixture f;
    struct traced t = {0};
    struct evidence_list list;
    struct text out = {0};
    struct found found[32];
    (void)state;
    traced_run(&t, &f, 0);
    evidence_choose(&list, f.result);
    evidence_pcap(f.result, &list.calls[0], &out);
    assert_int_equal(read_all(&out, found, 32), 18);
    assert_golden("busy.pcap", text_get(&out), out.length);
    text_fini(&out);
    fixture_fini(&f);
}

static void datagrams_have_right_lengths_and_checksums(void **state)
{
    static const char *const ends[][2] = {{"192.0.2.1:40000", "198.51.100.7:5060"},
                                          {"[2001:db8::1]:40000", "[2001:db8::2]:5060"},
                                          {"[fe80::1%eth0]:40000", "[fe80::2%eth0]:5060"}};
    static char bytes[] = "OPTIONS sip:a@b SIP/2.0\r\n\r\n";
    (void)state;
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        for (size_t length = 1; length < sizeof(bytes); length++) {
            struct text out = {0};
            struct found found;
            struct pcap pcap;
            pcap_begin(&pcap, &out);
            struct result_message sent =
                message("udp", ends[i][0], ends[i][1], length % 2, bytes, length);
            assert_true(pcap_add(&pcap, &sent));
            assert_int_equal(read_all(&out, &found, 1), 1);
            assert_int_equal(found.ipv6, i > 0);
            assert_int_equal(found.from, length % 2 ? 40000 : 5060);
            assert_int_equal(found.to, length % 2 ? 5060 : 40000);
            assert_int_equal(found.at_ns, FIXTURE_START + 123456789);
            assert_int_equal(found.length, length);
            assert_memory_equal(found.payload, bytes, length);
            text_fini(&out);
        }
    }
}

static void checksum_of_zero_is_written_as_ones(void **state)
{
    (void)state;
    /* Two bytes that make any sum come up. */
    for (unsigned i = 0; i < 65536; i++) {
        char bytes[2] = {(char)(i >> 8), (char)i};
        struct text out = {0};
        struct found found;
        struct pcap pcap;
        pcap_begin(&pcap, &out);
        struct result_message sent = message("udp", "192.0.2.1:1", "192.0.2.2:2", true, bytes, 2);
        pcap_add(&pcap, &sent);
        read_all(&out, &found, 1);
        text_fini(&out);
    }
}

static void streams_count_their_bytes_in_both_directions(void **state)
{
    static const struct {
        bool sent;
        const char *transport;
        size_t length;
        uint32_t seq, ack;
    } rows[] = {{true, "tcp", 500, 1, 1},
                {false, "tcp", 300, 1, 501},
                {false, "tcp", 200, 301, 501},
                {true, "tcp", 10, 501, 501}};
    static char bytes[512];
    struct text out = {0};
    struct found found[8];
    struct pcap pcap;
    (void)state;
    pcap_begin(&pcap, &out);
    for (size_t i = 0; i < 4; i++) {
        struct result_message each = message(rows[i].transport, "192.0.2.1:40000", "192.0.2.2:5061",
                                             rows[i].sent, bytes, rows[i].length);
        assert_true(pcap_add(&pcap, &each));
    }
    /* What the other side saw of another connection. */
    struct result_message other = message("tls", "192.0.2.2:5061", "192.0.2.9:1", false, bytes, 5);
    assert_true(pcap_add(&pcap, &other));
    assert_int_equal(read_all(&out, found, 8), 5);
    for (size_t i = 0; i < 4; i++) {
        assert_true(found[i].tcp);
        assert_int_equal(found[i].seq, rows[i].seq);
        assert_int_equal(found[i].ack, rows[i].ack);
        assert_int_equal(found[i].length, rows[i].length);
    }
    assert_int_equal(found[4].seq, 1);
    text_fini(&out);
}

static void more_connections_than_are_remembered_do_no_harm(void **state)
{
    static char bytes[1];
    struct text out = {0};
    struct found found[100];
    struct pcap pcap;
    (void)state;
    pcap_begin(&pcap, &out);
    for (int i = 0; i < 100; i++) {
        char local[32];
        snprintf(local, sizeof(local), "192.0.2.1:%d", 1000 + i % 50);
        struct result_message each = message("tcp", local, "192.0.2.2:5060", true, bytes, 1);
        assert_true(pcap_add(&pcap, &each));
    }
    assert_int_equal(read_all(&out, found, 100), 100);
    text_fini(&out);
}

static void large_message_is_split_or_refused(void **state)
{
    static char bytes[100000];
    struct text out = {0};
    struct found found[4];
    struct pcap pcap;
    (void)state;
    pcap_begin(&pcap, &out);
    const char *local = "[2001:db8::1]:1", *remote = "[2001:db8::2]:5060";
    struct result_message each = message("tcp", local, remote, true, bytes, sizeof(bytes));
    assert_true(pcap_add(&pcap, &each));
    each = message("udp", local, remote, true, bytes, 65507);
    assert_true(pcap_add(&pcap, &each));
    each = message("udp", local, remote, true, bytes, 65508);
    assert_false(pcap_add(&pcap, &each));
    assert_int_equal(read_all(&out, found, 4), 3);
    assert_int_equal(found[0].length + found[1].length, sizeof(bytes));
    assert_int_equal(found[1].seq, 1 + found[0].length);
    assert_int_equal(found[2].length, 65507);
    text_fini(&out);
}

static void what_is_no_address_makes_no_packet(void **state)
{
    static const char *const bad[] = {"",        ":",          "server",        "1.2.3.4",
                                      "1.2.3:5", "[::1:5060",  "1.2.3.4:65536", "1.2.3.4:-1",
                                      "[::1]:1", "[1.2.3.4]:1"};
    static char bytes[1];
    struct text out = {0};
    struct pcap pcap;
    (void)state;
    pcap_begin(&pcap, &out);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct result_message each = message("udp", bad[i], "192.0.2.2:5060", true, bytes, 1);
        assert_false(pcap_add(&pcap, &each));
    }
    assert_int_equal(read_all(&out, NULL, 0), 0);
    text_fini(&out);
}

/* One test per line, where CMake finds them. */
/* clang-format off */
SPECIFICATION(cmocka_unit_test(capture_of_a_call_is_as_the_golden_file),
              cmocka_unit_test(datagrams_have_right_lengths_and_checksums),
              cmocka_unit_test(checksum_of_zero_is_written_as_ones),
              cmocka_unit_test(streams_count_their_bytes_in_both_directions),
              cmocka_unit_test(more_connections_than_are_remembered_do_no_harm),
              cmocka_unit_test(large_message_is_split_or_refused),
              cmocka_unit_test(what_is_no_address_makes_no_packet))
/* clang-format on */

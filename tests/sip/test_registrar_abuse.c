/* The embedded registrar takes whatever comes over its sockets, and still answers afterwards. */
#include "support/specification.h"

#include "cmtest/random.h"
#include "sip/phone.h"

#ifndef SEED /* another one finds other things */
#define SEED 20260
#endif
#define MUTATIONS 5000

static int start(void **state)
{
    static struct world world;
    world_start(&world, DIGEST_MD5);
    *state = &world;
    return 0;
}

static int stop(void **state)
{
    world_stop(*state);
    return 0;
}

static void assert_alive(struct phone *phone)
{
    char expected[64];
    phone_request(phone, "OPTIONS", "sip:" REALM, "<sip:" REALM ">", "", "");
    snprintf(expected, sizeof expected, "%u OPTIONS", phone->cseq);
    const char *reply, *cseq;
    do {
        reply = phone_receive(phone, PATIENCE);
        assert_non_null(reply);
        cseq = header(reply, "CSeq", 0);
    } while (strncmp(reply, "SIP/2.0 200", 11) != 0 || !cseq || strcmp(cseq, expected) != 0);
}

/* {P} is the phone's port and {S} the server's. */
static const char *const originals[] = {
    "REGISTER sip:test.example SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{P};branch=z9hG4bKa;rport\r\n"
    "Max-Forwards: 70\r\nFrom: \"A\" <sip:alice@test.example>;tag=1\r\n"
    "To: <sip:alice@test.example>\r\nCall-ID: m1\r\nCSeq: 1 REGISTER\r\nExpires: 60\r\n"
    "Contact: <sip:alice@127.0.0.1:{P};transport=udp>;q=0.7;expires=30, <sip:b@127.0.0.1>\r\n"
    "Authorization: Digest username=\"alice\", realm=\"test.example\", nonce=\"0000\", "
    "uri=\"sip:test.example\", response=\"00112233445566778899aabbccddeeff\", algorithm=MD5, "
    "cnonce=\"x\", qop=auth, nc=00000001\r\nContent-Length: 0\r\n\r\n",
    "INVITE sip:bob@127.0.0.1:{P} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{P};branch=z9hG4bKb\r\n"
    "Route: <sip:127.0.0.1:{S};transport=tcp;lr>, <sip:127.0.0.1:{S};lr>\r\n"
    "Record-Route: <sip:127.0.0.1:9;lr>\r\nMax-Forwards: 70\r\n"
    "From: <sip:alice@test.example>;tag=1\r\nTo: <sip:bob@test.example>;tag=2\r\n"
    "Call-ID: m2\r\nCSeq: 7 INVITE\r\nContact: <sip:alice@127.0.0.1:{P}>\r\n"
    "Require: 100rel\r\nSupported: timer\r\nSession-Expires: 90;refresher=uac\r\n"
    "Content-Type: application/sdp\r\nContent-Length: 5\r\n\r\nv=0\r\n",
    "ACK sip:bob@127.0.0.1:{P} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{P};branch=z9hG4bKb\r\n"
    "Route: <sip:127.0.0.1:{S};lr>\r\nMax-Forwards: 70\r\nFrom: <sip:alice@test.example>;tag=1\r\n"
    "To: <sip:bob@test.example>;tag=2\r\nCall-ID: m2\r\nCSeq: 7 ACK\r\nContent-Length: 0\r\n\r\n",
    "CANCEL sip:bob@127.0.0.1:{P} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{P};branch=z9hG4bKb\r\n"
    "Route: <sip:127.0.0.1:{S};lr>\r\nMax-Forwards: 70\r\nFrom: <sip:alice@test.example>;tag=1\r\n"
    "To: <sip:bob@test.example>\r\nCall-ID: m2\r\nCSeq: 7 CANCEL\r\nContent-Length: 0\r\n\r\n",
    "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 127.0.0.1:{S};branch=z9hG4bKc, "
    "SIP/2.0/UDP 127.0.0.1:{P};branch=z9hG4bKd;received=127.0.0.1;rport={P}\r\n"
    "From: <sip:alice@test.example>;tag=1\r\nTo: <sip:bob@test.example>;tag=2\r\n"
    "Call-ID: m2\r\nCSeq: 7 INVITE\r\nContact: <sip:bob@127.0.0.1:{P}>\r\nRSeq: 1\r\n"
    "Content-Length: 0\r\n\r\n",
    "PRACK sip:bob@127.0.0.1:{P} SIP/2.0\r\nv: SIP/2.0/UDP 127.0.0.1:{P};branch=z9hG4bKe\r\n"
    "Route: <sip:127.0.0.1:{S};lr>\r\nf: <sip:alice@test.example>;tag=1\r\n"
    "t: <sip:bob@test.example>;tag=2\r\ni: m2\r\nCSeq: 8 PRACK\r\nRAck: 1 7 INVITE\r\nl: 0\r\n\r\n",
    "MESSAGE sip:test.example;lr SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{P};branch=z9hG4bKf\r\n"
    "Proxy-Require: a,b\r\nFrom: <sip:a@test.example>;tag=1\r\nTo: sip:b@test.example;x=y\r\n"
    "Call-ID: m3\r\nCSeq: 1 MESSAGE\r\nTimestamp: 54 1.5\r\nDate: Sat, 13 Nov 2010 23:29:00 GMT\r\n"
    "Content-Type: multipart/mixed;boundary=b\r\nContent-Length: "
    "22\r\n\r\n--b\r\n\r\nhello\r\n--b--\r\n"};
#define ORIGINALS (sizeof originals / sizeof *originals)

static size_t fill_in(const struct phone *phone, const char *original, char *out, size_t size)
{
    size_t used = 0;
    for (const char *at = original; *at && used + 8 < size; at++) {
        if (strncmp(at, "{P}", 3) == 0 || strncmp(at, "{S}", 3) == 0) {
            used += (size_t)snprintf(out + used, size - used, "%u",
                                     (unsigned)(at[1] == 'P' ? phone->port : phone->server));
            at += 2;
        } else {
            out[used++] = *at;
        }
    }
    out[used] = '\0';
    return used;
}

static size_t mutate_once(struct random *random, char *text, size_t length, size_t size)
{
    static const char *const pieces[] = {
        "\r\n",       "\"",  "<", ">",   ";",        ",",    "@",
        ":",          "%00", " ", "\t",  "=",        "*",    "\\",
        "4294967296", "-1",  "[", "::1", "\xff\xfe", "sip:", "99999999999999999999",
        "\r\n\r\n"};
    size_t at = (size_t)random_below(random, length), span = 1 + (size_t)random_below(random, 24);
    if (span > length - at)
        span = length - at;
    switch (random_below(random, 5)) {
    case 0:
        text[at] = (char)random_below(random, 256);
        return length;
    case 1:
        memmove(text + at, text + at + span, length - at - span);
        return length - span > 1 ? length - span : 1;
    case 2:
        if (length + span >= size)
            return length;
        memmove(text + at + span, text + at, length - at);
        return length + span;
    case 3: {
        const char *piece = pieces[random_below(random, sizeof pieces / sizeof *pieces)];
        size_t extra = strlen(piece);
        if (length + extra >= size)
            return length;
        memmove(text + at + extra, text + at, length - at);
        memcpy(text + at, piece, extra);
        return length + extra;
    }
    default:
        return 1 + at;
    }
}

static void mutated_datagrams_do_no_harm(void **state)
{
    struct phone phone;
    struct random random;
    phone_open(&phone, *state, "alice", "secret-a", false);
    random_init(&random, SEED);
    for (int i = 0; i < MUTATIONS; i++) {
        char text[8192];
        size_t length = fill_in(&phone, originals[(size_t)i % ORIGINALS], text, sizeof text);
        for (uint64_t n = 1 + random_below(&random, 4); n > 0; n--)
            length = mutate_once(&random, text, length, sizeof text);
        phone_send(&phone, text, length);
        if (i % 25 == 0)
            assert_alive(&phone);
    }
    assert_alive(&phone);
    phone_close(&phone);
}

/* What is not covered by the signature reaches the code behind the door. */
static void mutated_requests_with_good_credentials_do_no_harm(void **state)
{
    struct phone phone;
    struct random random;
    phone_ready(&phone, *state, "alice", "secret-a", false);
    random_init(&random, SEED);
    for (int i = 0; i < 400; i++) {
        bool registering = i % 2 == 0;
        const char *to = registering ? "<sip:alice@" REALM ">" : "<sip:alice@" REALM ">;x=1";
        char extra[512] =
            "Contact: <sip:alice@127.0.0.1:7001;transport=udp>;q=0.1;expires=20\r\n"
            "Expires: 100\r\nSupported: path, outbound\r\nRoute: <sip:test.example;lr>";
        size_t length = strlen(extra);
        for (uint64_t n = 1 + random_below(&random, 3); n > 0; n--)
            length = mutate_once(&random, extra, length, sizeof extra - 4);
        for (size_t c = 0; c < length; c++)
            extra[c] = extra[c] ? extra[c] : ' ';
        memcpy(extra + length, "\r\n", 3);
        const char *method = registering ? "REGISTER" : "INVITE";
        const char *uri = registering ? "sip:" REALM : "sip:alice@" REALM;
        phone.message[0] = '\0';
        phone_request(&phone, method, uri, to, "", "");
        do
            assert_non_null(phone_receive(&phone, PATIENCE));
        while (strncmp(phone.message, "SIP/2.0 40", 10) != 0 ||
               headers(phone.message, "WWW-Authenticate") +
                       headers(phone.message, "Proxy-Authenticate") ==
                   0);
        phone_answer_challenge(&phone, method, uri, to, extra, "");
        assert_alive(&phone);
    }
    phone_close(&phone);
}

static void torture_messages_are_survived(void **state)
{
    static const char *const messages[] = {
        "",
        "\r\n\r\n",
        "\r\n\r\n\r\n\r\n",
        "SIP/2.0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        "INVITE sip:bob@test.example SIP/7.0\r\nVia: SIP/2.0/UDP 127.0.0.1\r\n\r\n",
        "INVITE <sip:bob@test.example> SIP/2.0\r\n\r\n",
        "INVITE sip:bob@test.example SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK\r\n"
        "From: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\nCall-ID: t\r\nCSeq: 36893488147419103232 "
        "INVITE\r\n"
        "Max-Forwards: 300\r\nExpires: 1000000000000\r\nContent-Length: 0\r\n\r\n",
        "REGISTER sip:test.example SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1;maddr=192.0.2.1\r\n"
        "From: <sip:a@b>;tag=1\r\nTo: \"unterminated <sip:c@d>\r\nCall-ID: t\r\nCSeq: 1 "
        "REGISTER\r\n\r\n",
        "OPTIONS sip:test.example SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK1\r\n"
        "From: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\nCall-ID: t\r\nCSeq: 1 INVITE\r\n\r\n",
        "SIP/2.0 4294967301 better not break\r\nVia: SIP/2.0/UDP 127.0.0.1\r\nFrom: <sip:a@b>\r\n"
        "To: <sip:c@d>\r\nCall-ID: t\r\nCSeq: 1 INVITE\r\n\r\n",
        "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 255.255.255.255;branch=z9hG4bK1\r\nFrom: <sip:a@b>\r\n"
        "To: <sip:c@d>\r\nCall-ID: t\r\nCSeq: 1 INVITE\r\n\r\n",
        "INVITE sip:bob@test.example?Route=%3Csip:x%3E SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1\r\n"
        "From: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\nCall-ID: t\r\nCSeq: 1 INVITE\r\n\r\n",
        "NOBODYKNOWS soap.beep://192.0.2.103:3002 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1\r\n"
        "From: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\nCall-ID: t\r\nCSeq: 1 NOBODYKNOWS\r\n\r\n"};
    struct phone phone;
    char huge[60000];
    phone_open(&phone, *state, "alice", "secret-a", false);
    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) {
        phone_send(&phone, messages[i], strlen(messages[i]));
        assert_alive(&phone);
    }
    memset(huge, 'A', sizeof huge);
    phone_send(&phone, huge, sizeof huge);
    memcpy(huge, originals[0], 200);
    phone_send(&phone, huge, sizeof huge);
    memset(huge, ',', sizeof huge);
    memcpy(huge, originals[1], strlen(originals[1]) - 9);
    phone_send(&phone, huge, sizeof huge);
    assert_alive(&phone);
    phone_close(&phone);
}

/* Each on a connection of its own; nobody else is to notice. */
static void streams_may_lie_about_their_length(void **state)
{
    static const char *const lengths[] = {"-1", "4294967296", "99999999999999999999999",  "70000",
                                          "10", "abc",        "0\r\nContent-Length: 500", ""};
    struct phone bystander;
    phone_open(&bystander, *state, "bob", "secret-b", true);
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        struct phone liar;
        char text[2048];
        phone_open(&liar, *state, "alice", "secret-a", true);
        int length = snprintf(text, sizeof text,
                              "OPTIONS sip:" REALM " SIP/2.0\r\n"
                              "Via: SIP/2.0/TCP 127.0.0.1:%u;branch=z9hG4bK-%zu\r\n"
                              "From: <sip:a@b>;tag=1\r\nTo: <sip:" REALM ">\r\nCall-ID: liar\r\n"
                              "CSeq: 1 OPTIONS\r\nContent-Length: %s\r\n\r\nv=0\r\n",
                              liar.port, i, lengths[i]);
        phone_send(&liar, text, (size_t)length);
        assert_alive(&bystander);
        phone_close(&liar);
        assert_alive(&bystander);
    }
    phone_close(&bystander);
}

static void streams_may_come_in_pieces_or_break_off(void **state)
{
    struct phone slow, bystander;
    char text[2048];
    phone_open(&slow, *state, "alice", "secret-a", true);
    phone_open(&bystander, *state, "bob", "secret-b", true);
    int length = snprintf(text, sizeof text,
                          "\r\n\r\nOPTIONS sip:" REALM " SIP/2.0\r\n"
                          "Via: SIP/2.0/TCP 127.0.0.1:%u;branch=z9hG4bK-s\r\n"
                          "From: <sip:a@b>;tag=1\r\nTo: <sip:" REALM ">\r\nCall-ID: slow\r\n"
                          "CSeq: 1 OPTIONS\r\nContent-Length: 4\r\n\r\nabcd",
                          slow.port);
    for (int i = 0; i < length; i += 40) {
        phone_send(&slow, text + i, (size_t)(length - i < 40 ? length - i : 40));
        assert_alive(&bystander);
    }
    phone_expect(&slow, "SIP/2.0 200");
    phone_send(&slow, text, (size_t)length / 2);
    phone_close(&slow);
    assert_alive(&bystander);
    phone_close(&bystander);
}

static void mutated_streams_do_no_harm(void **state)
{
    struct phone bystander;
    struct random random;
    phone_open(&bystander, *state, "bob", "secret-b", true);
    random_init(&random, SEED);
    for (int i = 0; i < 300; i++) {
        struct phone phone;
        char text[8192];
        phone_open(&phone, *state, "alice", "secret-a", true);
        size_t length = fill_in(&phone, originals[(size_t)i % ORIGINALS], text, sizeof text);
        for (char *udp = strstr(text, "/UDP"); udp; udp = strstr(udp, "/UDP"))
            memcpy(udp, "/TCP", 4);
        for (uint64_t n = random_below(&random, 3); n > 0; n--)
            length = mutate_once(&random, text, length, sizeof text);
        phone_send(&phone, text, length);
        if (i % 10 == 0)
            assert_alive(&bystander);
        phone_close(&phone);
    }
    assert_alive(&bystander);
    phone_close(&bystander);
}

/* clang-format off */
SPECIFICATION(
    cmocka_unit_test_setup_teardown(mutated_datagrams_do_no_harm, start, stop),
    cmocka_unit_test_setup_teardown(mutated_requests_with_good_credentials_do_no_harm, start, stop),
    cmocka_unit_test_setup_teardown(torture_messages_are_survived, start, stop),
    cmocka_unit_test_setup_teardown(streams_may_lie_about_their_length, start, stop),
    cmocka_unit_test_setup_teardown(streams_may_come_in_pieces_or_break_off, start, stop),
    cmocka_unit_test_setup_teardown(mutated_streams_do_no_harm, start, stop))
/* clang-format on */

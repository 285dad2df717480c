/* Vectors: RFC 7616 3.9.1, and a SIP set computed independently of this code. */
#include "support/specification.h"

#include <stdio.h>
#include <string.h>
#include "cmtest/digest.h"

#define NONCE "dcd98b7102dd2f0e8b11d0f600bfb0c093"

static const struct digest_credentials alice = {"alice", "secret", NULL};
static const struct digest_request registration = {"REGISTER", "sip:example.com", NULL, 0};

static struct digest_challenge challenge_of(enum digest_algorithm algorithm)
{
    return (struct digest_challenge){
        .realm = "example.com", .nonce = NONCE, .algorithm = algorithm};
}

/* Splits "Digest a=b, c="d, e"" the way a SIP parser does. */
static const char *const *split(char *answer)
{
    static const char *params[32];
    size_t count = 0;
    bool quoted = false;
    assert_int_equal(strncmp(answer, "Digest ", 7), 0);
    params[count++] = answer + 7;
    for (char *at = answer + 7; *at; at++) {
        if (*at == '\\' && quoted)
            at++;
        else if (*at == '"')
            quoted = !quoted;
        else if (*at == ',' && !quoted) {
            *at = '\0';
            assert_true(count < 31);
            params[count++] = at + 1;
        }
    }
    params[count] = NULL;
    return params;
}

static void assert_response(const struct digest_challenge *challenge,
                            const struct digest_credentials *credentials,
                            const struct digest_request *request, uint32_t count,
                            const char *cnonce, const char *expected)
{
    struct text out = {0};
    char response[80];
    digest_answer(challenge, credentials, request, count, cnonce, &out);
    assert_true(digest_param(split(out.data), "response", response, sizeof response));
    assert_string_equal(response, expected);
    text_fini(&out);
}

/* RFC 7616 3.9.1 */
static void the_published_http_examples_come_out(void **state)
{
    (void)state;
    struct digest_challenge challenge = {.realm = "http-auth@example.org",
                                         .nonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
                                         .qop = true,
                                         .qop_auth = true};
    const struct digest_credentials mufasa = {"Mufasa", "Circle of Life", NULL};
    const struct digest_request get = {"GET", "/dir/index.html", NULL, 0};
    const char *cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
    assert_response(&challenge, &mufasa, &get, 1, cnonce, "8ca523f5e9506fed4657c9700eebdbec");
    challenge.algorithm = DIGEST_SHA_256;
    assert_response(&challenge, &mufasa, &get, 1, cnonce,
                    "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1");
}

static void without_qop_the_short_formula_is_used(void **state)
{
    (void)state;
    static const char *const expected[] = {
        [DIGEST_MD5] = "b75dc11e0cde1fc2f921ce28378036bb",
        [DIGEST_SHA_256] = "ca62967e07753e448fa495241cd888c70b0970a47ded5adcee1caec2bba0675e",
        [DIGEST_SHA_512_256] = "b9f77aa59facb8e121c8a341291c6a5a452525a5dc6fb0df3226f92886d65048"};
    for (size_t i = 0; i < 3; i++) {
        struct digest_challenge challenge = challenge_of((enum digest_algorithm)(2 * i));
        assert_response(&challenge, &alice, &registration, 1, "0a4f113b", expected[2 * i]);
    }
}

static void qop_auth_counts_the_nonce_and_session_forms_bind_it(void **state)
{
    (void)state;
    static const char *const expected[DIGEST_ALGORITHMS] = {
        [DIGEST_MD5] = "7fd96a22ed1d64a974701dbd8f92a14e",
        [DIGEST_SHA_256] = "a55e42ad87e94eb5b9c03f5942cc829f83420868db57acc6f2dfb1f1084ae6cd",
        [DIGEST_SHA_512_256] = "ba423c8f9ca4dacdea50a9e561267b5d880eb52942e82ea10ab3f9c14bb9cbcd",
        [DIGEST_MD5_SESS] = "f017e479dbee9ec264fe1118766c910d",
        [DIGEST_SHA_256_SESS] = "c8056e9b20073f71d54f466a0927ac81f5a052f5824731301eb6534707304a98",
        [DIGEST_SHA_512_256_SESS] =
            "6676d1f0880382b3055a21ef34e4acf826e5ecef511ea7af5282aaa7a2042d21"};
    for (size_t i = 0; i < DIGEST_ALGORITHMS; i++) {
        struct digest_challenge challenge = challenge_of((enum digest_algorithm)i);
        challenge.qop = challenge.qop_auth = challenge.qop_auth_int = true;
        assert_response(&challenge, &alice, &registration, 1, "0a4f113b", expected[i]);
    }
}

static void auth_int_covers_the_body(void **state)
{
    (void)state;
    static const char *const expected[] = {
        [DIGEST_MD5] = "b253db8d71622d2c79a48d9ec33e9993",
        [DIGEST_SHA_256] = "9eed69153cea5108408ffb1a80a1d95180020add2c400ccfe0519a3d86f560ef",
        [DIGEST_SHA_512_256] = "8f67c7103f520c00821fdcfbec11b6eec34082997c3fd39654b4a9868effdf7d"};
    const struct digest_request invite = {"INVITE", "sip:bob@example.com", "v=0\r\n", 5};
    for (size_t i = 0; i < 3; i++) {
        struct digest_challenge challenge = challenge_of((enum digest_algorithm)(2 * i));
        challenge.qop = challenge.qop_auth_int = true;
        assert_response(&challenge, &alice, &invite, 2, "0a4f113b", expected[2 * i]);
    }
}

static void an_answer_has_the_form_of_the_standard(void **state)
{
    (void)state;
    struct digest_challenge challenge = challenge_of(DIGEST_MD5);
    challenge.qop = challenge.qop_auth = challenge.has_opaque = true;
    strcpy(challenge.opaque, "o\"p");
    struct text out = {0};
    digest_answer(&challenge, &alice, &registration, 1, "0a4f113b", &out);
    assert_string_equal(out.data,
                        "Digest username=\"alice\", realm=\"example.com\", nonce=\"" NONCE
                        "\", uri=\"sip:example.com\", response=\"7fd96a22ed1d64a974701dbd8f92a14e\""
                        ", algorithm=MD5, cnonce=\"0a4f113b\", qop=auth, nc=00000001"
                        ", opaque=\"o\\\"p\"");
    text_fini(&out);
}

static void quotes_in_names_are_escaped_and_control_characters_never_leave(void **state)
{
    (void)state;
    struct digest_challenge challenge = challenge_of(DIGEST_MD5);
    const struct digest_credentials odd = {"a\"b\\c\r\nX: y", "secret", NULL};
    struct text out = {0};
    char username[64];
    digest_answer(&challenge, &odd, &registration, 1, "0a4f113b", &out);
    assert_null(strpbrk(out.data, "\r\n"));
    assert_true(digest_param(split(out.data), "username", username, sizeof username));
    assert_string_equal(username, "a\"b\\cX: y");
    text_fini(&out);
}

static void an_account_bound_to_another_realm_is_not_shown_to_this_one(void **state)
{
    (void)state;
    struct digest_challenge challenge = challenge_of(DIGEST_MD5);
    const struct digest_credentials elsewhere = {"alice", "secret", "other.example"};
    struct text out = {0};
    digest_answer(&challenge, &elsewhere, &registration, 1, "0a4f113b", &out);
    assert_int_equal(out.length, 0);
    text_fini(&out);
}

static void a_challenge_is_read_whatever_its_case_and_order(void **state)
{
    (void)state;
    const char *params[] = {
        "NONCE = \"n\\\"1\"", "algorithm=sha-256", "Stale=TRUE", "qop=\"auth-int, auth\"",
        "realm=\"a, b\"",     "opaque=\"\"",       NULL};
    struct digest_challenge challenge;
    assert_true(digest_challenge_parse(params, &challenge));
    assert_string_equal(challenge.realm, "a, b");
    assert_string_equal(challenge.nonce, "n\"1");
    assert_int_equal(challenge.algorithm, DIGEST_SHA_256);
    assert_true(challenge.stale && challenge.qop && challenge.qop_auth && challenge.qop_auth_int);
    assert_true(challenge.has_opaque);
}

static void a_challenge_that_cannot_be_answered_is_refused(void **state)
{
    (void)state;
    char endless[400];
    struct digest_challenge challenge;
    snprintf(endless, sizeof endless, "nonce=\"%0*d\"", 300, 7);
    const char *no_realm[] = {"nonce=\"1\"", NULL};
    const char *no_nonce[] = {"realm=\"r\"", NULL};
    const char *new_hash[] = {"realm=\"r\"", "nonce=\"1\"", "algorithm=SHA3", NULL};
    const char *too_long[] = {"realm=\"r\"", endless, NULL};
    const char *open_quote[] = {"realm=\"r", "nonce=\"1\"", NULL};
    assert_false(digest_challenge_parse(no_realm, &challenge));
    assert_false(digest_challenge_parse(no_nonce, &challenge));
    assert_false(digest_challenge_parse(new_hash, &challenge));
    assert_false(digest_challenge_parse(too_long, &challenge));
    assert_false(digest_challenge_parse(open_quote, &challenge));
    assert_false(digest_challenge_parse(NULL, &challenge));
}

/* What a parser makes of quotes that do not close, commas that are missing, and worse. */
static void hostile_challenges_are_refused_or_read_without_harm(void **state)
{
    (void)state;
    static const struct {
        const char *params[6];
        const char *realm, *nonce; /* NULL: refused */
    } cases[] = {
        {{"realm=\"r\" nonce=\"n\"", NULL}, NULL, NULL}, /* the second is no parameter */
        {{"realm=\"r\" nonce=\"n\"", "nonce=\"m\"", NULL}, "r", "m"},
        {{"realm=\"r\\", "nonce=\"n\"", NULL}, NULL, NULL},
        {{"realm=\"r\\\"", "nonce=\"n\"", NULL}, NULL, NULL},
        {{"realm=\"\\\\\\\"\"", "nonce=\"n\"", NULL}, "\\\"", "n"},
        {{"realm=", "nonce=", NULL}, "", ""},
        {{"realm", "nonce", NULL}, NULL, NULL},
        {{"=\"r\"", "", "realm = r", "\t nonce\t=\tn junk", NULL}, "r", "n"},
        {{"realm=\"r\"", "realm=\"s\"", "nonce=\"n\"", "nonce=\"m\"", NULL}, "r", "n"},
        {{"realmx=\"r\"", "xrealm=\"r\"", "nonce=\"n\"", NULL}, NULL, NULL},
        {{"realm=\"r\"", "nonce=\"n\"", "opaque=\"o", NULL}, NULL, NULL},
        {{"realm=\"r\"", "nonce=\"n\"", "algorithm=\"MD5", NULL}, NULL, NULL},
        {{"realm=\"r\"", "nonce=\"n\"", "algorithm=MD5,SHA-256", NULL}, NULL, NULL},
        {{"realm=\"\x01\r\n\xff\"", "nonce=\"n\"", NULL}, "\x01\r\n\xff", "n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct digest_challenge challenge;
        bool read = digest_challenge_parse(cases[i].params, &challenge);
        if (read != (cases[i].realm != NULL))
            fail_msg("case %zu", i);
        if (!read)
            continue;
        assert_string_equal(challenge.realm, cases[i].realm);
        assert_string_equal(challenge.nonce, cases[i].nonce);
        struct text out = {0};
        digest_answer(&challenge, &alice, &registration, 1, "c", &out);
        assert_null(strpbrk(out.data, "\r\n"));
        assert_non_null(split(out.data)[4]);
        text_fini(&out);
    }
}

static void a_parameter_of_64_kb_is_refused_and_one_that_just_fits_is_not(void **state)
{
    (void)state;
    static const char *const names[] = {"realm", "nonce", "opaque"};
    static const int room[] = {127, 255, 255};
    for (size_t i = 0; i < 3; i++) {
        for (int too_long = 0; too_long < 3; too_long++) {
            struct text value = {0};
            struct digest_challenge challenge;
            int length = too_long == 2 ? 65536 : room[i] + too_long;
            text_printf(&value, "%s=\"%0*d\"", names[i], length, 7);
            const char *params[] = {value.data, "realm=\"r\"", "nonce=\"n\"", NULL};
            assert_int_equal(digest_challenge_parse(params, &challenge), !too_long);
            text_fini(&value);
        }
    }
}

/* RFC 7616 3.3: unknown words of the list are ignored, what is left decides. */
static void the_qop_list_is_read_word_by_word(void **state)
{
    (void)state;
    static const struct {
        const char *param, *used; /* NULL: the answer has none */
    } cases[] = {{"qop=\"auth,auth-int\"", ", qop=auth, "},
                 {"qop=\"auth-int , auth\"", ", qop=auth, "},
                 {"qop=\",,AUTH-INT,\"", ", qop=auth-int, "},
                 {"qop=auth", ", qop=auth, "},
                 {"qop=\"auth-conf\"", NULL},
                 {"qop=\"authx, xauth\"", NULL},
                 {"qop=\"\"", NULL},
                 {"qop=\"auth", NULL},
                 {"x=\"y\"", NULL}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *params[] = {"realm=\"r\"", "nonce=\"n\"", cases[i].param, NULL};
        struct digest_challenge challenge;
        struct text out = {0};
        assert_true(digest_challenge_parse(params, &challenge));
        digest_answer(&challenge, &alice, &registration, 0x2b, "c", &out);
        if (cases[i].used) {
            assert_non_null(strstr(out.data, cases[i].used));
            assert_non_null(strstr(out.data, "nc=0000002b"));
        } else {
            assert_null(strstr(out.data, "qop="));
            assert_null(strstr(out.data, "cnonce="));
        }
        text_fini(&out);
    }
}

static void algorithm_names_are_found_in_any_case(void **state)
{
    (void)state;
    enum digest_algorithm algorithm = DIGEST_SHA_256;
    assert_true(digest_algorithm_find("", &algorithm));
    assert_int_equal(algorithm, DIGEST_MD5);
    for (size_t i = 0; i < DIGEST_ALGORITHMS; i++) {
        assert_true(
            digest_algorithm_find(digest_algorithm_name((enum digest_algorithm)i), &algorithm));
        assert_int_equal(algorithm, i);
    }
    assert_true(digest_algorithm_find("sha-512-256", &algorithm));
    assert_false(digest_algorithm_find("sha-512", &algorithm));
}

static enum digest_check check(const char *const *params, const char *password,
                               const struct digest_request *request, uint32_t *count)
{
    char nonce[128];
    enum digest_check result = digest_check(params, DIGEST_SHA_256, "example.com", "alice",
                                            password, request, nonce, sizeof nonce, count);
    if (result == DIGEST_OK)
        assert_string_equal(nonce, NONCE);
    return result;
}

static void the_server_accepts_what_the_client_answers(void **state)
{
    (void)state;
    struct digest_challenge challenge = challenge_of(DIGEST_SHA_256);
    for (int quality = 0; quality < 3; quality++) {
        challenge.qop = quality > 0;
        challenge.qop_auth = quality == 1;
        challenge.qop_auth_int = quality == 2;
        struct digest_request request = {"INVITE", "sip:bob@example.com", "v=0\r\n", 5};
        struct text out = {0};
        uint32_t count = 77;
        digest_answer(&challenge, &alice, &request, 0x1a, "c", &out);
        const char *const *params = split(out.data);
        assert_int_equal(check(params, "secret", &request, &count), DIGEST_OK);
        assert_int_equal(count, quality ? 0x1a : 0);
        assert_int_equal(check(params, "Secret", &request, &count), DIGEST_WRONG);
        request.method = "REGISTER";
        assert_int_equal(check(params, "secret", &request, &count), DIGEST_WRONG);
        request.method = "INVITE";
        request.body = "v=1\r\n";
        assert_int_equal(check(params, "secret", &request, &count),
                         quality == 2 ? DIGEST_WRONG : DIGEST_OK);
        request.uri = "sip:eve@example.com";
        assert_int_equal(check(params, "secret", &request, &count), DIGEST_WRONG);
        text_fini(&out);
    }
}

static void the_server_tells_missing_from_malformed_from_wrong(void **state)
{
    (void)state;
    uint32_t count;
    const char *none[] = {NULL};
    const char *half[] = {"username=\"alice\"", "realm=\"example.com\"", NULL};
    const char *bad_count[] = {"username=\"alice\"", "realm=\"example.com\"",
                               "nonce=\"n\"",        "uri=\"u\"",
                               "response=\"r\"",     "algorithm=SHA-256",
                               "qop=auth",           "cnonce=\"c\"",
                               "nc=0000000g",        NULL};
    const char *short_response[] = {
        "username=\"alice\"", "realm=\"example.com\"", "nonce=\"n\"", "uri=\"sip:example.com\"",
        "response=\"\"",      "algorithm=SHA-256",     NULL};
    const char *weaker[] = {"username=\"alice\"",      "realm=\"example.com\"", "nonce=\"n\"",
                            "uri=\"sip:example.com\"", "response=\"0\"",        NULL};
    assert_int_equal(check(NULL, "secret", &registration, &count), DIGEST_MISSING);
    assert_int_equal(check(none, "secret", &registration, &count), DIGEST_MISSING);
    assert_int_equal(check(half, "secret", &registration, &count), DIGEST_MALFORMED);
    assert_int_equal(check(bad_count, "secret", &registration, &count), DIGEST_MALFORMED);
    assert_int_equal(check(short_response, "secret", &registration, &count), DIGEST_WRONG);
    assert_int_equal(check(weaker, "secret", &registration, &count), DIGEST_WRONG);
}

SPECIFICATION(cmocka_unit_test(the_published_http_examples_come_out),
              cmocka_unit_test(without_qop_the_short_formula_is_used),
              cmocka_unit_test(qop_auth_counts_the_nonce_and_session_forms_bind_it),
              cmocka_unit_test(auth_int_covers_the_body),
              cmocka_unit_test(an_answer_has_the_form_of_the_standard),
              cmocka_unit_test(quotes_in_names_are_escaped_and_control_characters_never_leave),
              cmocka_unit_test(an_account_bound_to_another_realm_is_not_shown_to_this_one),
              cmocka_unit_test(a_challenge_is_read_whatever_its_case_and_order),
              cmocka_unit_test(a_challenge_that_cannot_be_answered_is_refused),
              cmocka_unit_test(hostile_challenges_are_refused_or_read_without_harm),
              cmocka_unit_test(a_parameter_of_64_kb_is_refused_and_one_that_just_fits_is_not),
              cmocka_unit_test(the_qop_list_is_read_word_by_word),
              cmocka_unit_test(algorithm_names_are_found_in_any_case),
              cmocka_unit_test(the_server_accepts_what_the_client_answers),
              cmocka_unit_test(the_server_tells_missing_from_malformed_from_wrong))

#include "support/specification.h"
#include "cmtest/message.h"

#include <stdlib.h>
#include <string.h>

/* In memory of its exact size, so that a byte too far is found. */
static void expect(const char *given, const char *masked)
{
    size_t length = strlen(given);
    char *bytes = malloc(length ? length : 1);
    assert_non_null(bytes);
    memcpy(bytes, given, length);
    message_mask(bytes, length);
    assert_int_equal(length, strlen(masked));
    assert_memory_equal(bytes, masked, length);
    free(bytes);
}

static void unchanged(const char *given)
{
    expect(given, given);
}

static void credentials_are_masked_behind_their_scheme(void **state)
{
    (void)state;
    expect("REGISTER sip:x SIP/2.0\r\nAuthorization: Digest username=\"a\",response=\"00\"\r\n\r\n",
           "REGISTER sip:x SIP/2.0\r\nAuthorization: Digest **************************\r\n\r\n");
    expect("A: b\r\nProxy-Authorization: Basic YWxhZGRpbg==\r\nC: d\r\n\r\n",
           "A: b\r\nProxy-Authorization: Basic ************\r\nC: d\r\n\r\n");
}

static void case_and_blanks_of_the_name_do_not_matter(void **state)
{
    (void)state;
    expect("AUTHORIZATION \t:digest a=1\r\n\r\n", "AUTHORIZATION \t:digest ***\r\n\r\n");
    expect("proxy-authorization:Bearer\tabc", "proxy-authorization:Bearer\t***");
}

static void folded_lines_are_masked_to_their_end(void **state)
{
    (void)state;
    expect("Authorization: Digest username=\"a\",\r\n response=\"secret\"\r\n\tnc=1\r\nTo: x\r\n",
           "Authorization: Digest *************\r\n *****************\r\n\t****\r\nTo: x\r\n");
    expect("Authorization:\r\n Digest abc\n def\nTo: x\n",
           "Authorization:\r\n Digest ***\n ***\nTo: x\n");
    expect("Authorization: Digest abc\r def\rTo: x\r", "Authorization: Digest ***\r ***\rTo: x\r");
}

static void every_one_of_several_is_masked(void **state)
{
    (void)state;
    expect(
        "Authorization: Digest a\r\nAuthorization: Digest b\r\nProxy-Authorization: Digest c\r\n",
        "Authorization: Digest *\r\nAuthorization: Digest *\r\nProxy-Authorization: Digest *\r\n");
}

static void what_is_no_known_scheme_is_masked_too(void **state)
{
    (void)state;
    expect("Authorization: topsecret\r\n", "Authorization: *********\r\n");
    expect("Authorization: Digestive a\r\n", "Authorization: ********* *\r\n");
    expect("Authorization:", "Authorization:");
}

static void the_keys_of_crypto_lines_are_masked(void **state)
{
    (void)state;
    expect("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1|2^20|1:4 FEC_ORDER=FEC_SRTP\r\n",
           "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:***********|2^20|1:4 FEC_ORDER=FEC_SRTP\r\n");
    expect("a=crypto:1 X inline:AAAA|1:4;inline:BBBB|2:4\r\na=crypto:2 Y inline:CC==\r\n",
           "a=crypto:1 X inline:****|1:4;inline:****|2:4\r\na=crypto:2 Y inline:****\r\n");
    expect("a=crypto:1 X nomethod\r\n", "a=crypto:1 X ********\r\n");
    unchanged("a=crypto:1\r\na=crypto:1 X\r\na=crypto\r\na=cryptography:1 X inline:a\r\n");
    expect("k=base64:abc\r\na=key-mgmt:mikey AQAF\r\n",
           "k=**********\r\na=key-mgmt:mikey ****\r\n");
}

static void a_message_inside_of_a_body_is_masked(void **state)
{
    (void)state;
    expect("NOTIFY sip:a SIP/2.0\r\n\r\nINVITE sip:b SIP/2.0\r\nAuthorization: Digest x\r\n\r\n",
           "NOTIFY sip:a SIP/2.0\r\n\r\nINVITE sip:b SIP/2.0\r\nAuthorization: Digest *\r\n\r\n");
}

static void everything_else_stays(void **state)
{
    (void)state;
    unchanged("");
    unchanged("\r");
    unchanged("\n \n");
    unchanged("WWW-Authenticate: Digest realm=\"a\", nonce=\"b\"\r\n"
              "Authentication-Info: rspauth=\"c\"\r\nSubject: Authorization: Digest\r\n"
              "X-Authorization: y\r\na=rtpmap:8 PCMA/8000\r\n");
}

static void zero_bytes_hide_nothing(void **state)
{
    (void)state;
    char given[] = "Authorization: Digest a\0bc\r\n\0d\r\nAuthorization: Digest e\r\n";
    message_mask(given, sizeof given - 1);
    assert_memory_equal(given, "Authorization: Digest ****\r\n\0d\r\nAuthorization: Digest *\r\n",
                        sizeof given - 1);
}

SPECIFICATION(cmocka_unit_test(credentials_are_masked_behind_their_scheme),
              cmocka_unit_test(case_and_blanks_of_the_name_do_not_matter),
              cmocka_unit_test(folded_lines_are_masked_to_their_end),
              cmocka_unit_test(every_one_of_several_is_masked),
              cmocka_unit_test(what_is_no_known_scheme_is_masked_too),
              cmocka_unit_test(the_keys_of_crypto_lines_are_masked),
              cmocka_unit_test(a_message_inside_of_a_body_is_masked),
              cmocka_unit_test(everything_else_stays), cmocka_unit_test(zero_bytes_hide_nothing))

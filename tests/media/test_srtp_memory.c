/* The memory of a session of libsrtp2. */
#include "support/specification.h"
#include "srtp_memory.h"
#include "srtp_types.h"
#include <string.h>
#include <srtp2/srtp.h>

static bool is_of(const struct srtp_memory *memory, const void *taken)
{
    uintptr_t at = (uintptr_t)taken, from = (uintptr_t)memory->bytes;
    return at >= from && at < from + sizeof memory->bytes;
}

static bool is_zero(const uint8_t *bytes, size_t size)
{
    size_t i = 0;
    while (i < size && !bytes[i])
        i++;
    return i == size;
}

static void pieces_lie_together_until_there_is_no_room(void **state)
{
    struct srtp_memory memory = {0};
    size_t count = 0;
    void *taken;
    (void)state;
    srtp_memory_begin(&memory);
    assert_null(srtp_memory_take(0));
    while (is_of(&memory, taken = srtp_memory_take(100))) {
        assert_true(is_zero(taken, 100));
        assert_int_equal((uintptr_t)taken % 16, 0);
        memset(taken, 0xff, 100);
        count++;
    }
    assert_int_equal(count, sizeof memory.bytes / 112);
    assert_true(is_zero(taken, 100));
    srtp_memory_give(taken, 100);
    srtp_memory_end();
    taken = srtp_memory_take(16);
    assert_false(is_of(&memory, taken));
    srtp_memory_give(taken, 16);
}

static void what_is_given_back_is_wiped_and_the_newest_is_used_again(void **state)
{
    struct srtp_memory memory = {0};
    (void)state;
    srtp_memory_begin(&memory);
    uint8_t *older = srtp_memory_take(20), *newest = srtp_memory_take(40);
    memset(older, 0xff, 20);
    memset(newest, 0xff, 40);
    srtp_memory_give(newest, 40);
    assert_ptr_equal(srtp_memory_take(33), newest);
    assert_true(is_zero(newest, 40));
    srtp_memory_give(older, 20);
    assert_true(is_zero(older, 20));
    assert_ptr_not_equal(srtp_memory_take(20), older);
    srtp_memory_give(NULL, 8);
    srtp_memory_end();
}

/* Where the linker finds ours, as on Debian; else it is slower and nothing else. */
static void the_library_takes_of_it(void **state)
{
    struct srtp_memory memory = {0};
    uint8_t key[30] = {0}, packet[64] = {0x80, 8, 0, 1, 0, 0, 0, 0, 0, 0, 0, 9};
    srtp_policy_t policy = {.ssrc.type = ssrc_any_outbound, .key = key, .window_size = 128};
    int length = 32;
    srtp_t session;
    (void)state;
    assert_true(srtp_types_start());
    srtp_crypto_policy_set_rtp_default(&policy.rtp);
    srtp_crypto_policy_set_rtcp_default(&policy.rtcp);
    srtp_memory_begin(&memory);
    assert_int_equal(srtp_create(&session, &policy), srtp_err_status_ok);
    assert_true(is_of(&memory, session));
    assert_int_equal(srtp_protect(session, packet, &length), srtp_err_status_ok);
    assert_in_range(memory.used, 1000, sizeof memory.bytes);
    assert_int_equal(srtp_dealloc(session), srtp_err_status_ok);
    srtp_memory_end();
}

SPECIFICATION(cmocka_unit_test(pieces_lie_together_until_there_is_no_room),
              cmocka_unit_test(what_is_given_back_is_wiped_and_the_newest_is_used_again),
              cmocka_unit_test(the_library_takes_of_it))

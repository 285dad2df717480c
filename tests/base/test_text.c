#include "support/specification.h"
#include "cmtest/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void grows_and_stays_terminated(void **state)
{
    (void)state;
    struct text text = {0};
    assert_string_equal(text_get(&text), "");
    for (int i = 0; i < 1000; i++)
        text_printf(&text, "%d,", i);
    assert_int_equal(strlen(text.data), text.length);
    assert_memory_equal(text.data, "0,1,2,", 6);
    text_clear(&text);
    assert_string_equal(text_get(&text), "");
    text_fini(&text);
}

static void what_is_put_into_its_room_is_there(void **state)
{
    (void)state;
    struct text text = {0};
    for (int i = 0; i < 1000; i++) {
        char *at = text_room(&text, 3);
        text_end(&text, (char *)memcpy(at, "abc", 3) + i % 4);
    }
    assert_int_equal(text.length, 1500);
    assert_int_equal(strlen(text.data), text.length);
    assert_memory_equal(text.data, "aababcaababc", 12);
    text_fini(&text);
}

static void copy_never_cuts_inside_a_character(void **state)
{
    (void)state;
    char out[4];
    text_copy(out, sizeof out, "abcdef");
    assert_string_equal(out, "abc");
    text_copy(out, sizeof out, "ab\xc3\xa9z");
    assert_string_equal(out, "ab");
    text_copy(out, sizeof out, "\xe2\x82\xac");
    assert_string_equal(out, "\xe2\x82\xac");
}

static void distance_counts_a_transposition_once(void **state)
{
    (void)state;
    assert_int_equal(text_distance("opsu", "opus"), 1);
    assert_int_equal(text_distance("pcma", "PCMA"), 0);
    assert_int_equal(text_distance("", "abc"), 3);
    assert_int_equal(text_distance("kitten", "sitting"), 3);
}

static void nearest_suggests_only_what_is_near(void **state)
{
    (void)state;
    static const char *const words[] = {"transport", "domain", "accounts"};
    assert_string_equal(text_nearest("transprt", words, 3), "transport");
    assert_null(text_nearest("zzz", words, 3));
    assert_null(text_nearest("a", words, 3));
}

static void utf8_rejects_what_rfc_3629_forbids(void **state)
{
    (void)state;
    assert_int_equal(text_utf8_length("a", 1), 1);
    assert_int_equal(text_utf8_length("\xc3\xa9", 2), 2);
    assert_int_equal(text_utf8_length("\xf0\x9f\x8e\x89", 4), 4);
    assert_int_equal(text_utf8_length("\xc0\x80", 2), 0);         /* overlong */
    assert_int_equal(text_utf8_length("\xed\xa0\x80", 3), 0);     /* surrogate */
    assert_int_equal(text_utf8_length("\xf4\x90\x80\x80", 4), 0); /* above U+10FFFF */
    assert_int_equal(text_utf8_length("\xe2\x82", 2), 0);         /* cut */
}

static void reading_refuses_what_is_not_a_file(void **state)
{
    (void)state;
    size_t length;
    const char *why;
    assert_null(text_read_file("/", 100, &length, &why));
    assert_string_equal(why, "it is a directory");
    assert_null(text_read_file("/dev/zero", 100, &length, &why));
    assert_string_equal(why, "it is not a regular file");
    assert_null(text_read_file("/no/such/file", 100, &length, &why));
    char folder[] = "/tmp/cmtest-text-XXXXXX", fifo[64];
    assert_non_null(mkdtemp(folder));
    snprintf(fifo, sizeof fifo, "%s/fifo", folder);
    assert_int_equal(mkfifo(fifo, 0600), 0);
    assert_null(text_read_file(fifo, 100, &length, &why));
    unlink(fifo);
    rmdir(folder);
}

static void writing_replaces_a_file_whole(void **state)
{
    (void)state;
    char path[] = "/tmp/cmtest-text-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    assert_true(text_write_file(path, "hello", 5));
    size_t length;
    const char *why;
    char *back = text_read_file(path, 100, &length, &why);
    assert_int_equal(length, 5);
    assert_string_equal(back, "hello");
    free(back);
    assert_null(text_read_file(path, 4, &length, &why));
    assert_string_equal(why, "it is too large");
    unlink(path);
    assert_false(text_write_file("/no/such/folder/file", "x", 1));
}

SPECIFICATION(cmocka_unit_test(grows_and_stays_terminated),
              cmocka_unit_test(what_is_put_into_its_room_is_there),
              cmocka_unit_test(copy_never_cuts_inside_a_character),
              cmocka_unit_test(distance_counts_a_transposition_once),
              cmocka_unit_test(nearest_suggests_only_what_is_near),
              cmocka_unit_test(utf8_rejects_what_rfc_3629_forbids),
              cmocka_unit_test(reading_refuses_what_is_not_a_file),
              cmocka_unit_test(writing_replaces_a_file_whole))

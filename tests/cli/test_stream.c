#include "support/specification.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "stream.h"

#define LINE "0123456789abcde\n"

static struct stream *open_pipe(int ends[2])
{
    static char where[16]; /* which the stream names to the end */
    assert_int_equal(pipe(ends), 0);
    snprintf(where, sizeof where, "fd:%d", ends[1]);
    return stream_open(where);
}

static void put(struct stream *stream, const char *line)
{
    struct text text = {0};
    text_add(&text, line);
    stream_put(stream, &text);
    assert_int_equal(text.length, 0);
    text_fini(&text);
}

static void lines_arrive_whole_and_in_order(void **state)
{
    (void)state;
    int ends[2];
    char got[64] = "";
    struct stream *stream = open_pipe(ends);
    put(stream, "one\n");
    put(stream, "two\n");
    stream_flush(stream);
    assert_int_equal(read(ends[0], got, sizeof got - 1), 8);
    assert_string_equal(got, "one\ntwo\n");
    assert_true(stream_close(stream));
    close(ends[0]);
    close(ends[1]);
}

static void a_reader_that_sleeps_costs_lines_and_no_time(void **state)
{
    (void)state;
    int ends[2];
    struct stream *stream = open_pipe(ends);
    size_t lines = 2 * STREAM_BYTES_MAX / strlen(LINE);
    for (size_t i = 0; i < lines; i++) {
        put(stream, LINE);
        if (i % 1000 == 0)
            stream_flush(stream);
    }
    assert_true(stream_lost(stream) > lines / 3);
    assert_true(stream_lost(stream) < lines);
    close(ends[0]);
    close(ends[1]);
    assert_false(stream_close(stream));
}

static void what_cannot_be_opened_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {"fd:", "fd:x", "fd:999", "fd:-1", "/nowhere/at/all"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_null(stream_open(wrong[i]));
}

SPECIFICATION(cmocka_unit_test(lines_arrive_whole_and_in_order),
              cmocka_unit_test(a_reader_that_sleeps_costs_lines_and_no_time),
              cmocka_unit_test(what_cannot_be_opened_is_refused))

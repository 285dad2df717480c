/*
 * golden: compares bytes with tests/report/golden/<name> (or GOLDEN_FOLDER/<name>).
 * UPDATE_GOLDEN=1 writes the file instead; look at the difference before it is committed.
 */
#ifndef CMTEST_GOLDEN_H
#define CMTEST_GOLDEN_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cmtest/text.h"

#ifndef GOLDEN_FOLDER
#define GOLDEN_FOLDER "golden"
#endif

static inline void assert_golden(const char *name, const char *bytes, size_t length)
{
    char path[512];
    size_t size = 0;
    const char *why = NULL;
    snprintf(path, sizeof(path), "%s/%s/%s", TEST_DATA, GOLDEN_FOLDER, name);
    if (getenv("UPDATE_GOLDEN")) {
        if (!text_write_file(path, bytes, length))
            fail_msg("cannot write %s", path);
        return;
    }
    char *wanted = text_read_file(path, 16 << 20, &size, &why);
    if (!wanted)
        fail_msg("%s: %s (UPDATE_GOLDEN=1 makes it)", path, why);
    size_t at = 0, line = 1;
    while (at < size && at < length && wanted[at] == bytes[at])
        line += wanted[at++] == '\n';
    bool same = at == size && at == length;
    if (!same)
        print_error("%s:%zu differs: wanted \"%.*s\", got \"%.*s\"\n", path, line,
                    (int)strcspn(wanted + at, "\n"), wanted + at, (int)strcspn(bytes + at, "\n"),
                    bytes + at);
    free(wanted);
    assert_true(same);
}

#endif

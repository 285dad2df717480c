/*
 * fuzz: what a target is. It may be called with any bytes, any number of times; what it must not do
 * is crash, hang, leak, or break what its file says always holds.
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* The name is libFuzzer's. 0: the input is of use; -1: keep it out of the corpus. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* What always holds, also in a build without assert(). */
#define ALWAYS(condition)                                                                  \
    do {                                                                                   \
        if (!(condition)) {                                                                \
            fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition); \
            abort();                                                                       \
        }                                                                                  \
    } while (0)

#endif

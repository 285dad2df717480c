/*
 * near: cmocka's assert_float_equal() compares floats; the figures here need doubles.
 */
#ifndef TESTS_MEDIA_NEAR_H
#define TESTS_MEDIA_NEAR_H

#include <math.h>
#include "support/specification.h"

#define assert_near(value, expected, tolerance) \
    near_check(#value, value, expected, tolerance, __FILE__, __LINE__)

static inline void near_check(const char *what, double value, double expected, double tolerance,
                              const char *file, int line)
{
    if (!(fabs(value - expected) <= tolerance)) {
        print_error("%s is %.9g, not %.9g within %g\n", what, value, expected, tolerance);
        _fail(file, line);
    }
}

#endif

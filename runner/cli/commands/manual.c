#include "cmtest/command.h"
#include "manual.h"

#include <stdio.h>

static int run(const struct options *options)
{
    (void)options;
    struct text out = {0};
    manual_write(&out);
    fputs(text_get(&out), stdout);
    text_fini(&out);
    return fflush(stdout) ? EXIT_ENVIRONMENT : EXIT_PASS;
}

/* For the build, which installs what it prints. */
const struct command command_manual = {
    .name = "manual",
    .purpose = PURPOSE_HIDDEN,
    .help = "print the manual page cmtest(1), for man -l",
    .run = run,
};

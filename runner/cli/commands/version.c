#include "cmtest/command.h"

#include <stdio.h>

static int run(const struct options *options)
{
    (void)options;
    puts("cmtest " CMTEST_VERSION);
    return EXIT_PASS;
}

const struct command command_version = {
    .name = "version",
    .purpose = PURPOSE_LOOK_UP,
    .help = "print the version",
    .run = run,
};

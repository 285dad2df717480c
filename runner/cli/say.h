/* say: prints what may hold words of the network, such that no CI system takes them for commands.
 */
#ifndef CMTEST_CLI_SAY_H
#define CMTEST_CLI_SAY_H

#include <stdio.h>

void say(FILE *to, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif

#include <malloc.h>
#include "cmtest/command.h"

/* The heap of a thread otherwise grows by a page and a system call at a time, which is one for each
 * SIP message of a load. This much is only address space until it is used. */
#define HEAP_STEP (64 * 1024 * 1024)

int main(int argc, char **argv)
{
    mallopt(M_TOP_PAD, HEAP_STEP);
    /* As it is by default, but for that mallopt() would freeze it. */
    mallopt(M_TRIM_THRESHOLD, HEAP_STEP);
    return cli_main(argc, argv);
}

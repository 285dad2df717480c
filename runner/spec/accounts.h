/* accounts: what holds for user names, and files of username:password lines. */
#ifndef CMTEST_SPEC_ACCOUNTS_H
#define CMTEST_SPEC_ACCOUNTS_H

#include "check.h"

#define ACCOUNT_FILE_BYTES_MAX (8 * 1024 * 1024)
/* Of all files of a spec: many registrars may name one large file. */
#define ACCOUNT_FILES_BYTES_MAX (4 * ACCOUNT_FILE_BYTES_MAX)

struct account_line {
    const char *username, *password;
    size_t line; /* index, from 0 */
};

struct account_file {
    struct account_line *accounts;
    size_t count;
    bool faulty; /* errors in it were reported */
};

/* Checks the user names of a list; reads the file that is named into item->accounts. */
void accounts_check(struct check *check, struct item *item);

#endif

/* A file of username:password lines, as a spec names it. */
#include "fuzz.h"

#include "cmtest/spec.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void look_at(const struct spec_accounts *accounts)
{
    for (unsigned i = 0; i < accounts->list_count; i++) {
        const struct spec_account *account = &accounts->list[i];
        ALWAYS(account->username && *account->username && strlen(account->username) <= 120);
        ALWAYS(account->password && *account->password && strlen(account->password) <= 256);
        ALWAYS(!strpbrk(account->username, " \t\r\n@:"));
        ALWAYS(!strpbrk(account->password, "\r\n"));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    int fd = memfd_create("accounts", MFD_CLOEXEC);
    ALWAYS(fd >= 0);
    ALWAYS(!length || write(fd, bytes, length) == (ssize_t)length);
    char text[256];
    int size = snprintf(text, sizeof text,
                        "cmtest: 1\nregistrars:\n  pbx: { domain: example.com, accounts: { file: "
                        "/proc/self/fd/%d } }\ngroups:\n  agents: { registrar: pbx, endpoints: 1 "
                        "}\nduration: 1s\n",
                        fd);
    struct diag *diag = diag_new();
    struct spec *spec = spec_parse("fuzz.yaml", text, (size_t)size, diag);
    ALWAYS(spec);
    if (!diag_errors(diag))
        look_at(&spec->registrars[0].accounts);
    struct text out = {0};
    diag_print(diag, &out, false);
    text_fini(&out);
    spec_free(spec);
    diag_free(diag);
    close(fd);
    return 0;
}

/* The parameters of a challenge or of credentials, one name=value a line. */
#include "fuzz.h"

#include "cmtest/arena.h"
#include "cmtest/digest.h"

#include <string.h>

#define PARAMETERS_MAX 64

static void answer(const char *const *params)
{
    static const struct digest_credentials credentials = {"1001", "not a secret", NULL};
    static const struct digest_request request = {"REGISTER", "sip:example.com", "body", 4};
    struct digest_challenge challenge;
    struct text out = {0};
    if (digest_challenge_parse(params, &challenge)) {
        digest_answer(&challenge, &credentials, &request, 1, "c0ffee", &out);
        ALWAYS(!strpbrk(text_get(&out), "\r\n"));
    }
    text_fini(&out);
}

static void check(const char *const *params)
{
    static const struct digest_request request = {"REGISTER", "sip:example.com", NULL, 0};
    char nonce[256];
    uint32_t count;
    for (int algorithm = 0; algorithm < DIGEST_ALGORITHMS; algorithm++)
        (void)digest_check(params, (enum digest_algorithm)algorithm, "example.com", "1001",
                           "not a secret", &request, nonce, sizeof nonce, &count);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct arena *arena = arena_new();
    char *text = arena_strndup(arena, (const char *)bytes, length), *rest = text, *line;
    const char *params[PARAMETERS_MAX + 1] = {NULL};
    for (size_t count = 0; count < PARAMETERS_MAX && (line = strsep(&rest, "\n"));)
        params[count++] = line;
    answer(params);
    check(params);
    arena_free(arena);
    return 0;
}

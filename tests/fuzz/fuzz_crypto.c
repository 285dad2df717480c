/* The values of a=crypto, a=fingerprint and a=setup. */
#include "fuzz.h"

#include "cmtest/crypto_line.h"

#include <string.h>

static void check_line(const char *value, size_t length)
{
    struct crypto_line line, again;
    struct text text = {0};
    const char *why = crypto_line_parse(value, length, &line);
    if (why)
        return;
    ALWAYS(line.secret.suite);
    crypto_line_write(&line, &text);
    ALWAYS(!crypto_line_parse(text.data, text.length, &again));
    ALWAYS(again.tag == line.tag && again.secret.suite == line.secret.suite);
    ALWAYS(memcmp(again.secret.bytes, line.secret.bytes, SUITE_SECRET_MAX) == 0);
    text_fini(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    const char *value = (const char *)bytes;
    struct fingerprint fingerprint, again;
    enum setup setup, answer;
    bool active;
    if (length == 0)
        return -1;
    check_line(value, length);
    if (!fingerprint_parse(value, length, true, &fingerprint)) {
        struct text text = {0};
        fingerprint_write(&fingerprint, &text);
        ALWAYS(!fingerprint_parse(text.data, text.length, true, &again));
        ALWAYS(fingerprint_equal(&fingerprint, &again));
        text_fini(&text);
    }
    if (setup_parse(value, length, &setup) && setup_answer(setup, SETUP_ACTIVE, &answer))
        ALWAYS(setup_active(answer, setup, &active));
    return 0;
}

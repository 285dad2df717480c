/* Datagrams for one end of a handshake: 1 byte (active or not, with its other end between them or
 * not), then each 2 bytes length and the datagram. */
#include "fuzz.h"

#include "cmtest/keying.h"

#include <string.h>

extern const struct keying keying_dtls;

#define ROOM 1500

static struct keying_state *open_end(const struct dtls_identity *identity, bool active)
{
    struct keying_config config = {.row = &keying_dtls,
                                   .identity = identity,
                                   .active = active,
                                   .fingerprint_count = 1,
                                   .fingerprints = {*dtls_identity_fingerprint(identity)}};
    return keying_new(&config, 0);
}

static void carry(struct keying_state *from, struct keying_state *to)
{
    uint8_t bytes[ROOM];
    unsigned channel = 0, count = 0;
    size_t length;
    while ((length = keying_output(from, &channel, bytes, sizeof bytes, 0)) > 0) {
        ALWAYS(length <= KEYING_DATAGRAM_MAX && packet_kind(bytes, length) == PACKET_DTLS);
        ALWAYS(++count < 1000);
        if (to)
            keying_input(to, channel, bytes, length, 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static struct dtls_identity *identity;
    if (length < 3)
        return -1;
    if (!identity)
        identity = dtls_identity_new(1700000000);
    ALWAYS(identity);
    bool active = bytes[0] & 1;
    struct keying_state *target = open_end(identity, active);
    struct keying_state *other = bytes[0] & 2 ? open_end(identity, !active) : NULL;
    bytes++;
    length--;
    while (length >= 2) {
        size_t size = (size_t)bytes[0] << 8 | bytes[1];
        bytes += 2;
        length -= 2;
        size = size < length ? size : length;
        uint8_t *exact = malloc(size ? size : 1);
        ALWAYS(exact);
        memcpy(exact, bytes, size);
        keying_input(target, 0, exact, size, 0);
        free(exact);
        carry(target, other);
        if (other)
            carry(other, target);
        bytes += size;
        length -= size;
    }
    ALWAYS(!keying_ready(target) || !keying_error(target));
    ALWAYS(other || !keying_ready(target));
    keying_free(target);
    keying_free(other);
    return 0;
}

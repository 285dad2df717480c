/* What is received is sent back: by the stream, payload by payload, so that whoever sends hears
 * what the network made of it. */
#include "cmtest/source.h"

extern const struct source source_echo;

const struct source source_echo = {
    .name = "echo",
    .help = "what is received is sent back",
};

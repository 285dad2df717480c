#include "word.h"
#include "cmtest/command.h"
#include "cmtest/text.h"

#include <stdio.h>

#define LISTED_MAX 12

int word_unknown(const char *thing, const char *word, const char *const *names, size_t count)
{
    const char *near = text_nearest(word, names, count);
    fprintf(stderr, "cmtest: there is no %s \"%s\"", thing, word);
    if (near)
        fprintf(stderr, "; did you mean \"%s\"?", near);
    if (count <= LISTED_MAX) {
        fputs("  (", stderr);
        for (size_t i = 0; i < count; i++)
            fprintf(stderr, "%s%s", i ? ", " : "", names[i]);
        fputs(")", stderr);
    }
    fputs("\n", stderr);
    return EXIT_USAGE;
}

/* Calls a target with every file of the folders on the command line, in heap memory of just its
 * size, so that AddressSanitizer sees the first byte read behind it. */
#include "fuzz.h"

#include "cmtest/arena.h"
#include "cmtest/text.h"

#include <dirent.h>
#include <string.h>

#define INPUT_BYTES_MAX (4 << 20)

static int is_input(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && entry->d_type != DT_DIR;
}

static int replay(const char *path)
{
    size_t length;
    const char *why;
    char *bytes = text_read_file(path, INPUT_BYTES_MAX, &length, &why);
    if (!bytes) {
        fprintf(stderr, "%s: %s\n", path, why);
        return 1;
    }
    uint8_t *exact = mem_alloc(length ? length : 1);
    memcpy(exact, bytes, length);
    free(bytes);
    /* The last line of the log names the input of a crash. */
    printf("%s\n", path);
    fflush(stdout);
    LLVMFuzzerTestOneInput(exact, length);
    free(exact);
    return 0;
}

int main(int argc, char **argv)
{
    int wrong = 0, inputs = 0;
    for (int i = 1; i < argc; i++) {
        struct dirent **entries;
        int count = scandir(argv[i], &entries, is_input, alphasort);
        for (int j = 0; j < count; j++) {
            struct text path = {0};
            text_printf(&path, "%s/%s", argv[i], entries[j]->d_name);
            wrong += replay(text_get(&path));
            inputs++;
            text_fini(&path);
            free(entries[j]);
        }
        if (count >= 0)
            free(entries);
    }
    printf("%d inputs\n", inputs);
    return wrong || !inputs;
}

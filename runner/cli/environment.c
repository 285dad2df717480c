/* The variables CMTEST_<NAME> and CMTEST_<COMMAND>_<NAME>. */
#include "cmtest/arena.h"
#include "option_set.h"

#include <stdio.h>
#include <string.h>

#define VARIABLES_MAX 1024
#define VARIABLE_BYTES 64
#define PREFIX "CMTEST_"
/* What the format dotenv tells later jobs. */
#define RESULTS PREFIX "RESULT_"

static bool set_list(struct option_layer *layer, size_t row, const char *value, struct text *why)
{
    option_clear(layer, row);
    for (const char *at = value; *at;) {
        size_t length = strcspn(at, ",");
        const char *item = arena_strndup(layer->options->arena, at, length);
        if (length && !option_set(layer, row, item, why))
            return false;
        at += length + (at[length] == ',');
    }
    return true;
}

static bool set_variable(struct option_layer *layer, size_t row, const char *variable,
                         const char *value)
{
    struct text why = {0};
    bool ok = layer->command->options[row].kind == OPTION_LIST
                  ? set_list(layer, row, value, &why)
                  : option_set(layer, row, value, &why);
    if (!ok)
        fprintf(stderr, "cmtest: the variable %s %s\n", variable, text_get(&why));
    text_fini(&why);
    return ok;
}

/* All that any command knows. */
static size_t known_variables(char names[][VARIABLE_BYTES], const char **list)
{
    size_t count = 0;
    snprintf(names[count++], VARIABLE_BYTES, "%s", PREFIX "CONFIG");
    for (size_t i = 0; commands[i]; i++)
        for (const struct option_row *row = commands[i]->options; row && row->name; row++)
            for (int own = 0; own < 2 && count < VARIABLES_MAX; own++)
                option_variable(own ? commands[i]->name : NULL, row->name, names[count++],
                                VARIABLE_BYTES);
    for (size_t i = 0; i < count; i++)
        list[i] = names[i];
    return count;
}

/* Only of what is nearly one of ours: specs and other programs have variables that begin so, too.
 */
static void warn_unknown(const char *const *environment)
{
    static const char *const others[] = {PREFIX "API_KEY", PREFIX "KEEP"};
    struct arena *arena = arena_new();
    char(*names)[VARIABLE_BYTES] = arena_array(arena, VARIABLES_MAX, VARIABLE_BYTES);
    const char **list = arena_array(arena, VARIABLES_MAX, sizeof *list);
    size_t count = known_variables(names, list);
    for (size_t i = 0; environment && environment[i]; i++) {
        char name[VARIABLE_BYTES];
        size_t length = strcspn(environment[i], "=");
        if (strncmp(environment[i], PREFIX, strlen(PREFIX)) != 0 || length >= sizeof name ||
            strncmp(environment[i], RESULTS, strlen(RESULTS)) == 0)
            continue;
        text_copy(name, length + 1, environment[i]);
        bool fine = false;
        for (size_t j = 0; j < count && !fine; j++)
            fine = strcmp(list[j], name) == 0;
        for (size_t j = 0; j < sizeof others / sizeof *others && !fine; j++)
            fine = strcmp(others[j], name) == 0;
        const char *near = fine ? NULL : text_nearest(name, list, count);
        /* CMTEST_LAB is somebody's own, and no CMTEST_TAG. */
        if (near && text_distance(name, near) <= 1 + (length - strlen(PREFIX)) / 6)
            fprintf(stderr, "cmtest: warning: the variable %s is not known; did you mean %s?\n",
                    name, near);
    }
    arena_free(arena);
}

bool options_preset(const struct command *command, const char *const *environment,
                    struct options *options)
{
    if (!option_config(command, environment, options))
        return false;
    struct option_layer layer = {.command = command, .options = options};
    warn_unknown(environment);
    for (size_t i = 0; command->options && command->options[i].name; i++) {
        char variable[VARIABLE_BYTES];
        const char *value = NULL;
        for (int own = 1; own >= 0 && !(value && *value); own--) {
            option_variable(own ? command->name : NULL, command->options[i].name, variable,
                            sizeof variable);
            value = option_getenv(environment, variable);
        }
        /* An empty one says nothing, for that is how a pipeline leaves one out. */
        if (value && *value && !set_variable(&layer, i, variable, value))
            return false;
    }
    return true;
}

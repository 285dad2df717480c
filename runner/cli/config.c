/* The config files: the user's own, and over it the project's. */
#include "cmtest/config.h"
#include "cmtest/arena.h"
#include "option_set.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define PROJECT_FILE ".cmtest.yaml"
#define NAMES_MAX 128

static bool exists(const char *path)
{
    return access(path, F_OK) == 0;
}

/* Upwards to the folder that holds the repository. Without a repository only here: what somebody
 * else put into /tmp is not ours. */
static const char *project_file(struct arena *arena)
{
    char folder[4096];
    const char *here = exists(PROJECT_FILE) ? PROJECT_FILE : NULL;
    if (here || !getcwd(folder, sizeof folder))
        return here;
    const char *found = NULL;
    while (folder[0]) {
        const char *path = arena_printf(arena, "%s/%s", folder, PROJECT_FILE);
        found = found ? found : exists(path) ? path : NULL;
        if (exists(arena_printf(arena, "%s/.git", folder)))
            return found;
        *strrchr(folder, '/') = '\0';
    }
    return NULL;
}

static const char *user_file(const char *const *environment, struct arena *arena)
{
    const char *base = option_getenv(environment, "XDG_CONFIG_HOME");
    const char *home = option_getenv(environment, "HOME");
    const char *path = base && base[0] == '/' ? arena_printf(arena, "%s/cmtest/config.yaml", base)
                       : home && home[0] == '/'
                           ? arena_printf(arena, "%s/.config/cmtest/config.yaml", home)
                           : NULL;
    return path && exists(path) ? path : NULL;
}

static const struct command *find_command(const char *name)
{
    for (size_t i = 0; commands[i]; i++)
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    return NULL;
}

static bool looks_secret(const char *key)
{
    static const char *const words[] = {"password", "secret", "token", "api-key", "api_key"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcasestr(key, words[i]))
            return true;
    return false;
}

/* Of one command, or of all. */
static bool is_option(const struct command *command, const char *key)
{
    for (size_t i = 0; commands[i]; i++)
        if ((!command || command == commands[i]) && option_find(commands[i], key) != SIZE_MAX)
            return true;
    return false;
}

static void unknown(struct diag *diag, const struct command *command, const char *key,
                    struct place place)
{
    const char *names[NAMES_MAX];
    size_t count = 0;
    char hint[160] = "`cmtest run --help` lists them";
    for (size_t i = 0; commands[i]; i++)
        for (const struct option_row *row = commands[i]->options; row && row->name; row++)
            if ((!command || command == commands[i]) && count < NAMES_MAX)
                names[count++] = row->name;
    const char *near = text_nearest(key, names, count);
    if (looks_secret(key))
        snprintf(hint, sizeof hint,
                 "secrets do not belong into this file: use a variable of the environment%s",
                 strcasestr(key, "key") ? ", or api-key-file, a file of its own" : "");
    else if (near)
        snprintf(hint, sizeof hint, "did you mean \"%s\"?", near);
    diag_add(diag, DIAG_ERROR, "unknown-key", place, hint, "there is no option \"%.40s\"", key);
}

static bool known(const struct config_entry *entry, struct diag *diag)
{
    const struct command *command = entry->section ? find_command(entry->section) : NULL;
    if (entry->section && !command) {
        diag_add(diag, DIAG_ERROR, "unknown-key", entry->section_place,
                 "a section is named like a command: run, plan, validate, ...",
                 "there is no command \"%.40s\"", entry->section);
        return false;
    }
    if (!is_option(command, entry->key)) {
        unknown(diag, command, entry->key, entry->place);
        return false;
    }
    return true;
}

static void take(struct option_layer *layer, const struct config_entry *entry, struct diag *diag)
{
    size_t index = option_find(layer->command, entry->key);
    struct text why = {0};
    if (index == SIZE_MAX)
        return; /* of another command */
    const struct option_row *row = &layer->command->options[index];
    if (row->kind == OPTION_CONSENT)
        diag_add(diag, DIAG_ERROR, "wrong-type", entry->place,
                 "give it on the command line, or as a variable of the environment",
                 "%s is for who runs it to say, not for a file", row->name);
    else if (entry->list && row->kind != OPTION_LIST)
        diag_add(diag, DIAG_ERROR, "wrong-type", entry->place, NULL, "%s has one value", row->name);
    else if (entry->list && !entry->count)
        option_clear(layer, index);
    else
        for (size_t i = 0; i < entry->count; i++)
            if (!option_set(layer, index, entry->items[i], &why))
                diag_add(diag, DIAG_ERROR, "wrong-type", entry->places[i], NULL, "%s %s", row->name,
                         text_get(&why));
    text_fini(&why);
}

static void take_file(const char *path, const struct command *command, struct options *options,
                      struct diag *diag)
{
    struct config config = config_load(path, options->arena, diag);
    /* What a section says goes over what stands at the top. */
    for (int own = 0; own < 2; own++) {
        struct option_layer layer = {.command = command, .options = options};
        for (size_t i = 0; i < config.count; i++) {
            const struct config_entry *entry = &config.entries[i];
            if ((entry->section != NULL) != own || !known(entry, diag))
                continue;
            if (!own || strcmp(entry->section, command->name) == 0)
                take(&layer, entry, diag);
        }
    }
}

bool option_config(const struct command *command, const char *const *environment,
                   struct options *options)
{
    const char *named = option_getenv(environment, "CMTEST_CONFIG");
    struct diag *diag = diag_new();
    const char *files[2] = {named && *named ? named : NULL};
    if (!named) {
        files[0] = user_file(environment, options->arena);
        files[1] = project_file(options->arena);
    }
    for (size_t i = 0; i < 2 && command->options; i++)
        if (files[i])
            take_file(files[i], command, options, diag);
    bool ok = diag_errors(diag) == 0;
    struct text out = {0};
    diag_print(diag, &out, terminal_color(STDERR_FILENO, options));
    fputs(text_get(&out), stderr);
    if (!ok)
        fputs("cmtest: the config file is not valid; nothing was done\n", stderr);
    text_fini(&out);
    diag_free(diag);
    return ok;
}

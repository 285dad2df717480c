#include "cmtest/kept.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "cmtest/journal.h"
#include "evidence.h"

#define FILE_BYTES_MAX (256l * 1024 * 1024)
#define FOLDER_BYTES_MAX 600

/* ---- reading ---------------------------------------------------------------------------- */

static json_t *load(const char *folder, const char *file)
{
    struct text path = {0};
    struct stat about;
    json_t *root = NULL;
    text_printf(&path, "%s/%s", folder, file);
    if (stat(text_get(&path), &about) == 0 && S_ISREG(about.st_mode) &&
        about.st_size < FILE_BYTES_MAX)
        root = json_load_file(text_get(&path), 0, NULL);
    text_fini(&path);
    return root;
}

static const char *get_text(const json_t *object, const char *key, struct arena *arena)
{
    const char *value = json_string_value(json_object_get(object, key));
    return value ? arena_strdup(arena, value) : NULL;
}

/* "a/b": no way out of the folder that it is below. */
static bool is_below(const char *folder)
{
    if (strlen(folder) > FOLDER_BYTES_MAX)
        return false;
    for (const char *at = folder; *at;) {
        size_t length = strcspn(at, "/");
        if (length == 0 || (at[0] == '.' && length <= 2 && (length == 1 || at[1] == '.')))
            return false;
        at += length;
        if (*at == '/' && !*++at)
            return false;
    }
    return true;
}

static void read_attempts(const json_t *object, struct arena *arena, struct kept_run *run)
{
    const json_t *tried = json_object_get(object, "tried");
    json_int_t attempts = json_integer_value(json_object_get(object, "attempts"));
    run->attempts = 1;
    if (attempts < 2 || attempts > KEPT_ATTEMPTS_MAX ||
        json_array_size(tried) != (size_t)attempts - 1)
        return;
    const char **lines = arena_array(arena, (size_t)attempts, sizeof(*lines));
    for (size_t i = 0; i + 1 < (size_t)attempts; i++) {
        const char *line = json_string_value(json_array_get(tried, i));
        lines[i] = arena_strdup(arena, line ? line : "");
    }
    run->attempts = (unsigned)attempts;
    run->tried = lines;
}

static bool read_runs(const json_t *list, struct arena *arena, struct kept *kept)
{
    size_t count = json_array_size(list);
    if (!json_is_array(list) || count > KEPT_RUNS_MAX)
        return false;
    kept->runs = arena_array(arena, count + 1, sizeof(*kept->runs));
    for (size_t i = 0; i < count; i++) {
        const json_t *each = json_array_get(list, i);
        struct kept_run *run = &kept->runs[i];
        *run = (struct kept_run){.folder = get_text(each, "folder", arena)};
        if (!run->folder || !is_below(run->folder))
            return false;
        run->folder = run->folder[0] ? run->folder : NULL;
        read_attempts(each, arena, run);
    }
    kept->run_count = count;
    return true;
}

static bool read_skipped(const json_t *list, struct arena *arena, struct kept *kept)
{
    size_t count = json_array_size(list);
    if (count > KEPT_RUNS_MAX)
        return false;
    kept->skipped = arena_array(arena, count + 1, sizeof(*kept->skipped));
    for (size_t i = 0; i < count; i++) {
        const json_t *each = json_array_get(list, i);
        const char *name = get_text(each, "name", arena), *why = get_text(each, "why", arena);
        kept->skipped[i] = (struct report_skip){.name = name ? name : "",
                                                .spec = get_text(each, "given", arena),
                                                .case_name = get_text(each, "case", arena),
                                                .why = why ? why : ""};
    }
    kept->skipped_count = count;
    return true;
}

bool kept_read(const char *folder, struct arena *arena, struct kept *kept, char *why,
               size_t why_size)
{
    struct text path = {0};
    *kept = (struct kept){0};
    why[0] = '\0';
    text_printf(&path, "%s/%s", folder, report_format_find("summary")->file);
    bool there = access(text_get(&path), F_OK) == 0;
    json_t *root = there ? load(folder, report_format_find("summary")->file) : NULL;
    const char *schema = json_string_value(json_object_get(root, "schema"));
    const char *end = json_string_value(json_object_get(root, "end"));
    for (int i = REPORT_COMPLETE; end && i <= REPORT_INTERRUPTED; i++)
        if (strcmp(end, report_end_name((enum report_end)i)) == 0)
            kept->end = (enum report_end)i;
    kept->fail_on_flaky = json_is_true(json_object_get(root, "fail_on_flaky"));
    bool ok = schema && strcmp(schema, "cmtest-summary/1") == 0 &&
              read_runs(json_object_get(root, "runs"), arena, kept) &&
              read_skipped(json_object_get(root, "skipped"), arena, kept);
    if (there && !ok)
        snprintf(why, why_size, "%s is no summary of this version of cmtest", text_get(&path));
    json_decref(root);
    text_fini(&path);
    return ok;
}

struct kept_run kept_read_run(const char *folder, struct arena *arena)
{
    struct kept_run run = {0};
    json_t *root = load(folder, report_format_find("json")->file);
    read_attempts(root, arena, &run);
    json_decref(root);
    return run;
}

/* ---- removing --------------------------------------------------------------------------- */

static void remove_files(const char *folder, bool single)
{
    struct text path = {0};
    for (size_t i = 0; report_formats[i]; i++) {
        if (!report_formats[i]->file || report_formats[i]->single != single)
            continue;
        text_clear(&path);
        text_printf(&path, "%s/%s", folder, report_formats[i]->file);
        unlink(text_get(&path));
    }
    if (single) {
        text_clear(&path);
        text_printf(&path, "%s/" JOURNAL_FILE, folder);
        unlink(text_get(&path));
        evidence_remove(folder);
    }
    text_fini(&path);
}

void kept_remove_attempts(const char *folder)
{
    struct text path = {0};
    for (unsigned i = 1; i < KEPT_ATTEMPTS_MAX; i++) {
        text_clear(&path);
        text_printf(&path, "%s/attempt-%u", folder, i);
        if (access(text_get(&path), F_OK) != 0)
            continue;
        remove_files(text_get(&path), true);
        rmdir(text_get(&path));
    }
    text_fini(&path);
}

void kept_remove(const char *folder)
{
    struct arena *arena = arena_new();
    struct text path = {0};
    struct kept kept;
    char why[768];
    bool found = kept_read(folder, arena, &kept, why, sizeof(why));
    for (size_t i = 0; found && i < kept.run_count; i++) {
        const char *below = kept.runs[i].folder;
        size_t top = strlen(folder);
        text_clear(&path);
        text_printf(&path, "%s%s%s", folder, below ? "/" : "", below ? below : "");
        kept_remove_attempts(text_get(&path));
        remove_files(text_get(&path), true);
        while (path.length > top && rmdir(text_get(&path)) == 0) {
            path.length = (size_t)(strrchr(path.data, '/') - path.data);
            path.data[path.length] = '\0';
        }
    }
    if (found)
        remove_files(folder, false);
    text_fini(&path);
    arena_free(arena);
}

#include "found.h"
#include "say.h"
#include "cmtest/arena.h"
#include "cmtest/kept.h"
#include "cmtest/rebuild.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define DEPTH_MAX 3 /* of a spec, and a case in it */

static bool exists(const char *path, bool folder)
{
    struct stat about;
    return stat(path, &about) == 0 && (!folder || S_ISDIR(about.st_mode));
}

static const char *join(const struct found *found, const char *folder, const char *below)
{
    return below ? arena_printf(found->arena, "%s/%s", folder, below) : folder;
}

static bool has_group(const struct roster *roster, const char *name)
{
    for (uint32_t i = 0; i < roster->group_count; i++)
        if (strcmp(roster->groups[i].name, name) == 0)
            return true;
    return false;
}

/* Groups are found by their names. */
static bool fits(const struct loaded *other, const struct roster *roster, const char *path)
{
    for (size_t i = 0; i < other->plan->threshold_count; i++) {
        const struct threshold *threshold = &other->plan->thresholds[i];
        if (!threshold->group || has_group(roster, threshold->group))
            continue;
        say(stderr,
            "cmtest: %s:%d: the threshold \"%s\" is of the group \"%s\", which %s has not. It "
            "has:",
            other->path, threshold->line, threshold->text, threshold->group, path);
        for (uint32_t g = 0; g < roster->group_count; g++)
            say(stderr, "%s \"%s\"", g ? "," : "", roster->groups[g].name);
        say(stderr, ". Name one of these, or leave the group out to judge all.\n");
        return false;
    }
    return true;
}

static struct result *judge(struct found *found, struct journal *journal, char *why, size_t size)
{
    if (!found->other)
        return result_rebuild(journal, found->arena, why, size);
    return result_rebuild_with(journal, found->other->plan->thresholds,
                               found->other->plan->threshold_count);
}

/* path: of a journal; folder: of the run, or NULL. */
static bool add_run(struct found *found, const char *path, const char *folder,
                    const struct kept_run *kept)
{
    char why[768] = "";
    size_t count = found->report.run_count;
    bool room = count < KEPT_RUNS_MAX;
    struct journal *journal = room ? journal_open(path, why, sizeof why) : NULL;
    if (journal && found->other && !fits(found->other, journal_head(journal)->roster, path)) {
        journal_free(journal);
        return false;
    }
    struct result *result = journal ? judge(found, journal, why, sizeof why) : NULL;
    if (!result) {
        say(stderr, "cmtest: %s%s%s\n", journal ? path : "", journal ? ": " : "",
            room ? why : "these are too many runs");
        journal_free(journal);
        return false;
    }
    if (count == found->capacity) {
        found->capacity = found->capacity ? 2 * found->capacity : 16;
        found->runs = realloc(found->runs, found->capacity * sizeof *found->runs);
        if (!found->runs)
            abort();
    }
    found->runs[count] = (struct report_run){.result = result,
                                             .journal = journal,
                                             .case_name = journal_head(journal)->case_name,
                                             .folder = folder,
                                             .attempts = kept->attempts,
                                             .tried = kept->tried};
    found->report.run_count++;
    return true;
}

static bool add_kept(struct found *found, const char *top, const struct kept *kept)
{
    bool ok = true;
    for (size_t i = 0; ok && i < kept->run_count; i++) {
        const char *folder = join(found, top, kept->runs[i].folder);
        ok =
            add_run(found, join(found, folder, JOURNAL_FILE), kept->runs[i].folder, &kept->runs[i]);
    }
    found->report.skipped = kept->skipped;
    found->report.skipped_count = kept->skipped_count;
    found->report.end = kept->end;
    found->report.fail_on_flaky = kept->fail_on_flaky;
    return ok;
}

/* below: NULL for the top. The attempts before the last are no runs of their own. */
static bool search(struct found *found, const char *top, const char *below, unsigned depth)
{
    const char *folder = join(found, top, below), *path = join(found, folder, JOURNAL_FILE);
    if (exists(path, false)) {
        struct kept_run kept = kept_read_run(folder, found->arena);
        return add_run(found, path, below, &kept);
    }
    struct dirent **entries = NULL;
    int count = depth < DEPTH_MAX ? scandir(folder, &entries, NULL, alphasort) : 0;
    bool ok = true;
    for (int i = 0; i < count; i++) {
        const char *name = entries[i]->d_name;
        const char *next = below ? arena_printf(found->arena, "%s/%s", below, name)
                                 : arena_strdup(found->arena, name);
        if (ok && name[0] != '.' && strncmp(name, "attempt-", 8) != 0 &&
            exists(join(found, top, next), true))
            ok = search(found, top, next, depth + 1);
        free(entries[i]);
    }
    free(entries);
    return ok;
}

static int by_start(const void *a, const void *b)
{
    int64_t x = ((const struct report_run *)a)->result->started_ns;
    int64_t y = ((const struct report_run *)b)->result->started_ns;
    return x < y ? -1 : x > y;
}

static bool add_folder(struct found *found, const char *folder)
{
    struct kept kept;
    char why[768];
    if (kept_read(folder, found->arena, &kept, why, sizeof why))
        return add_kept(found, folder, &kept);
    if (why[0])
        say(stderr, "cmtest: warning: %s; what is below the folder is reported\n", why);
    if (!search(found, folder, NULL, 0))
        return false;
    if (found->report.run_count)
        qsort(found->runs, found->report.run_count, sizeof *found->runs, by_start);
    else
        say(stderr,
            "cmtest: there is no " JOURNAL_FILE " in %s. It is what `cmtest run` keeps of a run in "
            "its output folder; is this the one?\n",
            folder);
    return found->report.run_count > 0;
}

struct found *found_read(const char *path, const struct loaded *other)
{
    struct found *found = mem_alloc(sizeof *found);
    struct kept_run alone = {.attempts = 1};
    found->arena = arena_new();
    found->other = other;
    bool folder = exists(path, true);
    found->report.folder = folder ? path : NULL;
    const char *slash = strrchr(path, '/');
    if (!folder && slash && slash > path)
        alone =
            kept_read_run(arena_strndup(found->arena, path, (size_t)(slash - path)), found->arena);
    bool ok = folder ? add_folder(found, path) : add_run(found, path, NULL, &alone);
    found->report.runs = found->runs;
    if (ok)
        return found;
    found_free(found);
    return NULL;
}

void found_free(struct found *found)
{
    if (!found)
        return;
    for (size_t i = 0; i < found->report.run_count; i++) {
        result_free((struct result *)found->runs[i].result);
        journal_free(found->runs[i].journal);
    }
    free(found->runs);
    arena_free(found->arena);
    free(found);
}

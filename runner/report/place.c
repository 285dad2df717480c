#include "place.h"

#include <string.h>
#include "words.h"

void report_locate(struct report *report, const char *directory, char *(*look_up)(const char *name))
{
    static const char *const roots[] = {"GITHUB_WORKSPACE", "CI_PROJECT_DIR",
                                        "BUILD_SOURCESDIRECTORY", "WORKSPACE"};
    report->directory = directory;
    report->root = NULL;
    for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]) && !report->root; i++) {
        const char *root = look_up(roots[i]);
        report->root = root && root[0] == '/' ? root : NULL;
    }
    const char *gitlab = look_up("GITLAB_CI");
    report->attach_below = gitlab && gitlab[0];
}

static void drop_last(struct text *path)
{
    while (path->length > 0 && path->data[--path->length] != '/')
        ;
    if (path->data)
        path->data[path->length] = '\0';
}

/* Without links: where a path leads is not looked up, a report is a function of its results. */
static void append(struct text *absolute, const char *path)
{
    while (*path) {
        size_t length = strcspn(path, "/");
        if (length == 2 && strncmp(path, "..", 2) == 0) {
            drop_last(absolute);
        } else if (length > 0 && !(length == 1 && path[0] == '.')) {
            text_add(absolute, "/");
            text_add_bytes(absolute, path, length);
        }
        path += length;
        path += strspn(path, "/");
    }
}

static void absolute(const struct report *report, const char *path, struct text *out)
{
    text_clear(out);
    append(out, path[0] == '/' ? "" : report->directory);
    append(out, path);
}

/* NULL when the path is not below the root. */
static const char *below_root(const struct report *report, const char *path, struct text *room)
{
    append(room, report->root ? report->root : report->directory);
    size_t length = room->length;
    bool below = length > 0 && strncmp(path, text_get(room), length) == 0 && path[length] == '/';
    return below ? path + length + 1 : NULL;
}

void place_spec(const struct report *report, const char *path, struct text *out)
{
    struct text whole = {0}, root = {0};
    const char *below = NULL;
    path = path ? path : "";
    if (report->directory && path[0]) {
        absolute(report, path, &whole);
        below = below_root(report, text_get(&whole), &root);
    }
    while (!below && strncmp(path, "./", 2) == 0)
        path += 2 + strspn(path + 2, "/");
    text_add(out, below ? below : path);
    text_fini(&whole);
    text_fini(&root);
}

void place_file(const struct report *report, const struct report_run *run, const char *file,
                struct text *out)
{
    if (report->folder)
        text_printf(out, "%s/", report->folder);
    if (run && run->folder && run->folder[0])
        text_printf(out, "%s/", run->folder);
    text_add(out, file);
}

void place_attach(const struct report *report, const struct report_run *run, const char *file,
                  struct text *out)
{
    struct text path = {0}, whole = {0}, root = {0}, clean = {0};
    if (!report->folder || !report->directory)
        return;
    place_file(report, run, file, &path);
    absolute(report, text_get(&path), &whole);
    const char *below = below_root(report, text_get(&whole), &root);
    const char *named = report->attach_below ? below : text_get(&whole);
    words_clean(&clean, named ? named : "", CLEAN_TERMINAL);
    if (named && !strpbrk(named, "[]|") && strcmp(named, text_get(&clean)) == 0)
        text_printf(out, "[[ATTACHMENT|%s]]\n", named);
    text_fini(&path);
    text_fini(&whole);
    text_fini(&root);
    text_fini(&clean);
}

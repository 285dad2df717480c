#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "cmtest/report.h"
#include "evidence.h"

bool report_make_folder(const char *folder, struct text *failed)
{
    struct text path = {0};
    bool ok = folder[0] != '\0';
    errno = ENOENT;
    for (const char *at = folder; ok && *at != '\0';) {
        size_t length = strcspn(at + 1, "/") + 1;
        text_add_bytes(&path, at, length);
        at += length;
        ok = mkdir(text_get(&path), 0777) == 0 || errno == EEXIST;
    }
    struct stat status;
    if (ok && stat(folder, &status) == 0 && !S_ISDIR(status.st_mode)) {
        errno = ENOTDIR;
        ok = false;
    }
    if (!ok) {
        int saved = errno;
        text_clear(failed);
        text_add(failed, folder);
        errno = saved;
    }
    text_fini(&path);
    return ok;
}

static bool write_whole(const struct report_format *format, const struct report *report,
                        const char *path)
{
    struct text bytes = {0};
    format->write(report, &bytes);
    bool ok = text_write_file(path, text_get(&bytes), bytes.length);
    int saved = errno;
    text_fini(&bytes);
    errno = saved;
    return ok;
}

/* By a temporary file beside it, as text_write_file() does. */
static bool write_stream(const struct report_format *format, const struct report *report,
                         const char *path)
{
    struct text temporary = {0};
    text_printf(&temporary, "%s.%d.tmp", path, (int)getpid());
    FILE *file = fopen(text_get(&temporary), "we");
    bool ok = file && report_format_write(format, report, file);
    int saved = errno;
    if (file && fclose(file) != 0 && ok) {
        saved = errno;
        ok = false;
    }
    if (ok && rename(text_get(&temporary), path) != 0) {
        saved = errno;
        ok = false;
    }
    if (file && !ok)
        unlink(text_get(&temporary));
    text_fini(&temporary);
    errno = saved;
    return ok;
}

static bool write_format(const struct report_format *format, const struct report *report,
                         const char *folder, struct text *failed)
{
    struct text path = {0};
    text_printf(&path, "%s/%s", folder, format->file);
    bool ok = format->stream ? write_stream(format, report, text_get(&path))
                             : write_whole(format, report, text_get(&path));
    int saved = errno;
    if (!ok) {
        text_clear(failed);
        text_add(failed, text_get(&path));
    }
    text_fini(&path);
    errno = saved;
    return ok;
}

/* The formats about one run, or those about all. */
static bool write_formats(const struct report *report, bool single, const char *folder,
                          struct text *failed)
{
    for (size_t i = 0; report_formats[i]; i++) {
        const struct report_format *format = report_formats[i];
        if (format->file && format->single == single &&
            !write_format(format, report, folder, failed))
            return false;
    }
    return true;
}

bool report_write_run(const struct report_run *run, const char *folder, struct text *failed)
{
    struct report report = {.runs = run, .run_count = 1, .folder = folder};
    return report_make_folder(folder, failed) && write_formats(&report, true, folder, failed) &&
           evidence_write(run->result, folder, failed);
}

bool report_write_top(const struct report *report, const char *folder, struct text *failed)
{
    return report_make_folder(folder, failed) && write_formats(report, false, folder, failed);
}

bool report_write_all(const struct report *report, const char *folder, struct text *failed)
{
    bool ok = true;
    for (size_t i = 0; ok && i < report->run_count; i++) {
        const struct report_run *run = &report->runs[i];
        struct text path = {0};
        text_add(&path, folder);
        if (run->folder)
            text_printf(&path, "/%s", run->folder);
        ok = report_write_run(run, text_get(&path), failed);
        text_fini(&path);
    }
    /* What is about all of them is there even when a part of one could not be written. */
    int saved = errno;
    struct text other = {0};
    bool top = report_write_top(report, folder, ok ? failed : &other);
    text_fini(&other);
    errno = ok ? errno : saved;
    return ok && top;
}

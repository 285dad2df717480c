#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include "cmtest/report.h"
#include "evidence.h"

static bool make_folder(const char *folder, struct text *failed)
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

static bool write_format(const struct report_format *format, const struct report *report,
                         const char *folder, struct text *failed)
{
    struct text bytes = {0}, path = {0};
    format->write(report, &bytes);
    text_printf(&path, "%s/%s", folder, format->file);
    bool ok = text_write_file(text_get(&path), text_get(&bytes), bytes.length);
    int saved = errno;
    if (!ok) {
        text_clear(failed);
        text_add(failed, text_get(&path));
    }
    text_fini(&path);
    text_fini(&bytes);
    errno = saved;
    return ok;
}

static bool write_formats(const struct report *report, bool single, const char *folder,
                          struct text *failed)
{
    for (size_t i = 0; report_formats[i]; i++)
        if (report_formats[i]->file && report_formats[i]->single == single &&
            !write_format(report_formats[i], report, folder, failed))
            return false;
    return true;
}

static struct report only(const struct report *report, size_t index)
{
    struct report one = *report;
    one.runs = &report->runs[index];
    one.run_count = 1;
    return one;
}

static bool write_run(const struct report *report, size_t index, bool evidence, const char *folder,
                      struct text *failed)
{
    const struct report one = only(report, index);
    const char *below = one.runs->folder;
    struct text path = {0};
    text_add(&path, folder);
    if (below && below[0])
        text_printf(&path, "/%s", below);
    bool ok = evidence ? evidence_write(one.runs->result, text_get(&path), failed)
                       : make_folder(text_get(&path), failed) &&
                             write_formats(&one, true, text_get(&path), failed);
    int saved = errno;
    text_fini(&path);
    errno = saved;
    return ok;
}

bool report_write_all(const struct report *report, const char *folder, struct text *failed)
{
    if (!make_folder(folder, failed))
        return false;
    for (size_t i = 0; i < report->run_count; i++)
        if (!write_run(report, i, false, folder, failed))
            return false;
    if (!write_formats(report, false, folder, failed))
        return false;
    for (size_t i = 0; i < report->run_count; i++)
        if (!write_run(report, i, true, folder, failed))
            return false;
    return true;
}

void report_format_write(const struct report_format *format, const struct report *report,
                         struct text *out)
{
    if (!format->single) {
        format->write(report, out);
        return;
    }
    for (size_t i = 0; i < report->run_count; i++) {
        const struct report one = only(report, i);
        format->write(&one, out);
    }
}

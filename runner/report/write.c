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

bool report_write_all(const struct report *report, const char *folder, struct text *failed)
{
    if (!make_folder(folder, failed))
        return false;
    for (size_t i = 0; report_formats[i]; i++)
        if (report_formats[i]->file && !write_format(report_formats[i], report, folder, failed))
            return false;
    return evidence_write(report->runs[0].result, folder, failed);
}

#include "cmtest/recorder.h"
#include <errno.h>
#include <fcntl.h>
#include <sndfile.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "cmtest/arena.h"

#define NAME_MAX_BYTES 100
#define FOLDER_MODE 0777
/* People's voices are nobody else's business. */
#define FILE_MODE 0600

struct recorder {
    struct recorder_budget *budget;
    char *folder, *path;
    uint32_t sample_rate;
    SNDFILE *file;
    uint64_t samples;
    bool ended;
    struct text why;
};

static bool is_safe(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
}

static char *make_path(const char *folder, const char *name)
{
    struct text path = {0};
    char safe[NAME_MAX_BYTES + 1];
    size_t length = 0;

    for (; length < NAME_MAX_BYTES && name[length] != '\0'; length++)
        safe[length] = is_safe(name[length]) ? name[length] : '-';
    safe[length] = '\0';
    text_printf(&path, "%s/%s%s.wav", folder, safe[0] == '.' || length == 0 ? "_" : "", safe);
    char *whole = mem_strdup(text_get(&path));
    text_fini(&path);
    return whole;
}

struct recorder *recorder_new(const char *folder, const char *name, uint32_t sample_rate,
                              struct recorder_budget *budget)
{
    struct recorder *recorder = mem_alloc(sizeof *recorder);

    recorder->budget = budget;
    recorder->folder = mem_strdup(folder);
    recorder->path = make_path(folder, name);
    recorder->sample_rate = sample_rate;
    return recorder;
}

static bool end(struct recorder *recorder, const char *what)
{
    text_printf(&recorder->why, "%s: %s", recorder->path, what);
    recorder->ended = true;
    return false;
}

static bool open_file(struct recorder *recorder)
{
    SF_INFO info = {.samplerate = (int)recorder->sample_rate,
                    .channels = 1,
                    .format = SF_FORMAT_WAV | SF_FORMAT_PCM_16};
    struct stat status;

    if (mkdir(recorder->folder, FOLDER_MODE) < 0 && errno != EEXIST)
        return end(recorder, strerror(errno));
    /* Not truncated before it is known to be a file; and a pipe must not hold us up. */
    int fd =
        open(recorder->path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, FILE_MODE);
    if (fd < 0)
        return end(recorder, strerror(errno));
    if (fstat(fd, &status) < 0 || !S_ISREG(status.st_mode) || ftruncate(fd, 0) < 0) {
        close(fd);
        return end(recorder, "it is there already and is no file that can be written anew");
    }
    recorder->file = sf_open_fd(fd, SFM_WRITE, &info, SF_TRUE);
    if (!recorder->file)
        return end(recorder, sf_strerror(NULL));
    return true;
}

bool recorder_write(struct recorder *recorder, const int16_t *samples, size_t count)
{
    uint64_t bytes = (uint64_t)count * sizeof *samples;

    if (recorder->ended)
        return false;
    if (count == 0)
        return true;
    if (bytes > recorder->budget->bytes)
        return end(recorder, "the budget of all recordings is used up, so it ends early");
    if (!recorder->file && !open_file(recorder))
        return false;
    recorder->budget->bytes -= bytes;
    if (sf_write_short(recorder->file, samples, (sf_count_t)count) != (sf_count_t)count)
        return end(recorder, sf_strerror(recorder->file));
    recorder->samples += count;
    return true;
}

const char *recorder_why(const struct recorder *recorder)
{
    return recorder->ended ? text_get(&recorder->why) : NULL;
}

void recorder_end(struct recorder *recorder, const char *why)
{
    if (!recorder->ended)
        (void)end(recorder, why);
}

int64_t recorder_duration_ns(const struct recorder *recorder)
{
    return (int64_t)(recorder->samples * UINT64_C(1000000000) / recorder->sample_rate);
}

const char *recorder_path(const struct recorder *recorder)
{
    return recorder->path;
}

void recorder_free(struct recorder *recorder)
{
    if (!recorder)
        return;
    if (recorder->file)
        sf_close(recorder->file);
    text_fini(&recorder->why);
    free(recorder->folder);
    free(recorder->path);
    free(recorder);
}

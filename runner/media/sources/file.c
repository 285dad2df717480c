/* An audio file that libsndfile reads: WAV, FLAC, Ogg, MP3. Channels are mixed into one. */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <samplerate.h>
#include <sndfile.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "cmtest/source.h"

#define CHANNELS_MAX 16
#define RATE_MIN 1000
#define RATE_MAX 384000
/* Frames that are read at once, and room for what a resampler makes of them at most. */
#define CHUNK 4096
#define FRAMES_PER_SECOND 50

struct loading {
    const char *path;
    SNDFILE *file;
    SF_INFO info;
    SRC_STATE *resampler;
    double ratio;
    uint32_t rate;
    int16_t *samples;
    size_t count, capacity;
    float read[CHUNK * CHANNELS_MAX];
    float mono[CHUNK], made[CHUNK];
};

static bool open_file(struct loading *loading, struct text *why)
{
    struct stat status;
    /* A pipe without a writer must not hold us up. */
    int fd = open(loading->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

    if (fd < 0) {
        text_printf(why, "%s cannot be opened: %s", loading->path, strerror(errno));
        return false;
    }
    if (fstat(fd, &status) < 0 || !S_ISREG(status.st_mode)) {
        text_printf(why, "%s is not a regular file", loading->path);
        close(fd);
        return false;
    }
    loading->file = sf_open_fd(fd, SFM_READ, &loading->info, SF_TRUE);
    if (!loading->file) {
        text_printf(why, "%s is not audio that can be read: %s", loading->path, sf_strerror(NULL));
        return false;
    }
    if (loading->info.channels < 1 || loading->info.channels > CHANNELS_MAX ||
        loading->info.samplerate < RATE_MIN || loading->info.samplerate > RATE_MAX) {
        text_printf(why, "%s has %d channels and %d samples per second, which is not read",
                    loading->path, loading->info.channels, loading->info.samplerate);
        return false;
    }
    return true;
}

static bool too_long(const struct loading *loading, struct text *why)
{
    text_printf(why, "%s is longer than %d minutes", loading->path, SOURCE_SECONDS_MAX / 60);
    return false;
}

static bool append(struct loading *loading, const float *from, size_t count, struct text *why)
{
    if (loading->count + count > (size_t)SOURCE_SECONDS_MAX * loading->rate)
        return too_long(loading, why);
    if (loading->count + count > loading->capacity) {
        loading->capacity = 2 * (loading->count + count);
        loading->samples = mem_grow(loading->samples, loading->capacity, sizeof *loading->samples);
    }
    for (size_t i = 0; i < count; i++) {
        /* A file of floating point may hold anything. */
        float value = isfinite(from[i]) ? from[i] * 32767 : 0;
        value = value > 32767 ? 32767 : value < -32768 ? -32768 : value;
        loading->samples[loading->count++] = (int16_t)lrintf(value);
    }
    return true;
}

static bool resample(struct loading *loading, size_t count, bool last, struct text *why)
{
    SRC_DATA data = {.data_in = loading->mono,
                     .input_frames = (long)count,
                     .data_out = loading->made,
                     .output_frames = CHUNK,
                     .end_of_input = last,
                     .src_ratio = loading->ratio};

    do {
        int error = src_process(loading->resampler, &data);
        if (error) {
            text_printf(why, "%s cannot be resampled: %s", loading->path, src_strerror(error));
            return false;
        }
        if (!append(loading, loading->made, (size_t)data.output_frames_gen, why))
            return false;
        data.input_frames -= data.input_frames_used;
        /* With nothing left it must not point to the end, where the output begins. */
        if (data.input_frames > 0)
            data.data_in += data.input_frames_used;
    } while (data.input_frames > 0 || data.output_frames_gen == CHUNK);
    return true;
}

/* Reads one chunk. *last: there is no other. */
static bool load_chunk(struct loading *loading, bool *last, struct text *why)
{
    int channels = loading->info.channels;
    sf_count_t got = sf_readf_float(loading->file, loading->read, CHUNK);

    *last = got <= 0;
    for (sf_count_t i = 0; i < got; i++) {
        float sum = 0;
        for (int k = 0; k < channels; k++)
            sum += loading->read[i * channels + k];
        loading->mono[i] = isfinite(sum) ? sum / (float)channels : 0;
    }
    if (loading->resampler)
        return resample(loading, got > 0 ? (size_t)got : 0, *last, why);
    return append(loading, loading->mono, got > 0 ? (size_t)got : 0, why);
}

static bool load(struct loading *loading, struct text *why)
{
    bool last = false;
    int error;

    if (!open_file(loading, why))
        return false;
    loading->ratio = (double)loading->rate / loading->info.samplerate;
    if ((uint32_t)loading->info.samplerate != loading->rate) {
        loading->resampler = src_new(SRC_SINC_MEDIUM_QUALITY, 1, &error);
        if (!loading->resampler)
            abort();
    }
    while (!last) {
        if (!load_chunk(loading, &last, why))
            return false;
    }
    if (loading->count == 0) {
        text_printf(why, "%s has no samples", loading->path);
        return false;
    }
    return true;
}

/* Silence up to a whole number of frames. */
static void fill_up(struct loading *loading)
{
    size_t frame = loading->rate / FRAMES_PER_SECOND;
    size_t whole = (loading->count + frame - 1) / frame * frame;

    loading->samples = mem_grow(loading->samples, whole, sizeof *loading->samples);
    memset(loading->samples + loading->count, 0,
           (whole - loading->count) * sizeof *loading->samples);
    loading->count = whole;
}

static int16_t *render(const struct audio *audio, uint32_t rate, size_t *count, struct text *why)
{
    struct loading *loading = mem_alloc(sizeof *loading);
    int16_t *samples = NULL;

    loading->path = audio->path;
    loading->rate = rate;
    if (load(loading, why)) {
        fill_up(loading);
        samples = loading->samples;
        *count = loading->count;
    } else {
        free(loading->samples);
    }
    if (loading->file)
        sf_close(loading->file);
    if (loading->resampler)
        src_delete(loading->resampler);
    free(loading);
    return samples;
}

static bool check(const struct audio *audio, struct text *why)
{
    struct loading *loading = mem_alloc(sizeof *loading);

    loading->path = audio->path;
    bool good = open_file(loading, why);
    /* Some formats only tell their length when they are read. */
    sf_count_t frames = loading->info.frames;
    if (good && frames != SF_COUNT_MAX && frames / loading->info.samplerate > SOURCE_SECONDS_MAX)
        good = too_long(loading, why);
    if (loading->file)
        sf_close(loading->file);
    free(loading);
    return good;
}

const struct source source_file = {
    .name = "file",
    .help = "a wav, flac, ogg or mp3 file, from its beginning and over again",
    .check = check,
    .render = render,
};

/* What is sent: tones, files, and frames made of them. */
#include "support/specification.h"
#include <sndfile.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "cmtest/source.h"
#include "media/tone.h"

extern const struct codec codec_pcma, codec_pcmu, codec_g722;
extern const struct source source_silence, source_echo;

#define PATH_SIZE 64

/* libsndfile 1.2.0 loses this of a broken Vorbis header. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:vorbis_info_init";
}

static void a_tone_is_a_whole_number_of_frames_and_periods(void **state)
{
    const uint32_t rates[] = {8000, 16000, 48000}, frequencies[] = {50, 333, 440, 997, 3600};

    (void)state;
    for (size_t i = 0; i < 15; i++) {
        struct audio audio = audio_usual;
        struct text why = {0};
        uint32_t rate = rates[i / 5];
        size_t count = 0;
        audio.frequency_hz = frequencies[i % 5];
        int16_t *samples = source_tone.render(&audio, rate, &count, &why);
        assert_int_equal(count % (rate / 50), 0);
        assert_int_equal(count * audio.frequency_hz % rate, 0);
        struct heard heard = heard_in(samples, count, rate, audio.frequency_hz);
        assert_true(fabs(heard.frequency_hz - audio.frequency_hz) < 0.1);
        assert_true(heard.purity > 0.999);
        free(samples);
    }
}

static void a_tone_is_as_loud_as_was_said(void **state)
{
    (void)state;
    for (int level = -60; level <= SOURCE_LEVEL_MAX_DBM0; level++) {
        struct audio audio = audio_usual;
        struct text why = {0};
        size_t count = 0;
        audio.level_dbm0 = level;
        int16_t *samples = source_tone.render(&audio, 8000, &count, &why);
        struct heard heard = heard_in(samples, count, 8000, 440);
        assert_true(fabs(heard.level_dbm0 - level) < 0.1);
        free(samples);
    }
}

static void a_tone_that_does_not_fit_is_refused_by_a_sentence(void **state)
{
    struct audio audio = audio_usual;
    struct text why = {0};
    size_t count;

    (void)state;
    audio.frequency_hz = 3601;
    assert_null(source_tone.render(&audio, 8000, &count, &why));
    assert_string_equal(text_get(&why),
                        "a tone of 3601 Hz does not fit into 8000 samples per second");
    text_fini(&why);
}

static void sources_are_found_by_their_name(void **state)
{
    (void)state;
    assert_string_equal(source_find("tone")->name, "tone");
    assert_null(source_find("tune"));
    assert_null(source_echo.render);
}

/* ---- files -------------------------------------------------------------------------------- */

/* A new path with the ending. */
static void name_file(char path[PATH_SIZE], const char *ending)
{
    snprintf(path, PATH_SIZE, "/tmp/cmtest-source-XXXXXX%s", ending);
    int fd = mkstemps(path, (int)strlen(ending));
    assert_true(fd >= 0);
    close(fd);
}

/* seconds of a tone in the first channel at -15 dBm0; the others are as loud and in phase. */
static void write_file(const char *path, int format, int rate, int channels, double seconds)
{
    SF_INFO info = {.samplerate = rate, .channels = channels, .format = format};
    SNDFILE *file = sf_open(path, SFM_WRITE, &info);
    double amplitude = pow(10, (-15 - 3.14) / 20);

    assert_non_null(file);
    sf_count_t count = (sf_count_t)(seconds * rate);
    float *frames = calloc((size_t)count * (size_t)channels + 1, sizeof *frames);
    for (sf_count_t i = 0; i < count * channels; i++)
        frames[i] = (float)(amplitude * sin(2 * M_PI * 700 * (double)(i / channels) / rate));
    assert_int_equal(sf_writef_float(file, frames, count), count);
    free(frames);
    sf_close(file);
}

static void check_file(const char *ending, int format, int rate, int channels)
{
    char path[PATH_SIZE];
    struct text why = {0};
    size_t count = 0;

    name_file(path, ending);
    write_file(path, format, rate, channels, 1.5);
    struct audio audio = {.source = &source_file, .path = path};
    if (!source_file.check(&audio, &why))
        fail_msg("%s", text_get(&why));
    int16_t *samples = source_file.render(&audio, 16000, &count, &why);
    if (!samples)
        fail_msg("%s", text_get(&why));
    assert_int_equal(count % 320, 0);
    assert_in_range(count, 16000 * 3 / 2 - 320, 16000 * 3 / 2 + 1600);
    struct heard heard = heard_in(samples + 4000, 16000, 16000, 700);
    if (fabs(heard.frequency_hz - 700) > 1 || fabs(heard.level_dbm0 + 15) > 0.5)
        fail_msg("%s %d: %f Hz, %f dBm0", ending, rate, heard.frequency_hz, heard.level_dbm0);
    free(samples);
    unlink(path);
}

static void files_of_every_kind_and_rate_are_read(void **state)
{
    (void)state;
    check_file(".wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 8000, 1);
    check_file(".wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 16000, 2);
    check_file(".wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT, 44100, 2);
    check_file(".wav", SF_FORMAT_WAV | SF_FORMAT_ULAW, 48000, 6);
    check_file(".flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_24, 48000, 2);
    check_file(".ogg", SF_FORMAT_OGG | SF_FORMAT_VORBIS, 44100, 1);
    check_file(".mp3", SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III, 44100, 2);
}

static const char *refusal(const char *path, struct text *why)
{
    struct audio audio = {.source = &source_file, .path = path};
    size_t count;

    text_clear(why);
    int16_t *samples = source_file.render(&audio, 8000, &count, why);
    assert_null(samples);
    assert_true(why->length > 0);
    return text_get(why);
}

static void put_bytes(const char *path, const void *bytes, size_t length)
{
    assert_true(text_write_file(path, bytes, length));
}

static void what_is_no_audio_is_refused_by_a_sentence(void **state)
{
    char path[PATH_SIZE];
    struct text why = {0};

    (void)state;
    assert_non_null(strstr(refusal("/nonexistent.wav", &why), "/nonexistent.wav cannot be opened"));
    assert_string_equal(refusal("/tmp", &why), "/tmp is not a regular file");
    name_file(path, ".wav");
    assert_non_null(strstr(refusal(path, &why), "is not audio that can be read"));
    put_bytes(path, "RIFF\xff\xff\xff\xffWAVEfmt ", 16);
    refusal(path, &why);
    put_bytes(path, "Hello, world, this is no audio.", 31);
    assert_non_null(strstr(refusal(path, &why), "is not audio that can be read"));
    write_file(path, SF_FORMAT_WAV | SF_FORMAT_PCM_16, 8000, 1, 0);
    assert_non_null(strstr(refusal(path, &why), "has no samples"));
    unlink(path);
    text_fini(&why);
}

static void a_file_that_is_too_long_is_refused(void **state)
{
    char path[PATH_SIZE];
    struct text why = {0};
    struct audio audio = {.source = &source_file, .path = path};

    (void)state;
    name_file(path, ".wav");
    write_file(path, SF_FORMAT_WAV | SF_FORMAT_PCM_U8, 1000, 1, SOURCE_SECONDS_MAX + 2);
    assert_false(source_file.check(&audio, &why));
    assert_non_null(strstr(text_get(&why), "is longer than 10 minutes"));
    assert_non_null(strstr(refusal(path, &why), "is longer than 10 minutes"));
    unlink(path);
    text_fini(&why);
}

static void broken_files_do_no_harm(void **state)
{
    char path[PATH_SIZE];
    const char *why_read;
    size_t length;
    uint32_t seed = 7;
    const int formats[] = {SF_FORMAT_WAV | SF_FORMAT_PCM_16, SF_FORMAT_FLAC | SF_FORMAT_PCM_16,
                           SF_FORMAT_OGG | SF_FORMAT_VORBIS};

    (void)state;
    name_file(path, ".any");
    for (size_t i = 0; i < 3; i++) {
        write_file(path, formats[i], 8000, 1, 0.2);
        char *bytes = text_read_file(path, 1 << 20, &length, &why_read);
        char *broken = malloc(length);
        for (unsigned round = 0; round < 40; round++) {
            struct audio audio = {.source = &source_file, .path = path};
            struct text why = {0};
            size_t count, cut = round % 5 ? length : length * (round % 8) / 8;
            memcpy(broken, bytes, length);
            for (unsigned k = 0; k < 4; k++) {
                seed = seed * 1664525 + 1013904223;
                broken[(seed >> 8) % (k < 2 ? 64 : length)] = (char)(seed >> 16);
            }
            put_bytes(path, broken, cut);
            int16_t *samples = source_file.render(&audio, 16000, &count, &why);
            assert_true(samples || why.length > 0);
            free(samples);
            text_fini(&why);
        }
        free(broken);
        free(bytes);
    }
    unlink(path);
}

/* ---- frames ------------------------------------------------------------------------------- */

static void check_frames(const struct codec *codec, uint32_t ptime_ms)
{
    struct arena *arena = arena_new();
    struct codec_params params = {.ptime_ms = ptime_ms};
    struct text why = {0};
    const struct frames *frames = frames_new(arena, &audio_usual, codec, &params, &why);
    size_t loop = 0;
    int16_t *samples = source_tone.render(&audio_usual, codec->sample_rate, &loop, &why);
    uint32_t length = frames->offsets[frames->count];

    assert_ptr_equal(frames->codec, codec);
    assert_int_equal(frames->params.ptime_ms, ptime_ms);
    assert_int_equal(frames->timestamp_step, 8 * ptime_ms);
    assert_int_equal(length, 8 * ptime_ms * frames->count);
    /* From the last frame back to the first the audio must join. */
    assert_int_equal(length % loop, 0);
    for (size_t i = 0; i < length; i++) {
        uint8_t byte;
        codec->encode(NULL, &samples[i % loop], 1, &byte, 1);
        assert_int_equal(frames->bytes[i], byte);
    }
    free(samples);
    arena_free(arena);
}

static void frames_hold_the_whole_loop_encoded_once(void **state)
{
    (void)state;
    check_frames(&codec_pcmu, 20);
    check_frames(&codec_pcma, 20);
}

static void frames_of_any_packet_time_join_without_a_click(void **state)
{
    (void)state;
    for (uint32_t ptime_ms = 10; ptime_ms <= 120; ptime_ms++)
        check_frames(&codec_pcma, ptime_ms);
}

static void a_long_file_is_encoded_once_and_not_repeated(void **state)
{
    char path[PATH_SIZE];
    struct arena *arena = arena_new();
    struct audio audio = {.source = &source_file, .path = path};
    struct codec_params params = {.ptime_ms = 70};
    struct text why = {0};

    (void)state;
    name_file(path, ".wav");
    write_file(path, SF_FORMAT_WAV | SF_FORMAT_PCM_16, 8000, 1, 15);
    const struct frames *frames = frames_new(arena, &audio, &codec_g722, &params, &why);
    assert_int_equal(frames->count, 15000 / 70);
    unlink(path);
    arena_free(arena);
}

static void a_source_that_cannot_be_had_makes_no_frames(void **state)
{
    struct arena *arena = arena_new();
    struct audio audio = {.source = &source_file, .path = "/nonexistent.wav"};
    struct codec_params params = {.ptime_ms = 20};
    struct text why = {0};

    (void)state;
    assert_null(frames_new(arena, &audio, &codec_pcma, &params, &why));
    assert_string_equal(text_get(&why),
                        "/nonexistent.wav cannot be opened: No such file or directory");
    text_fini(&why);
    arena_free(arena);
}

SPECIFICATION(cmocka_unit_test(a_tone_is_a_whole_number_of_frames_and_periods),
              cmocka_unit_test(a_tone_is_as_loud_as_was_said),
              cmocka_unit_test(a_tone_that_does_not_fit_is_refused_by_a_sentence),
              cmocka_unit_test(sources_are_found_by_their_name),
              cmocka_unit_test(files_of_every_kind_and_rate_are_read),
              cmocka_unit_test(what_is_no_audio_is_refused_by_a_sentence),
              cmocka_unit_test(a_file_that_is_too_long_is_refused),
              cmocka_unit_test(broken_files_do_no_harm),
              cmocka_unit_test(frames_hold_the_whole_loop_encoded_once),
              cmocka_unit_test(frames_of_any_packet_time_join_without_a_click),
              cmocka_unit_test(a_long_file_is_encoded_once_and_not_repeated),
              cmocka_unit_test(a_source_that_cannot_be_had_makes_no_frames))

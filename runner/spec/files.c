/* Files that a spec names: there, readable, and of the right kind by their first bytes. */
#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOOK_BYTES 4096

/* First bytes of the file into bytes; NULL, or why there are none. */
static const char *look(const char *path, char *bytes, size_t *length, const char **code)
{
    struct stat status;
    /* A pipe without a writer must not hold us up. */
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    *code = errno == ENOENT || errno == ENOTDIR ? "missing-file" : "unreadable-file";
    if (fd < 0)
        return strerror(errno);
    const char *why = NULL;
    ssize_t got = -1;
    *code = "unreadable-file";
    if (fstat(fd, &status) < 0 || !S_ISREG(status.st_mode))
        why = "it is not a regular file";
    else if ((got = read(fd, bytes, LOOK_BYTES)) < 0)
        why = strerror(errno);
    else if (got == 0)
        why = "it is empty";
    close(fd);
    *length = got > 0 ? (size_t)got : 0;
    return why;
}

static bool begins(const char *bytes, size_t length, size_t at, const char *magic)
{
    return length >= at + strlen(magic) && memcmp(bytes + at, magic, strlen(magic)) == 0;
}

static bool is_audio(const char *bytes, size_t length)
{
    bool wave = begins(bytes, length, 0, "RIFF") && begins(bytes, length, 8, "WAVE");
    /* MPEG audio: eleven set bits; or its tags. */
    bool mpeg = begins(bytes, length, 0, "ID3") ||
                (length > 1 && (unsigned char)bytes[0] == 0xff && (bytes[1] & 0xe0) == 0xe0);
    return wave || mpeg || begins(bytes, length, 0, "fLaC") || begins(bytes, length, 0, "OggS");
}

void check_named_file(struct check *check, const struct field *field, struct item *item)
{
    char bytes[LOOK_BYTES];
    size_t length = 0;
    const char *code;
    struct document *document = check->document;
    const char *path = document_resolve(document, item->value.span, item->value.node->text);
    const char *why = look(path, bytes, &length, &code);
    if (why)
        check_error(check, item, code, "the path is relative to the folder of the spec",
                    "%.200s: %s", path, why);
    else if (field->file == FILE_AUDIO && !is_audio(bytes, length))
        check_error(check, item, "not-audio", "wav, flac, ogg or mp3",
                    "%.200s does not begin as an audio file does", path);
    else if (field->file == FILE_PEM && !memmem(bytes, length, "-----BEGIN ", 11))
        check_error(check, item, "not-pem", "a text with -----BEGIN ... in it",
                    "%.200s does not look like a PEM file", path);
    explicit_bzero(bytes, sizeof bytes);
}

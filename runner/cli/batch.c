#include "batch.h"
#include "cases.h"
#include "cmtest/random.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_BYTES_MAX 100

/* "tests/Hold it.yaml" is "Hold_it". */
static const char *spec_word(const char *path, struct arena *arena)
{
    static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                               "0123456789_.,=+-";
    const char *base = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
    const char *end = strrchr(base, '.');
    size_t length = end && end != base ? (size_t)(end - base) : strlen(base);
    char *word = arena_strndup(arena, base, length < NAME_BYTES_MAX ? length : NAME_BYTES_MAX);
    for (char *at = word + strspn(word, safe); *at; at += strspn(at, safe))
        *at = '_';
    return word[0] == '.' || !*word || strcmp(word, "-") == 0 ? "spec" : word;
}

/* Where two specs would share a folder, each has something of its path behind its name, so that
 * it keeps its folder whatever else runs. */
static const char *spec_folder(const struct batch *batch, size_t index)
{
    const char *word = spec_word(batch->paths.items[index], batch->arena);
    for (size_t i = 0; i < batch->spec_count; i++)
        if (i != index && strcmp(spec_word(batch->paths.items[i], batch->arena), word) == 0)
            return arena_printf(batch->arena, "%s-%08llx", word,
                                (unsigned long long)select_seed(0, batch->paths.items[index], "") &
                                    0xffffffff);
    return word;
}

static struct batch_case new_case(struct batch *batch, size_t spec, size_t index)
{
    struct loaded *loaded = &batch->specs[spec];
    const struct spec *one = loaded->cases[index].spec;
    const char *folder = batch->spec_count > 1 ? spec_folder(batch, spec) : NULL;
    const char *name = loaded->case_count > 1 ? one->case_name : NULL;
    const char *word = case_word(name, index, batch->arena);
    return (struct batch_case){
        .spec = loaded,
        .index = index,
        .name = one->name ? one->name : loaded->path,
        .case_name = one->case_name,
        .folder = folder && word ? arena_printf(batch->arena, "%s/%s", folder, word)
                  : folder       ? folder
                                 : word,
        .label = batch->spec_count > 1 && name
                     ? arena_printf(batch->arena, "%s [%s]", loaded->path, name)
                 : batch->spec_count > 1 ? loaded->path
                                         : name,
    };
}

/* ---- which run ------------------------------------------------------------------------------ */

static void collect(struct batch *batch, struct select_case *words)
{
    size_t count = 0;
    for (size_t i = 0; i < batch->spec_count; i++)
        for (size_t j = 0; j < batch->specs[i].case_count; j++, count++) {
            const struct loaded_case *one = &batch->specs[i].cases[j];
            batch->cases[count] = new_case(batch, i, j);
            words[count] = (struct select_case){
                .name = one->spec->name,
                .case_name = one->spec->case_name,
                .spec = batch->specs[i].path,
                .tags = (const char *const *)one->spec->tags,
                .tag_count = one->spec->tags_count,
                .weight = one->planned_ns + 1,
            };
        }
}

static void tell_none(const struct batch *batch, const struct options *options, size_t before)
{
    if (before)
        fprintf(stderr,
                "cmtest: no case is left for shard %s: there are only %zu to share; nothing was "
                "run, which is no pass\n",
                options->shard, before);
    else
        fprintf(stderr,
                "cmtest: none of the %zu case%s fits --tag, --skip-tag and --filter; nothing was "
                "run, which is no pass\n",
                batch->all_count, batch->all_count == 1 ? "" : "s");
}

static int choose(struct batch *batch, const struct options *options, const struct shard *shard)
{
    struct select_case *words = mem_array(batch->all_count, sizeof *words);
    batch->cases = mem_array(batch->all_count, sizeof *batch->cases);
    collect(batch, words);
    select_by_words(words, batch->all_count, &options->tags, &options->skip_tags,
                    &options->filters);
    size_t before = select_count(words, batch->all_count);
    if (shard->of)
        select_by_shard(words, batch->all_count, shard);
    for (size_t i = 0; i < batch->all_count; i++)
        if (words[i].chosen)
            batch->cases[batch->case_count++] = batch->cases[i];
    free(words);
    if (!batch->case_count)
        tell_none(batch, options, before);
    return batch->case_count ? 0 : EXIT_USAGE;
}

/* Each has its own, so that none of them repeats the random choices of another one. */
static void give_seeds(struct batch *batch)
{
    for (size_t i = 0; i < batch->case_count; i++) {
        const struct batch_case *each = &batch->cases[i];
        struct loaded_case *one = &each->spec->cases[each->index];
        uint64_t seed = batch->case_count == 1
                            ? batch->seed
                            : select_seed(batch->seed, each->spec->path, each->case_name);
        if (seed != one->seed)
            load_drop(each->spec, each->index);
        one->seed = seed;
    }
}

/* ---- reading -------------------------------------------------------------------------------- */

static bool options_fit(const struct options *options, struct shard *shard)
{
    struct text why = {0};
    bool good = select_filters_valid(&options->filters, &why);
    if (!good)
        fprintf(stderr, "cmtest: %s\n", text_get(&why));
    text_fini(&why);
    if (options->shard && !select_shard_parse(options->shard, shard)) {
        fprintf(stderr, "cmtest: --shard wants a part and how many there are, as 2/5, not \"%s\"\n",
                options->shard);
        good = false;
    }
    return good;
}

/* All of them, so that all errors are seen at once. */
static int load_specs(struct batch *batch, const struct options *options)
{
    struct options own = *options;
    size_t bad = 0;
    own.seed = batch->seed;
    own.seed_given = true;
    batch->specs = mem_array(batch->paths.count, sizeof *batch->specs);
    for (size_t i = 0; i < batch->paths.count; i++) {
        int code = load(&own, batch->paths.items[i], true, &batch->specs[i]);
        batch->spec_count++;
        bad += code != 0;
        if (!code)
            batch->all_count += batch->specs[i].case_count;
    }
    if (bad && batch->spec_count > 1)
        fprintf(stderr, "cmtest: %zu of %zu specs are not valid; none was run\n", bad,
                batch->spec_count);
    return bad ? EXIT_SPEC : 0;
}

int batch_load(const struct options *options, struct batch *batch)
{
    struct shard shard = {0};
    *batch = (struct batch){.arena = arena_new()};
    batch->seed = options->seed_given ? options->seed : random_seed() >> 11;
    if (!options_fit(options, &shard))
        return EXIT_USAGE;
    if (!paths_find(options->arguments, options->argument_count, batch->arena, &batch->paths))
        return EXIT_SPEC;
    int code = load_specs(batch, options);
    if (!code)
        code = choose(batch, options, &shard);
    if (!code)
        give_seeds(batch);
    return code;
}

void batch_free(struct batch *batch)
{
    for (size_t i = 0; i < batch->spec_count; i++)
        load_free(&batch->specs[i]);
    free(batch->specs);
    free(batch->cases);
    arena_free(batch->arena);
}

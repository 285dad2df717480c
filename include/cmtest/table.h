/*
 * table: the one convention that a contributor must learn. A plural folder is a table: one .c per
 * row, which defines `const struct <noun> <noun>_<id>`, and a table.def of ROW(id) lines, which the
 * C array and CMake both read. The folder's array is defined in <folder>.c beside the folder:
 *
 *   #define ROW(id) extern const struct codec codec_##id;
 *   #include "codecs/table.def"
 *   #undef ROW
 *   #define ROW(id) &codec_##id,
 *   const struct codec *const codecs[] = {
 *   #include "codecs/table.def"
 *       NULL};
 *   #undef ROW
 */
#ifndef CMTEST_TABLE_H
#define CMTEST_TABLE_H
#endif

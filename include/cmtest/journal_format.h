/*
 * journal_format: the bytes of a journal (series.cmts), version 1. All that is needed to write
 * another reader is said here; the names of readings and their units are in readings.def.
 *
 * Numbers are little endian. `varint`: 7 bits a byte, lowest first, bit 7 set but in the last, at
 * most 10 bytes. `zigzag`: a signed number n as varint of (n << 1) ^ (n >> 63). `text`: varint of
 * the length in bytes plus 1, then the bytes, without NUL; 0 is no text at all (NULL). `real`: the
 * 8 bytes of a double.
 *
 *   file   := "cmtest journal 1\n" block*
 *   block  := packed (u32) plain (u32) frame
 *   frame  := `packed` bytes: one zstd frame with checksum, of `plain` bytes when unpacked:
 *             kind (1 byte) number (varint: of the block, from 0) and what follows below
 *
 * So the checksum is about all of a block: the frame fills its sizes exactly or it is damaged. The
 * first block is the head ('H'), then there are pieces ('P'), and the last is the end ('E'). A
 * file without an end was cut off; what stands before is good. A block is at most
 * JOURNAL_BLOCK_MAX bytes, packed or plain, and not packed better than JOURNAL_RATIO_MAX to 1.
 *
 *   head   := version(text) case(text) seed(varint) started_ns(zigzag)
 *             name(text) spec(text) planned_calls(varint)
 *             groups(varint) { name registrar server target codecs expected(texts)
 *                              first(varint) count(varint)
 *                              steps(varint) { name action trigger expected(texts) line(zigzag) } }
 *             endpoints(varint) { group index partner+1 role(varints) account target(texts) }
 *             thresholds(varint) { text group(texts) min_samples(varint) min_coverage(real)
 *                                  flags(varint: 1 warn, 2 implicit) line(zigzag) }
 *             readings(varint) { name(text) } then { digits(varint) } of each
 *             kinds(varint) { name(text) fields(varint) { name(text) type(varint: enum field_type)
 *                             words(varint) { word(text) } } }
 *             scales(varint) { name(text) }
 *
 * partner+1 is 0 for none. `kinds` are those of events, by number; their fields stand in an event
 * in this order. Everything is found by its name, so the numbers may differ between versions.
 *
 *   piece  := count(varint: of entries) table table entry*
 *   entry  := 0 (varint): the next row of the send table
 *           | 1 (varint): the next row of the receive table
 *           | 2 + kind (varint) at(zigzag) endpoint+1(varint) field*
 *
 * `at` is the UTC time in ns less that of the entry of this type before (first: less started_ns).
 * endpoint+1 is 0 for none. A field is a varint (boolean, unsigned, enumeration, character), a
 * zigzag (signed and times; the lowest int64 is an absent time), a real
 * (REAL), or a text (TEXT, BYTES).
 *
 * A table holds seconds of streams of one direction, at most one of each endpoint:
 *
 *   table  := rows(varint) and, unless that is 0, six columns and one per reading of the head
 *     endpoint   zigzag: less that of the row before (first: as it is)
 *     at         zigzag: ns less that of the row before (first: less started_ns)
 *     second     zigzag: less that of the same endpoint's last row (first: as it is)
 *     length_ms  zigzag: less 1000
 *     flags      varint: 1 agreed, 2 provisional
 *     scale      varint: of scales
 *     reading    form(1 byte) ...
 *
 * form: its lower 4 bits are 0 nothing is known, 1 all are known, 2 some are: a bit per row,
 * lowest first, follows. Its upper 4 bits tell how the known values follow, as planes: the lowest
 * bytes of all, then their second bytes, ...
 *     0..8  so many planes of integers: zigzag of k less the k before, value = k / 10^digits of the
 *           reading. The k before is that of the same reading in the last row of this endpoint and
 *           direction; 0 when there is none, or it was not known there, or written as form 15.
 *           Form 0: all are as they were.
 *     15    8 planes: the bits of reals
 * Readings are rounded to their digits where they are made (event.h), so they are integers; what is
 * not comes as reals. Values are exact to the last bit.
 */
#ifndef CMTEST_JOURNAL_FORMAT_H
#define CMTEST_JOURNAL_FORMAT_H

#define JOURNAL_MAGIC "cmtest journal 1\n"
#define JOURNAL_BLOCK_MAX (32u * 1024 * 1024)
#define JOURNAL_RATIO_MAX 4096
#define JOURNAL_ROWS_MAX 512                     /* of one table: what a processor keeps near */
#define JOURNAL_ENDPOINTS_MAX 100000             /* as the plan */
#define JOURNAL_HISTORY_MAX (320u * 1024 * 1024) /* of last values, in memory */
#define JOURNAL_READINGS_MAX 512
#define JOURNAL_DIGITS_MAX 9
#define JOURNAL_FORM_RAW 15

#endif

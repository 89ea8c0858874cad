/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Encodes one thread's records into blocks of the .ltrace format, version 1, as
 * docs/trace-format.md specifies it byte by byte. Each block is complete in itself: its predictors
 * begin at zero.
 *
 * One writer belongs to one thread; others may use it only while that thread is stopped.
 */
#ifndef LEGOSIM_BLOCK_WRITER_H
#define LEGOSIM_BLOCK_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
  BLOCK_ACCESSES = 262144,
  BLOCK_SITES = 16384,
  BLOCK_ENTRIES = 262144,
  BLOCK_BYTES = 4194304,
  CONTEXTS = 65536
};

enum access_kind { ACCESS_FETCH = 0, ACCESS_LOAD = 1, ACCESS_STORE = 2, ACCESS_ATOMIC = 3 };

enum entry_kind {
  ENTRY_SYSCALL_ENTER = 0,
  ENTRY_SYSCALL_RETURN = 1,
  ENTRY_SIGNAL = 2,
  ENTRY_EXEC = 3,
  ENTRY_EXIT = 4,
  ENTRY_MARK = 5,
  ENTRY_ATOMIC = 6,
  ENTRY_ORDER = 7
};

enum block_kind { BLOCK_RECORDS = 1, BLOCK_PROCESS = 2, BLOCK_IMAGE = 3 };

/* A growing run of bytes. Streams are given their greatest size at once; pages nobody writes cost
 * nothing. */
struct stream {
  uint8_t *bytes;
  size_t used;
};

/* What one instruction contributes to the sites of its accesses. Equal triples have equal numbers.
 * */
struct static_site {
  uint64_t instruction_address;
  uint32_t number;
  uint16_t address_registers;
  int8_t defined_register; /* -1 for none */
};

struct access {
  const struct static_site *site;
  uint64_t address;
  uint64_t sequence; /* of an atomic */
  uint32_t instructions;
  uint8_t kind;
  uint8_t bytes;
};

struct thread_id {
  uint32_t pid;
  uint32_t tid;
  uint32_t image;
};

/* The parts of the block header that differ between kinds. */
struct block_header {
  enum block_kind kind;
  struct thread_id id;
  uint32_t number;
  bool is_last;
  uint32_t accesses;
  uint32_t entries;
  uint32_t sites;
  uint64_t first_sequence;
  uint64_t start_ns;
  const struct stream *streams; /* one, or five for BLOCK_RECORDS */
};

struct site_state {
  uint64_t last;
  uint64_t stride;
  uint32_t instructions;
};

enum stream_name { STREAM_TOK, STREAM_SITE, STREAM_ADDR, STREAM_IC, STREAM_EVT, STREAM_COUNT };

struct block_writer {
  struct thread_id id;
  uint32_t number;
  uint32_t accesses;
  uint32_t accesses_allowed; /* BLOCK_ACCESSES, or what is left of the capture's limit */
  uint32_t entries;
  uint32_t site_count;
  uint32_t run;
  uint32_t site_before;  /* p1 of the specification */
  uint32_t site_before2; /* p2 */
  uint32_t accesses_at_entry;
  uint64_t previous_address;
  uint64_t last_instruction_address;
  uint64_t first_sequence;
  uint64_t last_sequence;
  uint64_t start_ns;
  struct stream streams[STREAM_COUNT];
  uint64_t site_key[BLOCK_SITES];
  struct site_state site[BLOCK_SITES];
  uint16_t context[CONTEXTS];
  uint16_t slot[CONTEXTS]; /* hash table from key to site number + 1 */
};

/* Fresh memory, or NULL. The writer's first block has number 0. */
struct block_writer *writer_new(struct thread_id id);
void writer_free(struct block_writer *w);

/* Forgets unwritten records and begins again with block 0 of another thread or image. */
void writer_restart(struct block_writer *w, struct thread_id id);

/* Adds one access. Returns false, having added nothing, once the capture's limit is used up. */
bool writer_access(struct block_writer *w, const struct access *a);

/* Begins an entry whose fields, at most `field_bytes`, the caller appends to the returned stream.
 * */
struct stream *writer_entry(
    struct block_writer *w, enum entry_kind kind, uint64_t sequence, size_t field_bytes);

/* Writes the block to the file if it holds anything, and begins the next. */
void writer_flush(struct block_writer *w, bool is_last);

/* True when the block was begun so long ago that a killed process should not lose it. */
bool writer_is_old(const struct block_writer *w);

void put_byte(struct stream *s, uint8_t value);
void put_varint(struct stream *s, uint64_t value);
void put_zigzag(struct stream *s, int64_t value);
void put_string(struct stream *s, const char *text, size_t bytes);

#endif

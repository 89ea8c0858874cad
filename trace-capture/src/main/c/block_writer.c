/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * See block_writer.h.
 */
#define _GNU_SOURCE
#include "block_writer.h"

#include <string.h>
#include <sys/mman.h>

#include "capture_file.h"

enum {
  TOKEN_SITE = 1,
  TOKEN_ADDRESS = 2,
  TOKEN_INSTRUCTIONS = 4,
  TOKEN_ALL = 7,
  LONGEST_RUN = 31,
  SITE_HAS_ADDRESS = 1 << 8,
  SITE_HAS_REGISTERS = 1 << 9,
  NO_REGISTER_BYTE = 255
};

/* An access takes at most 1 (token) + 20 (site) + 10 (address) + 5 (instructions) bytes and, if it
 * is atomic, 17 for its entry. */
enum { ACCESS_BYTES_MOST = 56, SPACE_CHECK_EVERY = 1024, ENTRY_HEAD_BYTES_MOST = 24 };

static const uint64_t FLUSH_AFTER_NS = 1000000000u;

void put_byte(struct stream *s, uint8_t value) {
  s->bytes[s->used++] = value;
}

void put_varint(struct stream *s, uint64_t value) {
  while (value > 127) {
    s->bytes[s->used++] = (uint8_t)(value | 128);
    value >>= 7;
  }
  s->bytes[s->used++] = (uint8_t)value;
}

void put_zigzag(struct stream *s, int64_t value) {
  put_varint(s, (uint64_t)value << 1 ^ (uint64_t)(value >> 63));
}

void put_string(struct stream *s, const char *text, size_t bytes) {
  put_varint(s, bytes);
  memcpy(s->bytes + s->used, text, bytes);
  s->used += bytes;
}

static void *fresh_pages(size_t bytes) {
  int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
  void *pages = mmap(NULL, bytes, PROT_READ | PROT_WRITE, flags, -1, 0);
  return pages == MAP_FAILED ? NULL : pages;
}

static void begin(struct block_writer *w) {
  for (int i = 0; i < STREAM_COUNT; i++) {
    w->streams[i].used = 0;
  }
  if (w->site_count > 0) {
    memset(w->context, 0, sizeof w->context);
    memset(w->slot, 0, sizeof w->slot);
  }
  w->accesses = w->entries = w->site_count = w->run = 0;
  w->site_before = w->site_before2 = w->accesses_at_entry = 0;
  w->previous_address = w->last_instruction_address = 0;
  w->first_sequence = w->last_sequence = 0;
  w->start_ns = capture_elapsed_ns();
}

struct block_writer *writer_new(struct thread_id id) {
  struct block_writer *w = fresh_pages(sizeof *w);
  uint8_t *bytes = fresh_pages((size_t)STREAM_COUNT * BLOCK_BYTES);
  if (w == NULL || bytes == NULL) {
    return NULL;
  }
  for (int i = 0; i < STREAM_COUNT; i++) {
    w->streams[i].bytes = bytes + (size_t)i * BLOCK_BYTES;
  }
  w->id = id;
  begin(w);
  return w;
}

void writer_free(struct block_writer *w) {
  capture_return_accesses(w->accesses_allowed);
  munmap(w->streams[0].bytes, (size_t)STREAM_COUNT * BLOCK_BYTES);
  munmap(w, sizeof *w);
}

void writer_restart(struct block_writer *w, struct thread_id id) {
  w->id = id;
  w->number = 0;
  w->accesses_allowed = 0; /* what was reserved belongs to the thread before */
  begin(w);
}

static size_t bytes_used(const struct block_writer *w) {
  size_t used = 0;
  for (int i = 0; i < STREAM_COUNT; i++) {
    used += w->streams[i].used;
  }
  return used;
}

static void end_run(struct block_writer *w) {
  if (w->run > 0) {
    put_byte(&w->streams[STREAM_TOK], (uint8_t)(w->run << 3 | TOKEN_ALL));
    w->run = 0;
  }
}

void writer_flush(struct block_writer *w, bool is_last) {
  if (w->accesses == 0 && w->entries == 0) {
    return;
  }
  end_run(w);
  struct block_header header = {
      .kind = BLOCK_RECORDS,
      .id = w->id,
      .number = w->number++,
      .is_last = is_last,
      .accesses = w->accesses,
      .entries = w->entries,
      .sites = w->site_count,
      .first_sequence = w->first_sequence,
      .start_ns = w->start_ns,
      .streams = w->streams,
  };
  capture_write_block(&header);
  w->accesses_allowed -= w->accesses;
  begin(w);
}

bool writer_is_old(const struct block_writer *w) {
  return capture_elapsed_ns() - w->start_ns > FLUSH_AFTER_NS;
}

/* Does not make room: the caller has done so. */
static struct stream *append_entry(
    struct block_writer *w, enum entry_kind kind, uint64_t sequence) {
  struct stream *s = &w->streams[STREAM_EVT];
  put_varint(s, w->accesses - w->accesses_at_entry);
  put_varint(s, w->entries == 0 ? 0 : sequence - w->last_sequence);
  put_byte(s, (uint8_t)kind);
  if (w->entries == 0) {
    w->first_sequence = sequence;
  }
  w->entries++;
  w->accesses_at_entry = w->accesses;
  w->last_sequence = sequence;
  return s;
}

struct stream *writer_entry(
    struct block_writer *w, enum entry_kind kind, uint64_t sequence, size_t field_bytes) {
  size_t most = bytes_used(w) + field_bytes + ENTRY_HEAD_BYTES_MOST
      + (size_t)SPACE_CHECK_EVERY * ACCESS_BYTES_MOST; /* what accesses may add before they look */
  if (most > BLOCK_BYTES || w->entries == BLOCK_ENTRIES) {
    writer_flush(w, false);
  }
  return append_entry(w, kind, sequence);
}

static void define_site(struct block_writer *w, uint32_t site, const struct access *a) {
  struct stream *s = &w->streams[STREAM_SITE];
  uint64_t pc = a->site->instruction_address;
  int8_t defined = a->site->defined_register;
  put_varint(s, a->kind | (uint32_t)(a->bytes - 1) << 2 | SITE_HAS_ADDRESS | SITE_HAS_REGISTERS);
  put_zigzag(s, (int64_t)(pc - w->last_instruction_address));
  put_varint(s, a->site->address_registers);
  put_byte(s, defined < 0 ? NO_REGISTER_BYTE : (uint8_t)defined);
  w->last_instruction_address = pc;
  w->site[site] = (struct site_state){.last = w->previous_address};
}

/* Number of the site with this key, or site_count after entering the key as a new one. */
static uint32_t find_site(struct block_writer *w, uint64_t key) {
  uint32_t slot = (uint32_t)(key * 0x9e3779b97f4a7c15u >> 48);
  while (w->slot[slot] != 0) {
    uint32_t site = w->slot[slot] - 1u;
    if (w->site_key[site] == key) {
      return site;
    }
    slot = (slot + 1) & (CONTEXTS - 1);
  }
  w->slot[slot] = (uint16_t)(w->site_count + 1);
  w->site_key[w->site_count] = key;
  return w->site_count;
}

/* Ends the block when it is full. Returns false when the capture's limit allows no further access.
 * */
static bool make_room(struct block_writer *w, enum access_kind next) {
  bool is_full = w->accesses == BLOCK_ACCESSES || w->site_count == BLOCK_SITES
      || w->entries == BLOCK_ENTRIES
      || (w->accesses % SPACE_CHECK_EVERY == 0
          && bytes_used(w) + (size_t)SPACE_CHECK_EVERY * ACCESS_BYTES_MOST > BLOCK_BYTES);
  if (is_full) {
    /* Tells a replay how far this thread was, although it did nothing that others could see. An
     * atomic that comes next has its own number already, and a lower one. */
    if (w->entries < BLOCK_ENTRIES && next != ACCESS_ATOMIC) {
      append_entry(w, ENTRY_ORDER, capture_next_sequence());
    }
    writer_flush(w, false);
  }
  if (w->accesses >= w->accesses_allowed) {
    w->accesses_allowed += capture_reserve_accesses(BLOCK_ACCESSES);
  }
  return w->accesses < w->accesses_allowed;
}

static void code_access(
    struct block_writer *w, const struct access *a, uint32_t site, uint32_t flags) {
  struct site_state *state = &w->site[site];
  if (flags == TOKEN_ALL) {
    if (++w->run == LONGEST_RUN) {
      end_run(w);
    }
    return;
  }
  put_byte(&w->streams[STREAM_TOK], (uint8_t)(w->run << 3 | flags));
  w->run = 0;
  if ((flags & TOKEN_ADDRESS) == 0) {
    put_zigzag(&w->streams[STREAM_ADDR], (int64_t)(a->address - state->last));
  }
  if ((flags & TOKEN_INSTRUCTIONS) == 0) {
    put_varint(&w->streams[STREAM_IC], a->instructions);
  }
}

bool writer_access(struct block_writer *w, const struct access *a) {
  bool may_be_full = w->accesses % SPACE_CHECK_EVERY == 0 || w->site_count == BLOCK_SITES
      || w->entries == BLOCK_ENTRIES || w->accesses >= w->accesses_allowed;
  if (may_be_full && !make_room(w, a->kind)) {
    return false;
  }
  if (a->kind == ACCESS_ATOMIC) {
    append_entry(w, ENTRY_ATOMIC, a->sequence);
  }
  uint32_t hash = (w->site_before * 0x9e3779b1u ^ w->site_before2 * 40503u) >> 7 & (CONTEXTS - 1);
  uint64_t key = (uint64_t)a->site->number << 9 | (uint64_t)a->kind << 7 | a->bytes;
  uint32_t site = w->context[hash];
  uint32_t flags = TOKEN_SITE;
  bool is_first = false;
  if (site >= w->site_count || w->site_key[site] != key) {
    flags = 0;
    site = find_site(w, key);
    put_varint(&w->streams[STREAM_SITE], site);
    is_first = site == w->site_count;
    if (is_first) {
      w->site_count++;
      define_site(w, site, a);
    }
    w->context[hash] = (uint16_t)site;
  }
  struct site_state *state = &w->site[site];
  flags |= a->address == state->last + state->stride ? TOKEN_ADDRESS : 0;
  flags |= a->instructions == state->instructions ? TOKEN_INSTRUCTIONS : 0;
  code_access(w, a, site, flags);
  state->stride = is_first ? 0 : a->address - state->last;
  state->last = a->address;
  state->instructions = a->instructions;
  w->site_before2 = w->site_before;
  w->site_before = site;
  w->previous_address = a->address;
  w->accesses++;
  return true;
}

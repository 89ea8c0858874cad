/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * See code_sites.h.
 */
#define _GNU_SOURCE
#include "code_sites.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "x86_operands.h"

enum { CHUNK_BYTES = 1 << 16, FIRST_SLOTS = 1 << 12, MOST_SPECIAL = 128 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static uint8_t *chunk;
static size_t chunk_left;
static struct static_site **slots; /* a hash table of all static sites */
static uint32_t slot_count;
static uint32_t site_count;
static struct code_block *blocks;
static uint64_t special[MOST_SPECIAL];
static uint32_t special_count;

static void *allocate(size_t bytes) {
  bytes = (bytes + 7) & ~(size_t)7;
  if (chunk_left < bytes) {
    chunk = malloc(CHUNK_BYTES);
    if (chunk == NULL) {
      abort(); /* the host is out of memory: nothing sensible can follow */
    }
    chunk_left = CHUNK_BYTES;
  }
  void *entry = chunk;
  chunk += bytes;
  chunk_left -= bytes;
  return entry;
}

static uint32_t hash_of(const struct static_site *s) {
  uint64_t h = s->instruction_address * 0x9e3779b97f4a7c15u;
  h ^= ((uint64_t)s->address_registers << 8 | (uint8_t)s->defined_register) * 0xff51afd7ed558ccdu;
  return (uint32_t)(h >> 32);
}

static bool is_same(const struct static_site *a, const struct static_site *b) {
  return a->instruction_address == b->instruction_address
      && a->address_registers == b->address_registers
      && a->defined_register == b->defined_register;
}

static void place(struct static_site *s) {
  uint32_t slot = hash_of(s) & (slot_count - 1);
  while (slots[slot] != NULL) {
    slot = (slot + 1) & (slot_count - 1);
  }
  slots[slot] = s;
}

static void grow(void) {
  struct static_site **old = slots;
  uint32_t old_count = slot_count;
  slot_count = old_count == 0 ? FIRST_SLOTS : old_count * 2;
  slots = calloc(slot_count, sizeof *slots);
  if (slots == NULL) {
    abort();
  }
  for (uint32_t i = 0; i < old_count; i++) {
    if (old[i] != NULL) {
      place(old[i]);
    }
  }
  free(old);
}

static const struct static_site *intern(struct static_site wanted) {
  if (site_count * 2 >= slot_count) {
    grow();
  }
  uint32_t slot = hash_of(&wanted) & (slot_count - 1);
  for (; slots[slot] != NULL; slot = (slot + 1) & (slot_count - 1)) {
    if (is_same(slots[slot], &wanted)) {
      return slots[slot];
    }
  }
  struct static_site *s = allocate(sizeof *s);
  *s = wanted;
  s->number = site_count++;
  slots[slot] = s;
  return s;
}

struct instruction *instruction_new(
    uint64_t address, const uint8_t *bytes, size_t length, uint32_t index) {
  struct x86_operands o = x86_decode(bytes, length);
  uint16_t read = o.is_atomic ? o.load_address | o.store_address : o.load_address;
  pthread_mutex_lock(&lock);
  struct instruction *i = allocate(sizeof *i);
  i->load = intern((struct static_site){address, 0, read, o.defined});
  i->store = intern((struct static_site){address, 0, o.store_address, X86_NO_REGISTER});
  i->position = (uint16_t)(index + 1);
  i->is_atomic = o.is_atomic;
  i->is_call = o.is_call;
  pthread_mutex_unlock(&lock);
  return i;
}

static bool is_special(uint64_t address) {
  for (uint32_t i = 0; i < special_count; i++) {
    if (special[i] == address) {
      return true;
    }
  }
  return false;
}

struct code_block *code_block_new(uint64_t address, uint32_t instructions) {
  pthread_mutex_lock(&lock);
  struct code_block *b = allocate(sizeof *b);
  *b = (struct code_block){address, instructions, is_special(address), blocks};
  blocks = b;
  pthread_mutex_unlock(&lock);
  return b;
}

void code_mark_special(uint64_t address) {
  pthread_mutex_lock(&lock);
  if (!is_special(address) && special_count < MOST_SPECIAL) {
    special[special_count++] = address;
    for (struct code_block *b = blocks; b != NULL; b = b->next) {
      b->is_special |= b->address == address;
    }
  }
  pthread_mutex_unlock(&lock);
}

void code_after_fork(void) {
  pthread_mutex_init(&lock, NULL);
}

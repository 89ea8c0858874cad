/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What is known about the program's code: QEMU translates it block by block, and each translated
 * instruction's callbacks carry a pointer to its entry here.
 */
#ifndef LEGOSIM_CODE_SITES_H
#define LEGOSIM_CODE_SITES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "block_writer.h"

struct instruction {
  const struct static_site *load;
  const struct static_site *store;
  uint16_t position; /* in its block, the first one is 1 */
  bool is_atomic;
  bool is_call;
};

struct code_block {
  uint64_t address;
  uint32_t instructions;
  bool is_special; /* where recording starts, or a signal handler */
  struct code_block *next;
};

/* Entries live as long as the process: QEMU may run a block after it has been translated again. */
struct code_block *code_block_new(uint64_t address, uint32_t instructions);
struct instruction *instruction_new(
    uint64_t address, const uint8_t *bytes, size_t length, uint32_t index);

/* Marks the blocks at this address, those to come included. */
void code_mark_special(uint64_t address);

/* A forked child: whoever held the lock at the fork is gone. */
void code_after_fork(void);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What all threads and all processes of a capture share: the trace file and one page of counters.
 * Both descriptors live at high numbers, so that the captured program sees the descriptors it would
 * see without a capture, and survive programs that close everything they do not know.
 */
#ifndef LEGOSIM_CAPTURE_FILE_H
#define LEGOSIM_CAPTURE_FILE_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "block_writer.h"

struct capture_paths {
  char trace[PATH_MAX];
  char shared[PATH_MAX];
  char log[PATH_MAX];
};

/* Opens the trace and maps the shared page. An image that exec made gets the descriptors it
 * inherits; -1 otherwise. `most_accesses` matters to the first process only; 0 is no limit. */
bool capture_open(
    const struct capture_paths *where, int inherited_trace, int inherited_shared,
    uint64_t most_accesses);

/* One writev per block. A failure is logged once and ends the capture; the program goes on. */
void capture_write_block(const struct block_header *header);

/* The global order of system calls and atomics: 1, 2, 3, ... */
uint64_t capture_next_sequence(void);

/* True once every access that the limit allows is taken. */
bool capture_is_full(void);

/* Takes up to `most` accesses of the capture's limit; whoever does not use them gives them back. */
uint32_t capture_reserve_accesses(uint32_t most);
void capture_return_accesses(uint32_t unused);

uint64_t capture_elapsed_ns(void);

/* False after a failed write. */
bool capture_is_writable(void);

/* Appends a line for the user to the log; the program's own stderr stays its own. */
void capture_log(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A forked child: locks that other threads held at the fork are free again. */
void capture_after_fork(void);

/* Keeps the descriptors through the exec that follows, and undoes that if it failed. */
void capture_inherit(bool is_inherited);
int capture_trace_fd(void);
int capture_shared_fd(void);

/* Must surround every system call of the guest that may close or replace a descriptor. */
void capture_before_close(uint64_t first, uint64_t last);
void capture_after_close(void);

#endif

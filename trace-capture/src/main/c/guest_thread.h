/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The captured program's threads, each of which QEMU runs on a host thread of its own, and how one
 * of them can hold all others still.
 */
#ifndef LEGOSIM_GUEST_THREAD_H
#define LEGOSIM_GUEST_THREAD_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "block_writer.h"
#include "code_sites.h"

enum thread_state { THREAD_RUNS, THREAD_IN_SYSCALL, THREAD_PARKED };

/* An access that further parts of the same instruction may still join. */
struct pending_access {
  const struct instruction *instruction;
  uint64_t position;
  uint64_t address;
  uint64_t sequence;
  uint8_t kind;
  uint8_t bytes; /* 0: none pending; the other fields then describe the access before */
};

struct guest_call {
  uint64_t number;
  uint64_t arguments[6];
  uint64_t handler; /* of an rt_sigaction */
};

struct guest_thread {
  bool is_recording;
  uint64_t retired;       /* instructions, those of the block that runs now included */
  uint64_t block_start;   /* instructions before the block that runs now */
  uint64_t recorded;      /* instructions up to the last record */
  struct pending_access pending;
  struct block_writer *writer;
  struct guest_call call; /* entered last */
  uint32_t tid;
  _Atomic int state;
  struct guest_thread *next;
};

extern __thread struct guest_thread *current_thread
    __attribute__((tls_model("initial-exec")));

/* Nonzero while a thread holds the others still; looked at once per block of code. */
extern _Atomic int threads_must_stop;

/* The calling thread's entry, made on first use. */
struct guest_thread *thread_enter(void);

/* Its last record is written: no callback of this thread records anything more. */
void thread_leave(struct guest_thread *t);

/* Waits until the others are inside a system call or parked between two blocks of code; their
 * writers may then be used. After a fraction of a second it gives up and returns false. */
bool threads_stop(struct guest_thread *self);
void threads_resume(void);

/* Called by a thread that finds threads_must_stop set. */
void thread_park(struct guest_thread *t);

/* Calls `visit` for every thread but `self` that is stopped, or, when `is_everyone`, for all. */
void threads_visit(
    struct guest_thread *self, bool is_everyone, void (*visit)(struct guest_thread *t));

/* More than one thread is alive. */
bool threads_are_many(void);

/* A forked child has one thread, the caller of fork. */
void threads_after_fork(struct guest_thread *self);

#endif

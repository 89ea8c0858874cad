/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * See guest_thread.h.
 */
#define _GNU_SOURCE
#include "guest_thread.h"

#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "capture_file.h"

/* Long enough for a descheduled thread to come back; a thread that waits for QEMU's own exclusive
 * section cannot park, and nobody may wait for it for ever. */
static const uint64_t PATIENCE_NS = 200000000u;

__thread struct guest_thread *current_thread __attribute__((tls_model("initial-exec")));
_Atomic int threads_must_stop;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;      /* of the list */
static pthread_mutex_t stop_lock = PTHREAD_MUTEX_INITIALIZER; /* one stopper at a time */
static struct guest_thread *threads;

/* Stands in for a thread that has ended, so that late callbacks find something to write to. */
static struct guest_thread nobody;

struct guest_thread *thread_enter(void) {
  struct guest_thread *t = calloc(1, sizeof *t);
  if (t == NULL) {
    abort();
  }
  t->tid = (uint32_t)gettid();
  pthread_mutex_lock(&lock);
  t->next = threads;
  threads = t;
  pthread_mutex_unlock(&lock);
  current_thread = t;
  return t;
}

void thread_leave(struct guest_thread *t) {
  pthread_mutex_lock(&lock);
  struct guest_thread **link = &threads;
  while (*link != NULL && *link != t) {
    link = &(*link)->next;
  }
  if (*link == t) {
    *link = t->next;
  }
  pthread_mutex_unlock(&lock);
  current_thread = &nobody;
  if (t->writer != NULL) {
    writer_free(t->writer);
  }
  free(t);
}

void thread_park(struct guest_thread *t) {
  int before = atomic_exchange(&t->state, THREAD_PARKED);
  while (atomic_load(&threads_must_stop) != 0) {
    syscall(SYS_futex, &threads_must_stop, FUTEX_WAIT_PRIVATE, 1, NULL, NULL, 0);
  }
  atomic_store(&t->state, before);
}

bool threads_are_many(void) {
  pthread_mutex_lock(&lock);
  bool are_many = threads != NULL && threads->next != NULL;
  pthread_mutex_unlock(&lock);
  return are_many;
}

static bool all_stopped(const struct guest_thread *self) {
  bool all = true;
  pthread_mutex_lock(&lock);
  for (const struct guest_thread *t = threads; t != NULL; t = t->next) {
    all &= t == self || atomic_load(&t->state) != THREAD_RUNS;
  }
  pthread_mutex_unlock(&lock);
  return all;
}

bool threads_stop(struct guest_thread *self) {
  /* Two stoppers must not wait for each other: the second is parked meanwhile. */
  while (pthread_mutex_trylock(&stop_lock) != 0) {
    thread_park(self);
    sched_yield();
  }
  atomic_store(&threads_must_stop, 1);
  uint64_t start = capture_elapsed_ns();
  while (!all_stopped(self)) {
    if (capture_elapsed_ns() - start > PATIENCE_NS) {
      return false;
    }
    sched_yield();
  }
  return true;
}

void threads_resume(void) {
  atomic_store(&threads_must_stop, 0);
  syscall(SYS_futex, &threads_must_stop, FUTEX_WAKE_PRIVATE, 1 << 30, NULL, NULL, 0);
  pthread_mutex_unlock(&stop_lock);
}

void threads_visit(
    struct guest_thread *self, bool is_everyone, void (*visit)(struct guest_thread *t)) {
  pthread_mutex_lock(&lock);
  for (struct guest_thread *t = threads; t != NULL; t = t->next) {
    if (t != self && (is_everyone || atomic_load(&t->state) != THREAD_RUNS)) {
      visit(t);
    }
  }
  pthread_mutex_unlock(&lock);
}

void threads_after_fork(struct guest_thread *self) {
  pthread_mutex_init(&lock, NULL);
  pthread_mutex_init(&stop_lock, NULL);
  atomic_store(&threads_must_stop, 0);
  struct guest_thread *t = threads;
  while (t != NULL) {
    struct guest_thread *next = t->next;
    if (t != self) {
      if (t->writer != NULL) {
        t->writer->accesses_allowed = 0; /* reserved by the parent, which goes on with them */
        writer_free(t->writer);
      }
      free(t);
    }
    t = next;
  }
  threads = self;
  if (self != NULL) {
    self->next = NULL;
    self->tid = (uint32_t)gettid();
  }
}

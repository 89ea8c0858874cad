/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * See program_signals.h.
 */
#define _GNU_SOURCE
#include "program_signals.h"

#include <sys/syscall.h>
#include <unistd.h>

#include "code_sites.h"
#include "guest_memory.h"
#include "program_records.h"
#include "program_state.h"

/* The other threads still run, and may not touch their records any more. */
void signal_ends_program(void) {
  struct guest_thread *self = current_thread;
  if (self == NULL) {
    return;
  }
  if (threads_are_many()) {
    threads_stop(self);
  }
  record_end(self);
  threads_visit(self, false, record_end);
}

/* QEMU does not tell of a delivery, but a handler that is entered without having been called was
 * entered for a signal. A call leaves its return address on the stack as its last access. */
static bool was_called(const struct guest_thread *t) {
  const struct pending_access *p = &t->pending;
  return p->instruction != NULL && p->instruction->is_call && p->kind == ACCESS_STORE
      && p->position == t->retired;
}

/* When several signals share the handler, the one that the program sent itself is meant; failing
 * that, the lowest number. */
static int signal_of(uint64_t handler) {
  if (program.signal_sent > 0 && program.handlers[program.signal_sent] == handler) {
    return program.signal_sent;
  }
  for (int s = 1; s < SIGNALS; s++) {
    if (program.handlers[s] == handler) {
      return s;
    }
  }
  return 0;
}

void signal_handler_begins(struct guest_thread *t, uint64_t address) {
  int number = signal_of(address);
  if (number == 0 || was_called(t)) {
    return;
  }
  program.signal_sent = number == program.signal_sent ? 0 : program.signal_sent;
  struct stream *s = t->is_recording ? record_event(t, ENTRY_SIGNAL, 10) : NULL;
  if (s != NULL) {
    put_varint(s, (uint64_t)number);
  }
}

void signal_is_sent(const struct guest_call *c) {
  uint64_t target = c->arguments[0];
  bool is_self = (c->number == SYS_kill && target == program.pid)
      || (c->number == SYS_tkill && target == (uint64_t)gettid())
      || (c->number == SYS_tgkill && target == program.pid);
  uint64_t number = c->arguments[c->number == SYS_tgkill ? 2 : 1];
  if (is_self && number < SIGNALS) {
    program.signal_sent = (int)number;
  }
}

void signal_action_begins(struct guest_call *c) {
  c->handler = 0;
  if (c->arguments[1] != 0) {
    guest_read(c->arguments[1], &c->handler, sizeof c->handler);
  }
}

void signal_action_succeeds(const struct guest_call *c) {
  uint64_t number = c->arguments[0];
  if (c->arguments[1] != 0 && number < SIGNALS) {
    program.handlers[number] = c->handler;
    if (c->handler > HANDLER_IGNORE) {
      code_mark_special(c->handler);
    }
  }
}

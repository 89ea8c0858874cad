/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * System calls: what is recorded of them, and what the plugin itself must do at some.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "call_values.h"
#include "capture_file.h"
#include "exec_follow.h"
#include "guest_memory.h"
#include "program_events.h"
#include "program_records.h"
#include "program_signals.h"
#include "program_state.h"
#include "syscall_table.h"

enum {
  MOST_STRINGS = 256,
  STRING_BYTES = 4096,
  ALL_STRING_BYTES = 65536 - STRING_BYTES,
  MOST_SPARE_BYTES = ALL_STRING_BYTES + 3 * STRING_BYTES
};

static void append_path(struct stream *s, uint64_t address) {
  char text[STRING_BYTES];
  size_t length = guest_read_string(address, text, sizeof text);
  put_string(s, text, length);
}

/* The vector of an execve. Long ones are cut: 65,536 bytes of strings are what a record may hold.
 * */
static size_t append_vector(struct stream *s, uint64_t address, size_t before) {
  size_t count = 0;
  size_t room = ALL_STRING_BYTES;
  for (; before + count < MOST_STRINGS && room > STRING_BYTES; count++) {
    uint64_t pointer;
    if (guest_read(address + count * 8, &pointer, 8) != 8 || pointer == 0) {
      break;
    }
    size_t used = s->used;
    append_path(s, pointer);
    room -= s->used - used;
  }
  return count;
}

/* Strings follow their number, which is known only once they have been read: from `spare`. */
static void append_strings(
    struct stream *s, const struct guest_call *call, struct syscall_shape shape,
    struct stream *spare) {
  size_t count = 0;
  for (int i = 0; i < 6; i++) {
    if ((shape.strings >> i & 1) != 0) {
      append_path(spare, call->arguments[i]);
      count++;
    }
  }
  if (shape.string_array > 0) {
    count += append_vector(spare, call->arguments[shape.string_array - 1], count);
  }
  count += append_call_values(spare, call);
  put_varint(s, count);
  memcpy(s->bytes + s->used, spare->bytes, spare->used);
  s->used += spare->used;
}

static void record_enter(struct guest_thread *t, const struct guest_call *call) {
  struct syscall_shape shape = syscall_shape(call->number);
  bool is_small =
      shape.strings == 0 && shape.string_array == 0 && !call_has_values(call->number);
  struct stream *s = record_event(t, ENTRY_SYSCALL_ENTER, is_small ? 96 : 96 + MOST_SPARE_BYTES);
  if (s == NULL) {
    return;
  }
  put_varint(s, t->retired - t->recorded);
  t->recorded = t->retired;
  put_varint(s, call->number);
  put_byte(s, shape.arguments);
  for (int i = 0; i < shape.arguments; i++) {
    bool is_number = (shape.signed_numbers >> i & 1) != 0;
    put_zigzag(s, is_number ? (int32_t)call->arguments[i] : (int64_t)call->arguments[i]);
  }
  if (is_small) {
    put_byte(s, 0);
  } else {
    struct stream spare = {malloc(MOST_SPARE_BYTES), 0};
    if (spare.bytes == NULL) {
      abort();
    }
    append_strings(s, call, shape, &spare);
    free(spare.bytes);
  }
  if (writer_is_old(t->writer)) {
    writer_flush(t->writer, false);
  }
}

static bool is_pipe_call(uint64_t number) {
  return number == SYS_pipe || number == SYS_pipe2 || number == SYS_socketpair;
}

static void record_return(struct guest_thread *t, int64_t result) {
  struct stream *s = record_event(t, ENTRY_SYSCALL_RETURN, 64);
  if (s == NULL) {
    return;
  }
  put_zigzag(s, result);
  int32_t pair[2];
  uint64_t at = t->call.arguments[t->call.number == SYS_socketpair ? 3 : 0];
  bool has_pair = is_pipe_call(t->call.number) && result == 0
      && guest_read(at, pair, sizeof pair) == sizeof pair;
  put_varint(s, has_pair ? 2 : 0);
  for (int i = 0; has_pair && i < 2; i++) {
    char number[16];
    int length = snprintf(number, sizeof number, "%d", pair[i]);
    put_string(s, number, (size_t)length);
  }
}

static void put_order(struct guest_thread *t) {
  if (t->is_recording) {
    record_event(t, ENTRY_ORDER, 0);
  }
}

static bool ends_mappings(const struct guest_call *c) {
  switch (c->number) {
    case SYS_munmap: case SYS_mremap:
      return true;
    case SYS_mprotect: case SYS_pkey_mprotect:
      return (c->arguments[2] & PROT_READ) == 0 || (c->arguments[2] & PROT_WRITE) == 0;
    case SYS_brk:
      return c->arguments[0] != 0 && c->arguments[0] < program.program_break;
    case SYS_mmap:
      return (c->arguments[3] & MAP_FIXED) != 0;
    case SYS_madvise:
      return c->arguments[2] == MADV_DONTNEED || c->arguments[2] == MADV_FREE;
    default:
      return false;
  }
}

/* What other threads did to their memory came before a call that takes mappings away from them.
 * Only holding them still can say so: nothing else in their records has a place in the order. */
static void order_others(struct guest_thread *t) {
  if (!threads_are_many()) {
    return;
  }
  threads_stop(t);
  threads_visit(t, false, put_order);
  threads_resume();
}

static void flush_thread(struct guest_thread *t) {
  if (t->is_recording) {
    program_emit_pending(t);
  }
  if (t->is_recording) {
    writer_flush(t->writer, false);
    capture_return_accesses(t->writer->accesses_allowed);
    t->writer->accesses_allowed = 0;
  }
}

/* Every other thread ends with a successful exec; what they recorded must be on disk by then. */
static void before_exec(void) {
  struct guest_thread *self = current_thread;
  if (threads_are_many()) {
    threads_stop(self);
    threads_visit(self, false, flush_thread);
  }
  flush_thread(self);
  capture_inherit(true);
}

static void follow_exec(const struct guest_call *c) {
  bool is_at = c->number == SYS_execveat;
  struct exec_request request = {
      .directory = is_at ? (int)c->arguments[0] : AT_FDCWD,
      .path_address = c->arguments[is_at ? 1 : 0],
      .arguments_address = c->arguments[is_at ? 2 : 1],
      .environment_address = c->arguments[is_at ? 3 : 2],
      .flags = is_at ? c->arguments[4] : 0,
  };
  struct exec_context context = {
      .qemu = program.options.qemu,
      .processor = program.command.processor,
      .program = program.own_path,
      .plugin_option = options_for_next_image(&program.options),
      .before = before_exec,
      .log = capture_log,
  };
  exec_follow(&request, &context);
  capture_inherit(false);
  if (atomic_load(&threads_must_stop) != 0) {
    threads_resume();
  }
}

/* What must happen before QEMU carries the call out. */
static void prepare_call(struct guest_thread *t, const struct guest_call *c) {
  switch (c->number) {
    case SYS_close:
      capture_before_close((uint32_t)c->arguments[0], (uint32_t)c->arguments[0]);
      break;
    case SYS_close_range:
      capture_before_close((uint32_t)c->arguments[0], (uint32_t)c->arguments[1]);
      break;
    case SYS_dup2: case SYS_dup3:
      capture_before_close((uint32_t)c->arguments[1], (uint32_t)c->arguments[1]);
      break;
    case SYS_execve: case SYS_execveat:
      follow_exec(c);
      break;
    case SYS_rt_sigaction:
      signal_action_begins(&t->call);
      break;
    case SYS_kill: case SYS_tkill: case SYS_tgkill:
      signal_is_sent(c);
      break;
    default:
      break;
  }
}

void program_enters_call(struct guest_thread *t, const struct guest_call *call) {
  t->call = *call;
  bool ends_thread = call->number == SYS_exit || call->number == SYS_exit_group;
  if (t->is_recording && ends_mappings(call)) {
    order_others(t);
  }
  if (t->is_recording) {
    record_enter(t, call);
  }
  if (ends_thread) {
    record_end(t);
    if (call->number == SYS_exit) {
      thread_leave(t);
      return;
    }
  }
  prepare_call(t, call);
  atomic_store(&t->state, THREAD_IN_SYSCALL);
}

/* The program is to believe that it may run on the first `cpus` processors. */
static void show_processors(const struct guest_call *c, int64_t bytes) {
  uint8_t *mask = (uint8_t *)(uintptr_t)(c->arguments[2] + guest_base);
  memset(mask, 0, (size_t)bytes);
  for (uint32_t cpu = 0; cpu < program.options.cpus && cpu < bytes * 8; cpu++) {
    mask[cpu / 8] |= (uint8_t)(1 << cpu % 8);
  }
}

static void finish_call(const struct guest_call *c, int64_t result) {
  switch (c->number) {
    case SYS_close_range:
      capture_after_close();
      break;
    case SYS_brk:
      program.program_break = (uint64_t)result;
      break;
    case SYS_rt_sigaction:
      if (result == 0) {
        signal_action_succeeds(c);
      }
      break;
    case SYS_sched_getaffinity:
      if (program.options.cpus > 0 && result > 0) {
        show_processors(c, result);
      }
      break;
    default:
      break;
  }
}

void program_returns_from_call(struct guest_thread *t, int64_t result) {
  atomic_store(&t->state, THREAD_RUNS);
  if (atomic_load(&threads_must_stop) != 0) {
    thread_park(t);
  }
  finish_call(&t->call, result);
  bool has_return = t->call.number != SYS_rt_sigreturn && t->call.number != SYS_exit;
  if (t->is_recording && has_return) {
    record_return(t, result);
  }
}

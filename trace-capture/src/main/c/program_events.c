/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * See program_events.h.
 */
#define _GNU_SOURCE
#include "program_events.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "capture_file.h"
#include "exec_follow.h"
#include "fatal_signal.h"
#include "guest_image.h"
#include "guest_memory.h"
#include "program_options.h"
#include "syscall_table.h"

enum {
  MOST_STRINGS = 256,
  STRING_BYTES = 4096,
  ALL_STRING_BYTES = 65536 - STRING_BYTES,
  MOST_SPARE_BYTES = ALL_STRING_BYTES + 3 * STRING_BYTES,
  SIGNALS = 65,
  HANDLER_IGNORE = 1,  /* 0 and 1 are no addresses: the default action, and none */
  RESULT_RESTARTS = -512 /* QEMU runs the call again: it has not returned */
};

static const uint64_t MOST_INSTRUCTIONS = 0x7fffffffu; /* in one record */

static struct program_options options;
static struct program_command command;
static char own_path[PATH_MAX]; /* of the program file, whatever the working directory becomes */
static uint32_t pid;
static uint32_t parent_pid;
static bool is_loaded;
static bool is_recording; /* for threads to come */
static bool is_announced; /* this process has its PROCESS block */
static uint64_t start_address;
static uint64_t handlers[SIGNALS];
static uint64_t program_break; /* what the last brk returned */
static int signal_sent; /* by the program to itself, not yet seen to be handled */

/* ------------------------------------------------------------------ records */

void program_emit_pending(struct guest_thread *t) {
  struct pending_access *p = &t->pending;
  if (p->bytes == 0) {
    return;
  }
  uint64_t instructions = p->position - t->recorded;
  instructions = instructions < MOST_INSTRUCTIONS ? instructions : MOST_INSTRUCTIONS;
  struct access a = {
      .site = p->kind == ACCESS_STORE ? p->instruction->store : p->instruction->load,
      .address = p->address - guest_base,
      .sequence = p->sequence,
      .instructions = (uint32_t)instructions,
      .kind = p->kind,
      .bytes = p->bytes,
  };
  p->bytes = 0;
  if (writer_access(t->writer, &a)) {
    t->recorded += instructions;
    return;
  }
  static const char reason[] = "capture limit";
  struct stream *s =
      writer_entry(t->writer, ENTRY_MARK, capture_next_sequence(), sizeof reason + 2);
  put_string(s, reason, sizeof reason - 1);
  writer_entry(t->writer, ENTRY_EXIT, capture_next_sequence(), 0);
  writer_flush(t->writer, true);
  t->is_recording = false;
}

/* Begins an event of this thread; every access before it is written first. */
static struct stream *event(struct guest_thread *t, enum entry_kind kind, size_t field_bytes) {
  program_emit_pending(t);
  if (!t->is_recording) {
    return NULL;
  }
  return writer_entry(t->writer, kind, capture_next_sequence(), field_bytes);
}

static void end_thread(struct guest_thread *t) {
  if (t->is_recording && event(t, ENTRY_EXIT, 0) != NULL) {
    writer_flush(t->writer, true);
  }
  t->is_recording = false;
}

static void start_recording(struct guest_thread *t) {
  t->writer = t->writer != NULL
                  ? t->writer
                  : writer_new((struct thread_id){pid, t->tid, options.image});
  t->pending = (struct pending_access){.bytes = 0};
  t->recorded = t->retired;
  t->is_recording = t->writer != NULL && !capture_is_full();
}

struct guest_thread *program_thread_begins(void) {
  struct guest_thread *t = thread_enter();
  if (is_recording) {
    start_recording(t);
  }
  return t;
}

static void dies_of_signal(void);

/* ------------------------------------------------------------------ program images */

static void write_process_block(void) {
  static uint8_t bytes[1 << 17];
  struct stream s = {bytes, 0};
  const char *name = strrchr(command.path, '/');
  name = name == NULL ? command.path : name + 1;
  put_varint(&s, parent_pid);
  put_string(&s, name, strlen(name));
  size_t count = 0;
  size_t most = sizeof bytes - s.used - 16;
  for (size_t used = 0; count < command.count; count++) {
    used += strlen(command.arguments[count]) + 5;
    if (used > most) {
      break;
    }
  }
  put_varint(&s, count);
  for (size_t i = 0; i < count; i++) {
    put_string(&s, command.arguments[i], strlen(command.arguments[i]));
  }
  struct block_header h = {
      .kind = BLOCK_PROCESS, .id = {pid, (uint32_t)gettid(), 0}, .streams = &s};
  capture_write_block(&h);
  is_announced = true;
}

static void write_image_block(void) {
  struct stream s = {malloc(GUEST_IMAGE_BYTES), 0};
  if (s.bytes == NULL) {
    return;
  }
  guest_image_describe(&s);
  struct block_header h = {
      .kind = BLOCK_IMAGE, .id = {pid, pid, options.image}, .streams = &s};
  capture_write_block(&h);
  free(s.bytes);
}

static void begin_thread_record(struct guest_thread *t) {
  start_recording(t);
}

/* From here on everything counts. The mappings are those of this moment. */
static void begin_program_record(struct guest_thread *t) {
  if (capture_is_full()) {
    return;
  }
  is_recording = true;
  if (options.image == 0 && !is_announced) {
    write_process_block();
  }
  write_image_block();
  threads_visit(t, true, begin_thread_record);
  start_recording(t);
  if (options.image > 0) {
    event(t, ENTRY_EXEC, 0);
  }
}

void program_is_loaded(
    uint64_t host_address, uint64_t guest_address, uint64_t code_start) {
  if (is_loaded) {
    return;
  }
  is_loaded = true;
  guest_base = host_address - guest_address;
  fatal_signal_intercept(dies_of_signal);
  if (options.from == FROM_START) {
    begin_program_record(current_thread != NULL ? current_thread : program_thread_begins());
    return;
  }
  start_address = options_relocated(own_path, options.from_address, code_start);
  code_mark_special(start_address);
}

/* ------------------------------------------------------------------ signals */

/* The other threads still run, and may not touch their records any more. */
static void dies_of_signal(void) {
  struct guest_thread *self = current_thread;
  if (self == NULL) {
    return;
  }
  if (threads_are_many()) {
    threads_stop(self);
  }
  end_thread(self);
  threads_visit(self, false, end_thread);
}

/* QEMU does not tell of a delivery, but a handler that is entered without having been called was
 * entered for a signal. A call leaves its return address on the stack as its last access. */
static bool was_called(const struct guest_thread *t) {
  const struct pending_access *p = &t->pending;
  return p->instruction != NULL && p->instruction->is_call && p->kind == ACCESS_STORE
      && p->position == t->retired;
}

/* When several signals share the handler, the one that the program sent itself is meant; failing that,
 * the lowest number. */
static int signal_of(uint64_t handler) {
  if (signal_sent > 0 && handlers[signal_sent] == handler) {
    return signal_sent;
  }
  for (int s = 1; s < SIGNALS; s++) {
    if (handlers[s] == handler) {
      return s;
    }
  }
  return 0;
}

void program_reaches_special(struct guest_thread *t, uint64_t address) {
  if (!is_recording && address == start_address) {
    begin_program_record(t);
    return;
  }
  int number = signal_of(address);
  if (number == 0 || was_called(t)) {
    return;
  }
  signal_sent = number == signal_sent ? 0 : signal_sent;
  if (t->is_recording) {
    struct stream *s = event(t, ENTRY_SIGNAL, 10);
    if (s != NULL) {
      put_varint(s, (uint64_t)number);
    }
  }
}

/* ------------------------------------------------------------------ system calls */

static void append_path(struct stream *s, uint64_t address) {
  char text[STRING_BYTES];
  size_t length = guest_read_string(address, text, sizeof text);
  put_string(s, text, length);
}

/* The vector of an execve. Long ones are cut: 65,536 bytes of strings are what a record may hold. */
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
  put_varint(s, count);
  memcpy(s->bytes + s->used, spare->bytes, spare->used);
  s->used += spare->used;
}

static void record_enter(struct guest_thread *t, const struct guest_call *call) {
  struct syscall_shape shape = syscall_shape(call->number);
  bool is_small = shape.strings == 0 && shape.string_array == 0;
  struct stream *s = event(t, ENTRY_SYSCALL_ENTER, is_small ? 96 : 96 + MOST_SPARE_BYTES);
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
  struct stream *s = event(t, ENTRY_SYSCALL_RETURN, 64);
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
    event(t, ENTRY_ORDER, 0);
  }
}

static bool ends_mappings(const struct guest_call *c) {
  switch (c->number) {
    case SYS_munmap: case SYS_mremap:
      return true;
    case SYS_mprotect: case SYS_pkey_mprotect:
      return (c->arguments[2] & PROT_READ) == 0 || (c->arguments[2] & PROT_WRITE) == 0;
    case SYS_brk:
      return c->arguments[0] != 0 && c->arguments[0] < program_break;
    case SYS_mmap:
      return (c->arguments[3] & MAP_FIXED) != 0;
    case SYS_madvise:
      return c->arguments[2] == MADV_DONTNEED || c->arguments[2] == MADV_FREE;
    default:
      return false;
  }
}

/* What other threads did to their memory came before a call that takes mappings away from them. Only
 * holding them still can say so: nothing else in their records has a place in the order. */
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
      .qemu = options.qemu,
      .processor = command.processor,
      .program = own_path,
      .plugin_option = options_for_next_image(&options),
      .before = before_exec,
      .log = capture_log,
  };
  exec_follow(&request, &context);
  capture_inherit(false);
  if (atomic_load(&threads_must_stop) != 0) {
    threads_resume();
  }
}

static void note_sent_signal(const struct guest_call *c) {
  uint64_t target = c->arguments[0];
  bool is_self = (c->number == SYS_kill && target == pid)
      || (c->number == SYS_tkill && target == (uint64_t)gettid())
      || (c->number == SYS_tgkill && target == pid);
  uint64_t number = c->arguments[c->number == SYS_tgkill ? 2 : 1];
  if (is_self && number < SIGNALS) {
    signal_sent = (int)number;
  }
}

static void read_new_handler(struct guest_thread *t) {
  struct guest_call *c = &t->call;
  c->handler = 0;
  if (c->arguments[1] != 0) {
    guest_read(c->arguments[1], &c->handler, sizeof c->handler);
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
      read_new_handler(t);
      break;
    case SYS_kill: case SYS_tkill: case SYS_tgkill:
      note_sent_signal(c);
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
    end_thread(t);
    if (call->number == SYS_exit) {
      thread_leave(t);
      return;
    }
  }
  prepare_call(t, call);
  atomic_store(&t->state, THREAD_IN_SYSCALL);
}

static void install_handler(const struct guest_call *c) {
  uint64_t number = c->arguments[0];
  if (c->arguments[1] != 0 && number < SIGNALS) {
    handlers[number] = c->handler;
    if (c->handler > HANDLER_IGNORE) {
      code_mark_special(c->handler);
    }
  }
}

/* The program is to believe that it may run on the first `cpus` processors. */
static void show_processors(const struct guest_call *c, int64_t bytes) {
  uint8_t *mask = (uint8_t *)(uintptr_t)(c->arguments[2] + guest_base);
  memset(mask, 0, (size_t)bytes);
  for (uint32_t cpu = 0; cpu < options.cpus && cpu < bytes * 8; cpu++) {
    mask[cpu / 8] |= (uint8_t)(1 << cpu % 8);
  }
}

static void finish_call(const struct guest_call *c, int64_t result) {
  switch (c->number) {
    case SYS_close_range:
      capture_after_close();
      break;
    case SYS_brk:
      program_break = (uint64_t)result;
      break;
    case SYS_rt_sigaction:
      if (result == 0) {
        install_handler(c);
      }
      break;
    case SYS_sched_getaffinity:
      if (options.cpus > 0 && result > 0) {
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

/* ------------------------------------------------------------------ processes */

void program_has_forked(void) {
  struct guest_thread *t = current_thread;
  parent_pid = pid;
  pid = (uint32_t)getpid();
  capture_after_fork();
  code_after_fork();
  threads_after_fork(t);
  options.image = 0;
  is_announced = false;
  if (!is_recording || t == NULL || !t->is_recording) {
    return;
  }
  write_process_block();
  writer_restart(t->writer, (struct thread_id){pid, t->tid, 0});
  t->pending.bytes = 0;
  t->recorded = t->retired;
}

void program_ends(void) {
  threads_visit(NULL, true, end_thread);
}

/* ------------------------------------------------------------------ start */

static void take_own_name(void) {
  const char *name = strrchr(command.path, '/');
  prctl(PR_SET_NAME, name == NULL ? command.path : name + 1);
}

bool program_configure(int argc, char **argv) {
  if (!options_parse(&options, argc, argv)) {
    fprintf(stderr, "legosim capture plugin: wrong options; it is started by legosim\n");
    return false;
  }
  command = options_program_command();
  pid = (uint32_t)getpid();
  take_own_name();
  if (realpath(command.path, own_path) == NULL) {
    snprintf(own_path, sizeof own_path, "%s", command.path);
  }
  return capture_open(
      &options.paths, options.trace_fd, options.shared_fd, options.most_accesses);
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * See program_records.h.
 */
#define _GNU_SOURCE
#include "program_records.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capture_file.h"
#include "guest_image.h"
#include "program_events.h"
#include "program_state.h"

static const uint64_t MOST_INSTRUCTIONS = 0x7fffffffu; /* in one record */

void program_emit_pending(struct guest_thread *t) {
  struct pending_access *p = &t->pending;
  if (p->bytes == 0) {
    return;
  }
  uint64_t instructions = p->position - t->recorded;
  instructions = instructions < MOST_INSTRUCTIONS ? instructions : MOST_INSTRUCTIONS;
  struct access a = {
      .site = p->kind == ACCESS_STORE ? p->instruction->store : p->instruction->load,
      .address = p->address,
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

struct stream *record_event(struct guest_thread *t, enum entry_kind kind, size_t field_bytes) {
  program_emit_pending(t);
  if (!t->is_recording) {
    return NULL;
  }
  return writer_entry(t->writer, kind, capture_next_sequence(), field_bytes);
}

void record_end(struct guest_thread *t) {
  if (t->is_recording && record_event(t, ENTRY_EXIT, 0) != NULL) {
    writer_flush(t->writer, true);
  }
  t->is_recording = false;
}

static void start_recording(struct guest_thread *t) {
  if (t->writer == NULL) {
    t->writer = writer_new((struct thread_id){program.pid, t->tid, program.options.image});
  }
  t->pending = (struct pending_access){.bytes = 0};
  t->recorded = t->retired;
  t->is_recording = t->writer != NULL && !capture_is_full();
}

struct guest_thread *program_thread_begins(void) {
  struct guest_thread *t = thread_enter();
  if (program.is_recording) {
    start_recording(t);
  }
  return t;
}

static void write_process_block(void) {
  static uint8_t bytes[1 << 17];
  struct stream s = {bytes, 0};
  const char *name = strrchr(program.command.path, '/');
  name = name == NULL ? program.command.path : name + 1;
  put_varint(&s, program.parent_pid);
  put_string(&s, name, strlen(name));
  size_t count = 0;
  size_t most = sizeof bytes - s.used - 16;
  for (size_t used = 0; count < program.command.count; count++) {
    used += strlen(program.command.arguments[count]) + 5;
    if (used > most) {
      break;
    }
  }
  put_varint(&s, count);
  for (size_t i = 0; i < count; i++) {
    put_string(&s, program.command.arguments[i], strlen(program.command.arguments[i]));
  }
  struct block_header h = {
      .kind = BLOCK_PROCESS,
      .id = {program.pid, (uint32_t)gettid(), 0},
      .streams = &s,
  };
  capture_write_block(&h);
  program.is_announced = true;
}

static void write_image_block(void) {
  struct stream s = {malloc(GUEST_IMAGE_BYTES), 0};
  if (s.bytes == NULL) {
    return;
  }
  guest_image_describe(&s);
  struct block_header h = {
      .kind = BLOCK_IMAGE,
      .id = {program.pid, program.pid, program.options.image},
      .streams = &s,
  };
  capture_write_block(&h);
  free(s.bytes);
}

void record_program(struct guest_thread *t) {
  if (capture_is_full()) {
    return;
  }
  program.is_recording = true;
  if (program.options.image == 0 && !program.is_announced) {
    write_process_block();
  }
  write_image_block();
  threads_visit(t, true, start_recording);
  start_recording(t);
  if (program.options.image > 0) {
    record_event(t, ENTRY_EXEC, 0);
  }
}

void record_forked_child(struct guest_thread *t) {
  if (!program.is_recording || t == NULL || !t->is_recording) {
    return;
  }
  write_process_block();
  writer_restart(t->writer, (struct thread_id){program.pid, t->tid, 0});
  t->pending.bytes = 0;
  t->recorded = t->retired;
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * See program_events.h. What is recorded is in program_records.c, signals are in program_signals.c,
 * system calls in program_calls.c.
 */
#define _GNU_SOURCE
#include "program_events.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "capture_file.h"
#include "fatal_signal.h"
#include "guest_memory.h"
#include "program_records.h"
#include "program_signals.h"
#include "program_state.h"

struct program_state program;

void program_is_loaded(uint64_t host_address, uint64_t guest_address, uint64_t code_start) {
  if (program.is_loaded) {
    return;
  }
  program.is_loaded = true;
  guest_base = host_address - guest_address;
  fatal_signal_intercept(signal_ends_program);
  if (program.options.from == FROM_START) {
    record_program(current_thread != NULL ? current_thread : program_thread_begins());
    return;
  }
  program.start_address =
      options_relocated(program.own_path, program.options.from_address, code_start);
  code_mark_special(program.start_address);
}

void program_reaches_special(struct guest_thread *t, uint64_t address) {
  if (!program.is_recording && address == program.start_address) {
    record_program(t);
  } else {
    signal_handler_begins(t, address);
  }
}

void program_has_forked(void) {
  struct guest_thread *t = current_thread;
  program.parent_pid = program.pid;
  program.pid = (uint32_t)getpid();
  capture_after_fork();
  code_after_fork();
  threads_after_fork(t);
  program.options.image = 0;
  program.is_announced = false;
  record_forked_child(t);
}

void program_ends(void) {
  threads_visit(NULL, true, record_end);
}

static void take_own_name(void) {
  const char *name = strrchr(program.command.path, '/');
  prctl(PR_SET_NAME, name == NULL ? program.command.path : name + 1);
}

bool program_configure(int argc, char **argv) {
  if (!options_parse(&program.options, argc, argv)) {
    fprintf(stderr, "legosim capture plugin: wrong options; it is started by legosim\n");
    return false;
  }
  program.command = options_program_command();
  program.pid = (uint32_t)getpid();
  take_own_name();
  if (realpath(program.command.path, program.own_path) == NULL) {
    snprintf(program.own_path, sizeof program.own_path, "%s", program.command.path);
  }
  const struct program_options *o = &program.options;
  return capture_open(&o->paths, o->trace_fd, o->shared_fd, o->most_accesses);
}

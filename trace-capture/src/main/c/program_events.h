/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What happens to the captured program besides its accesses, and what is recorded of it: its start,
 * system calls, signals, threads, forks, program changes, its end.
 */
#ifndef LEGOSIM_PROGRAM_EVENTS_H
#define LEGOSIM_PROGRAM_EVENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "guest_thread.h"

/* Takes the options that QEMU passes on: trace=, shared=, log= (paths); from=start|entry|ADDRESS
 * (where recording begins; an address as in the program file); most=N (accesses); cpus=N (what
 * sched_getaffinity shows). Set by the plugin for its own next image: image=, fds=. */
bool program_configure(int argc, char **argv);

/* The first translation follows the loading of the program; later calls do nothing. The two
 * addresses are of one instruction; `code_start` is where QEMU put the program's own code. */
void program_is_loaded(uint64_t host_address, uint64_t guest_address, uint64_t code_start);

struct guest_thread *program_thread_begins(void);

/* Writes the access that was held back for further parts of it. */
void program_emit_pending(struct guest_thread *t);

void program_reaches_special(struct guest_thread *t, uint64_t address);
void program_enters_call(struct guest_thread *t, const struct guest_call *call);
void program_returns_from_call(struct guest_thread *t, int64_t result);
void program_has_forked(void);

/* QEMU has stopped all threads for good. */
void program_ends(void);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Writing a thread's records, and the blocks that introduce a process and its images.
 */
#ifndef LEGOSIM_PROGRAM_RECORDS_H
#define LEGOSIM_PROGRAM_RECORDS_H

#include <stddef.h>

#include "guest_thread.h"

/* Begins an event of this thread: every access before it is written first. NULL when the thread
 * records nothing, or nothing more. */
struct stream *record_event(struct guest_thread *t, enum entry_kind kind, size_t field_bytes);

/* The thread's last record; its block is written. */
void record_end(struct guest_thread *t);

/* From here on everything counts. The mappings are those of this moment. */
void record_program(struct guest_thread *t);

/* A forked child goes on recording under its own number. */
void record_forked_child(struct guest_thread *t);

#endif

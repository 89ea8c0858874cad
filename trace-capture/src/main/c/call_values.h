/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Values that the arguments of some system calls point to and that a replay needs: masks, actions
 * and stacks of signals, times. They are recorded as strings of the call (docs/trace-format.md).
 */
#ifndef LEGOSIM_CALL_VALUES_H
#define LEGOSIM_CALL_VALUES_H

#include <stdbool.h>
#include <stddef.h>

#include "block_writer.h"
#include "guest_thread.h"

/* Whether calls of this number may have any. */
bool call_has_values(uint64_t number);

/* Appends the strings of a call that is entered, at most 256 bytes, and returns how many. */
size_t append_call_values(struct stream *s, const struct guest_call *call);

#endif

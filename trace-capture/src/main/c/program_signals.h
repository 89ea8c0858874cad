/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Signals: which handlers the program has, when one begins, and death by a signal.
 */
#ifndef LEGOSIM_PROGRAM_SIGNALS_H
#define LEGOSIM_PROGRAM_SIGNALS_H

#include "guest_thread.h"

/* QEMU is about to end the process by a signal. */
void signal_ends_program(void);

/* A block of code begins that is the start of some handler. */
void signal_handler_begins(struct guest_thread *t, uint64_t address);

/* kill, tkill and tgkill, when the program sends to itself. */
void signal_is_sent(const struct guest_call *c);

/* rt_sigaction: what it asks for must be read before the call, which may overwrite it. */
void signal_action_begins(struct guest_call *c);
void signal_action_succeeds(const struct guest_call *c);

#endif

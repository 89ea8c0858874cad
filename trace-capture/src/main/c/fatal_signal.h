/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * QEMU ends a program that dies of a signal without telling its plugins: it restores the default
 * action and sends the signal to itself. That call is intercepted, so that the records which
 * are still in memory reach the trace.
 */
#ifndef LEGOSIM_FATAL_SIGNAL_H
#define LEGOSIM_FATAL_SIGNAL_H

/* `before_death` is called when QEMU is about to kill its own process. Where the interception does
 * not succeed, such a process loses its unwritten blocks and nothing else changes. */
void fatal_signal_intercept(void (*before_death)(void));

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * See call_values.h.
 */
#define _GNU_SOURCE
#include "call_values.h"

#include <inttypes.h>
#include <linux/futex.h>
#include <sched.h>
#include <stdio.h>
#include <sys/syscall.h>

#include "guest_memory.h"

enum {
  MOST_NUMBERS = 4,
  TEXT_BYTES = 96,
  MOST_MASK_BYTES = 128,
  MASK_TEXT_BYTES = 2 + 2 * MOST_MASK_BYTES + 1
};

bool call_has_values(uint64_t number) {
  switch (number) {
    case SYS_rt_sigaction: case SYS_rt_sigprocmask: case SYS_rt_sigsuspend:
    case SYS_rt_sigtimedwait: case SYS_sigaltstack: case SYS_setitimer: case SYS_nanosleep:
    case SYS_clock_nanosleep: case SYS_futex: case SYS_ppoll: case SYS_pselect6:
    case SYS_epoll_pwait: case SYS_sched_setaffinity: case SYS_sched_setscheduler:
    case SYS_sched_setparam:
      return true;
    default:
      return false;
  }
}

/* Numbers that stand one after the other in the guest's memory, in hexadecimal. */
static size_t put_numbers(struct stream *s, uint64_t address, size_t count) {
  uint64_t numbers[MOST_NUMBERS];
  size_t bytes = count * sizeof numbers[0];
  if (address == 0 || guest_read(address, numbers, bytes) != bytes) {
    return 0;
  }
  char text[TEXT_BYTES];
  int length = 0;
  for (size_t i = 0; i < count; i++) {
    length += snprintf(text + length, sizeof text - (size_t)length, "%s0x%" PRIx64,
                       i == 0 ? "" : " ", numbers[i]);
  }
  put_string(s, text, (size_t)length);
  return 1;
}

/* A stack's flags are 32 bits, and what stands behind them is nothing. */
static size_t put_stack(struct stream *s, uint64_t address) {
  uint64_t stack[3];
  if (address == 0 || guest_read(address, stack, sizeof stack) != sizeof stack) {
    return 0;
  }
  char text[TEXT_BYTES];
  int length = snprintf(text, sizeof text, "0x%" PRIx64 " 0x%" PRIx64 " 0x%" PRIx64, stack[0],
                        stack[1] & UINT32_MAX, stack[2]);
  put_string(s, text, (size_t)length);
  return 1;
}

/* A time of seconds and smaller units, `unit` nanoseconds each. */
static size_t put_time(struct stream *s, uint64_t address, int64_t unit) {
  int64_t time[2];
  if (address == 0 || guest_read(address, time, sizeof time) != sizeof time) {
    return 0;
  }
  char text[TEXT_BYTES];
  int length =
      snprintf(text, sizeof text, "%" PRId64 ".%09" PRId64, time[0], time[1] * unit);
  put_string(s, text, (size_t)length);
  return 1;
}

/* A mask of processors as one number. The kernel takes a mask that is shorter than its own, and of
 * a longer one what it knows. */
static size_t put_processors(struct stream *s, uint64_t address, uint64_t bytes) {
  unsigned char mask[MOST_MASK_BYTES];
  size_t known = bytes < sizeof mask ? (size_t)bytes : sizeof mask;
  if (address == 0 || known == 0 || guest_read(address, mask, known) != known) {
    return 0;
  }
  while (known > 1 && mask[known - 1] == 0) {
    known--;
  }
  char text[MASK_TEXT_BYTES];
  int length = snprintf(text, sizeof text, "0x%x", mask[known - 1]);
  for (size_t i = known - 1; i > 0; i--) {
    length += snprintf(text + length, sizeof text - (size_t)length, "%02x", mask[i - 1]);
  }
  put_string(s, text, (size_t)length);
  return 1;
}

static size_t put_priority(struct stream *s, uint64_t address) {
  struct sched_param parameters;
  if (address == 0
      || guest_read(address, &parameters, sizeof parameters) != sizeof parameters) {
    return 0;
  }
  char text[TEXT_BYTES];
  int length = snprintf(text, sizeof text, "%d", parameters.sched_priority);
  put_string(s, text, (size_t)length);
  return 1;
}

/* pselect6 has its mask behind a pointer of its own. */
static size_t put_mask_behind(struct stream *s, uint64_t address) {
  uint64_t mask;
  if (address == 0 || guest_read(address, &mask, sizeof mask) != sizeof mask) {
    return 0;
  }
  return put_numbers(s, mask, 1);
}

static bool is_relative_wait(uint64_t operation) {
  return (operation & FUTEX_CMD_MASK) == FUTEX_WAIT;
}

size_t append_call_values(struct stream *s, const struct guest_call *call) {
  const uint64_t *a = call->arguments;
  switch (call->number) {
    case SYS_rt_sigaction:
      return put_numbers(s, a[1], 4);
    case SYS_rt_sigprocmask:
      return put_numbers(s, a[1], 1);
    case SYS_rt_sigsuspend:
      return put_numbers(s, a[0], 1);
    case SYS_rt_sigtimedwait:
      return put_numbers(s, a[0], 1) + put_time(s, a[2], 1);
    case SYS_sigaltstack:
      return put_stack(s, a[0]);
    case SYS_setitimer:
      return a[1] == 0 ? 0 : put_time(s, a[1], 1000) + put_time(s, a[1] + 16, 1000);
    case SYS_nanosleep:
      return put_time(s, a[0], 1);
    case SYS_clock_nanosleep:
      return a[1] == 0 ? put_time(s, a[2], 1) : 0;
    case SYS_futex:
      return is_relative_wait(a[1]) ? put_time(s, a[3], 1) : 0;
    case SYS_ppoll: case SYS_epoll_pwait:
      return put_numbers(s, a[3], 1);
    case SYS_pselect6:
      return put_mask_behind(s, a[5]);
    case SYS_sched_setaffinity:
      return put_processors(s, a[2], a[1]);
    case SYS_sched_setscheduler:
      return put_priority(s, a[2]);
    case SYS_sched_setparam:
      return put_priority(s, a[1]);
    default:
      return 0;
  }
}

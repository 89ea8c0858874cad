/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * See syscall_table.h.
 */
#define _GNU_SOURCE
#include "syscall_table.h"

#include <stddef.h>
#include <sys/syscall.h>

/* Arguments that each call takes, one digit a call; calls that Linux withdrew count 6. */
static const char counts[] =
    "3331222336" "3214403443" "3215053333" "3312022130" "4333663323" /* from 0 */
    "2334555003" "1421334124" "5332112232" "1122122123" "2233312221" /* from 50 */
    "1403011002" "0002222333" "3111122243" "2223112223" "2322311122" /* from 100 */
    "2100321521" "2101252214" "2213632664" "6666660355" "5444333222" /* from 150 */
    "2163312153" "3131665310" "4434211222" "4144326635" "4155234554" /* from 200 */
    "5320324434" "5343453433" "6512364446" "4632144244" "2132155455" /* from 250 */
    "2545321423" "6653345332" "5351336664" "21564" /* from 300 */;

/* The same from call 424 on, where all architectures share their numbers. */
enum { SHARED_NUMBERS = 424 };
static const char shared_counts[] =
    "4264352533" "2234345654" "3421254" /* from 424 */;

#define ARG(n) (1 << ((n)-1))

static const struct {
  uint16_t number;
  uint8_t strings;
  uint8_t signed_numbers;
  uint8_t string_array;
} special[] = {
    {SYS_open, ARG(1), 0, 0},
    {SYS_stat, ARG(1), 0, 0},
    {SYS_lstat, ARG(1), 0, 0},
    {SYS_mmap, 0, ARG(5), 0},
    {SYS_access, ARG(1), 0, 0},
    {SYS_execve, ARG(1), 0, 2},
    {SYS_wait4, 0, ARG(1), 0},
    {SYS_kill, 0, ARG(1), 0},
    {SYS_truncate, ARG(1), 0, 0},
    {SYS_chdir, ARG(1), 0, 0},
    {SYS_rename, ARG(1) | ARG(2), 0, 0},
    {SYS_mkdir, ARG(1), 0, 0},
    {SYS_rmdir, ARG(1), 0, 0},
    {SYS_creat, ARG(1), 0, 0},
    {SYS_link, ARG(1) | ARG(2), 0, 0},
    {SYS_unlink, ARG(1), 0, 0},
    {SYS_symlink, ARG(1) | ARG(2), 0, 0},
    {SYS_readlink, ARG(1), 0, 0},
    {SYS_chmod, ARG(1), 0, 0},
    {SYS_chown, ARG(1), 0, 0},
    {SYS_lchown, ARG(1), 0, 0},
    {SYS_utime, ARG(1), 0, 0},
    {SYS_mknod, ARG(1), 0, 0},
    {SYS_statfs, ARG(1), 0, 0},
    {SYS_chroot, ARG(1), 0, 0},
    {SYS_utimes, ARG(1), 0, 0},
    {SYS_inotify_add_watch, ARG(2), 0, 0},
    {SYS_openat, ARG(2), ARG(1), 0},
    {SYS_mkdirat, ARG(2), ARG(1), 0},
    {SYS_mknodat, ARG(2), ARG(1), 0},
    {SYS_fchownat, ARG(2), ARG(1), 0},
    {SYS_newfstatat, ARG(2), ARG(1), 0},
    {SYS_unlinkat, ARG(2), ARG(1), 0},
    {SYS_renameat, ARG(2) | ARG(4), ARG(1) | ARG(3), 0},
    {SYS_linkat, ARG(2) | ARG(4), ARG(1) | ARG(3), 0},
    {SYS_symlinkat, ARG(1) | ARG(3), ARG(2), 0},
    {SYS_readlinkat, ARG(2), ARG(1), 0},
    {SYS_fchmodat, ARG(2), ARG(1), 0},
    {SYS_faccessat, ARG(2), ARG(1), 0},
    {SYS_utimensat, ARG(2), ARG(1), 0},
    {SYS_renameat2, ARG(2) | ARG(4), ARG(1) | ARG(3), 0},
    {SYS_memfd_create, ARG(1), 0, 0},
    {SYS_execveat, ARG(2), ARG(1), 3},
    {SYS_statx, ARG(2), ARG(1), 0},
    {SYS_openat2, ARG(2), ARG(1), 0},
    {SYS_faccessat2, ARG(2), ARG(1), 0},
};

struct syscall_shape syscall_shape(uint64_t number) {
  struct syscall_shape shape = {.arguments = 6};
  if (number < sizeof counts - 1) {
    shape.arguments = (uint8_t)(counts[number] - '0');
  } else if (number >= SHARED_NUMBERS && number < SHARED_NUMBERS + sizeof shared_counts - 1) {
    shape.arguments = (uint8_t)(shared_counts[number - SHARED_NUMBERS] - '0');
  }
  for (size_t i = 0; i < sizeof special / sizeof special[0]; i++) {
    if (special[i].number == number) {
      shape.strings = special[i].strings;
      shape.signed_numbers = special[i].signed_numbers;
      shape.string_array = special[i].string_array;
      break;
    }
  }
  return shape;
}

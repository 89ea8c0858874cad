/* SPDX-License-Identifier: Apache-2.0
 *
 * Ends as its argument says: abort, segv, term (waits for a signal), closeall (then goes on).
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static volatile int work[64];

int main(int argc, char **argv) {
  const char *how = argc > 1 ? argv[1] : "";
  for (int i = 0; i < 1000; i++) {
    work[i % 64] += i;
  }
  if (strcmp(how, "abort") == 0) {
    abort();
  } else if (strcmp(how, "segv") == 0) {
    *(volatile int *)16 = 1;
  } else if (strcmp(how, "term") == 0) {
    raise(SIGTERM);
  } else if (strcmp(how, "closeall") == 0) {
    for (int fd = 3; fd < 2000; fd++) {
      close(fd);
    }
    syscall(SYS_close_range, 3, ~0u, 0);
    execl("/bin/true", "closed", (char *)NULL);
  }
  return 0;
}

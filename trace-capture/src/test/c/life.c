/* SPDX-License-Identifier: Apache-2.0
 *
 * A program with a full life: a processor of its own, a wait with a mask, mremap, a signal handler,
 * three threads with a mutex, a fork whose child executes another program after vfork, exit codes.
 */
#define _GNU_SOURCE
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { THREADS = 3, TURNS = 200, MEBIBYTE = 1 << 20 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int counter;
static volatile sig_atomic_t seen;

static void *count(void *nothing) {
  for (int i = 0; i < TURNS; i++) {
    pthread_mutex_lock(&lock);
    counter++;
    pthread_mutex_unlock(&lock);
  }
  return nothing;
}

static void handler(int signal) {
  seen = signal;
}

static void child(char *pages) {
  pages[5] = 9;
  pid_t grandchild = vfork();
  if (grandchild == 0) {
    execl("/bin/true", "true", (char *)NULL);
    _exit(126);
  }
  int status;
  waitpid(grandchild, &status, 0);
  _exit(WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 3 : 4);
}

/* Calls whose meaning stands behind a pointer. */
static void settle(void) {
  cpu_set_t first;
  CPU_ZERO(&first);
  CPU_SET(0, &first);
  sched_setaffinity(0, sizeof first, &first);
  struct sched_param parameters = {.sched_priority = 0};
  sched_setscheduler(0, SCHED_BATCH, &parameters);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR2);
  struct timespec now = {0, 0};
  ppoll(NULL, 0, &now, &set);
}

int main(void) {
  settle();
  int access = PROT_READ | PROT_WRITE;
  char *pages = mmap(NULL, MEBIBYTE, access, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  memset(pages, 1, 4096);
  pages = mremap(pages, MEBIBYTE, 4 * MEBIBYTE, MREMAP_MAYMOVE);
  pages[2 * MEBIBYTE] = 7;
  handler(0); /* called, not delivered */
  signal(SIGUSR1, handler);
  pthread_t threads[THREADS];
  for (int i = 0; i < THREADS; i++) {
    pthread_create(&threads[i], NULL, count, NULL);
  }
  for (int i = 0; i < THREADS; i++) {
    pthread_join(threads[i], NULL);
  }
  raise(SIGUSR1);
  handler(seen); /* called again, by an address that is known as a handler's */
  pid_t pid = fork();
  if (pid == 0) {
    child(pages);
  }
  int status;
  waitpid(pid, &status, 0);
  munmap(pages, 4 * MEBIBYTE);
  return counter == THREADS * TURNS && seen == SIGUSR1 && WEXITSTATUS(status) == 3 ? 42 : 1;
}

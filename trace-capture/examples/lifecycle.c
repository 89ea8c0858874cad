/* SPDX-License-Identifier: Apache-2.0
 *
 * A short program with every turn that a process can take: it forks, executes itself, moves memory, and
 * takes signals in all the ways there are. Exits with 0 when everything was as it must be.
 *
 * Build: gcc -O2 -static -pthread -o lifecycle lifecycle.c
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096, PAGES = 24, STACK_BYTES = 16384, TICK_US = 25000, SIGNALS = 65 };

static volatile sig_atomic_t seen[SIGNALS];
static volatile double sum;
static sigset_t none;

/* Each signal has a handler of its own: a capture knows a signal by its handler's address. */
static void on_user2(int number) {
  seen[number]++;
  for (int i = 0; i < 50; i++) {
    sum += (double)i / 3;
  }
}

/* Computes in the registers that a frame must bring back, and is itself interrupted. */
static void on_user1(int number) {
  seen[number]++;
  double before = sum;
  raise(SIGUSR2);
  sum = sum - before > 1 ? sum + before : -1;
}

static void on_alarm(int number) {
  seen[number] += 1;
  sum += 1;
}

static void on_child(int number) {
  seen[number] += 1;
  sum += 2;
}

static void on_real_time(int number) {
  seen[number] += 1;
  sum += 3;
}

static void on_answer(int number) {
  seen[number] += 1;
  sum += 4;
}

static void handle(int number, void (*handler)(int), int flags, int blocked) {
  struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
  sigemptyset(&action.sa_mask);
  if (blocked != 0) {
    sigaddset(&action.sa_mask, blocked);
  }
  sigaction(number, &action, NULL);
}

static void block(int how, int number) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, number);
  sigprocmask(how, &set, NULL);
}

static void wait_for(int number, int times) {
  while (seen[number] < times) {
    sigsuspend(&none);
  }
}

static int exit_code(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) != child) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 256 + WTERMSIG(status);
}

/* Grows memory in place or elsewhere, shrinks it, and finds what it had written. */
static int move_memory(void) {
  int access = PROT_READ | PROT_WRITE;
  char *at = mmap(NULL, PAGES * PAGE, access, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  for (int i = 0; i < PAGES; i++) {
    at[i * PAGE] = (char)(i + 1);
  }
  /* a neighbour that is in the way */
  mmap(at + PAGES * PAGE, PAGE, access, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
  char *moved = mremap(at, PAGES * PAGE, 3 * PAGES * PAGE, MREMAP_MAYMOVE);
  int good = moved != MAP_FAILED;
  for (int i = 0; good && i < PAGES; i++) {
    good = moved[i * PAGE] == (char)(i + 1);
  }
  moved[2 * PAGES * PAGE] = 1;
  char *smaller = mremap(moved, 3 * PAGES * PAGE, PAGES * PAGE / 2, 0);
  good = good && smaller == moved && smaller[PAGE] == 2;
  munmap(smaller, PAGES * PAGE / 2);
  return good;
}

static pthread_barrier_t barrier;

static void *sleep_on(void *nothing) {
  pthread_barrier_wait(&barrier);
  for (;;) {
    pause();
  }
  return nothing;
}

/* A child that answers its parent's signal and ends with a thread asleep. */
static void answer(pid_t parent) {
  handle(SIGUSR2, on_answer, 0, 0);
  seen[SIGUSR2] = 0;
  kill(parent, SIGUSR1);
  wait_for(SIGUSR2, 1);
  pthread_t sleeper;
  pthread_barrier_init(&barrier, NULL, 2);
  pthread_create(&sleeper, NULL, sleep_on, NULL);
  pthread_barrier_wait(&barrier);
  usleep(TICK_US);
  _exit(move_memory() && seen[SIGUSR2] == 1 ? 3 : 4);
}

int main(int argc, char **argv) {
  if (argc > 1) {
    return move_memory() ? 7 : 8;
  }
  static char stack[STACK_BYTES];
  stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
  sigaltstack(&alternate, NULL);
  handle(SIGUSR1, on_user1, SA_ONSTACK, 0);
  handle(SIGUSR2, on_user2, 0, SIGUSR1);
  handle(SIGRTMIN, on_real_time, SA_RESTART, 0);
  handle(SIGALRM, on_alarm, 0, 0);

  raise(SIGUSR1); /* one handler within the other, on the alternate stack */
  block(SIG_BLOCK, SIGRTMIN);
  raise(SIGRTMIN);
  raise(SIGRTMIN); /* real-time signals queue */
  block(SIG_UNBLOCK, SIGRTMIN);
  int good = seen[SIGUSR1] == 1 && seen[SIGUSR2] == 1 && seen[SIGRTMIN] == 2;

  block(SIG_BLOCK, SIGALRM);
  struct itimerval soon = {.it_value = {.tv_usec = TICK_US}};
  setitimer(ITIMER_REAL, &soon, NULL);
  wait_for(SIGALRM, 1);

  good = good && move_memory();
  char *shared = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  memset(shared, 5, 4 * PAGE);
  handle(SIGCHLD, on_child, SA_RESTART, 0);
  block(SIG_BLOCK, SIGUSR1);
  block(SIG_BLOCK, SIGUSR2);
  pid_t child = fork();
  if (child == 0) {
    shared[0] = 6;
    answer(getppid());
  }
  wait_for(SIGUSR1, 2);
  kill(child, SIGUSR2);
  good = good && exit_code(child) == 3 && shared[0] == 5;

  pid_t victim = fork();
  if (victim == 0) {
    for (;;) {
      pause();
    }
  }
  usleep(TICK_US); /* it sleeps by then */
  kill(victim, SIGTERM);
  good = good && exit_code(victim) == 256 + SIGTERM;

  pid_t other = vfork();
  if (other == 0) {
    execl(argv[0], "again", "inner", (char *)NULL);
    _exit(126);
  }
  good = good && exit_code(other) == 7;
  good = good && seen[SIGCHLD] >= 1;
  return good ? 0 : 1;
}

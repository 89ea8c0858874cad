/* Threads that take turns: a mutex around a counter, a bounded queue with condition variables, barriers between rounds. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { QUEUE = 8, THREADS_MAX = 16 };

static pthread_mutex_t counter_mutex = PTHREAD_MUTEX_INITIALIZER;
static long counter;
static char table[1 << 18];

static pthread_mutex_t queue_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t not_empty = PTHREAD_COND_INITIALIZER;
static pthread_cond_t not_full = PTHREAD_COND_INITIALIZER;
static int queue[QUEUE], head, count;

static pthread_barrier_t barrier;
static pthread_spinlock_t spin;
static long spun;
static int threads, rounds, turns;

static void put(int item) {
  pthread_mutex_lock(&queue_mutex);
  while (count == QUEUE) {
    pthread_cond_wait(&not_full, &queue_mutex);
  }
  queue[(head + count++) % QUEUE] = item;
  pthread_cond_signal(&not_empty);
  pthread_mutex_unlock(&queue_mutex);
}

static int take(void) {
  pthread_mutex_lock(&queue_mutex);
  while (count == 0) {
    pthread_cond_wait(&not_empty, &queue_mutex);
  }
  int item = queue[head];
  head = (head + 1) % QUEUE;
  count--;
  pthread_cond_signal(&not_full);
  pthread_mutex_unlock(&queue_mutex);
  return item;
}

static void *work(void *argument) {
  long self = (long)argument;
  for (int round = 0; round < rounds; round++) {
    for (int turn = 0; turn < turns; turn++) {
      pthread_mutex_lock(&counter_mutex);
      for (int i = 0; i < 20; i++) {
        table[(counter * 4099 + i * 64) & (sizeof table - 1)]++;
      }
      counter++;
      pthread_mutex_unlock(&counter_mutex);
      pthread_spin_lock(&spin);
      spun++;
      pthread_spin_unlock(&spin);
      if (self & 1) {
        put(turn);
      } else {
        take();
      }
    }
    pthread_barrier_wait(&barrier);
  }
  return NULL;
}

int main(int argc, char **argv) {
  threads = argc > 1 ? atoi(argv[1]) : 4;
  rounds = argc > 2 ? atoi(argv[2]) : 3;
  turns = argc > 3 ? atoi(argv[3]) : 50;
  if (threads < 2 || threads > THREADS_MAX || threads % 2 != 0) {
    return 2;
  }
  pthread_t ids[THREADS_MAX];
  pthread_barrier_init(&barrier, NULL, threads);
  pthread_spin_init(&spin, 0);
  for (long i = 0; i < threads; i++) {
    pthread_create(&ids[i], NULL, work, (void *)i);
  }
  for (int i = 0; i < threads; i++) {
    pthread_join(ids[i], NULL);
  }
  printf("%ld %ld\n", counter, spun);
  return 0;
}

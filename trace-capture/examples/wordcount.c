/* SPDX-License-Identifier: Apache-2.0
 *
 * Counts the words of a text with several threads and prints the most frequent ones: a small real
 * program whose memory trace is interesting on a disaggregated machine.
 *
 *   gcc -O2 -pthread -o wordcount wordcount.c
 *   ./wordcount TEXT [THREADS [TOP]]
 *
 * What its trace shows: a private file mapping shared by all threads; chunks handed out by an atomic
 * counter; one growing word list per thread (realloc, hence mremap once it is large) with a
 * hash index beside it; barriers; a merge in which each thread gathers one share of the words from all
 * lists; a parallel merge sort; and a last pass by one thread.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK_BYTES = 16384, MAX_THREADS = 64, FIRST_WORDS = 256 };

struct word {
  const char *text;
  uint32_t length;
  uint32_t hash;
  uint64_t count;
};

/* Words in order of first appearance, found again through an index of slots (word number + 1). */
struct table {
  struct word *words;
  uint32_t *slots;
  uint32_t word_count;
  uint32_t word_capacity;
  uint32_t slot_mask;
};

struct worker {
  pthread_t thread;
  uint32_t number;
  struct table seen;   /* what this thread read */
  struct table merged; /* its share of the words of all threads */
};

static const char *text;
static size_t text_bytes;
static uint32_t worker_count;
static struct worker workers[MAX_THREADS];
static atomic_size_t next_chunk;
static pthread_barrier_t phase_end;
static struct word *sorted;
static struct word *scratch;
static uint32_t run_start[MAX_THREADS + 1];

static void die(const char *what) {
  fprintf(stderr, "wordcount: %s: %s\n", what, strerror(errno));
  exit(1);
}

static void *grow(void *old, size_t bytes) {
  void *grown = realloc(old, bytes);
  if (grown == NULL) {
    die("realloc");
  }
  return grown;
}

static void rebuild_index(struct table *t) {
  uint32_t slot_count = t->word_capacity * 2;
  free(t->slots);
  t->slots = calloc(slot_count, sizeof *t->slots);
  if (t->slots == NULL) {
    die("calloc");
  }
  t->slot_mask = slot_count - 1;
  for (uint32_t i = 0; i < t->word_count; i++) {
    uint32_t slot = t->words[i].hash & t->slot_mask;
    while (t->slots[slot] != 0) {
      slot = (slot + 1) & t->slot_mask;
    }
    t->slots[slot] = i + 1;
  }
}

static void add(struct table *t, const struct word *w) {
  if (t->word_count == t->word_capacity) {
    t->word_capacity = t->word_capacity == 0 ? FIRST_WORDS : t->word_capacity * 2;
    t->words = grow(t->words, t->word_capacity * sizeof *t->words);
    rebuild_index(t);
  }
  uint32_t slot = w->hash & t->slot_mask;
  while (t->slots[slot] != 0) {
    struct word *known = &t->words[t->slots[slot] - 1];
    if (known->hash == w->hash && known->length == w->length
        && memcmp(known->text, w->text, w->length) == 0) {
      known->count += w->count;
      return;
    }
    slot = (slot + 1) & t->slot_mask;
  }
  t->words[t->word_count++] = *w;
  t->slots[slot] = t->word_count;
}

static bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Counts the words that begin in [start, end). */
static void count_range(struct table *t, size_t start, size_t end) {
  size_t at = start;
  while (start > 0 && at < end && is_letter(text[at]) && is_letter(text[at - 1])) {
    at++; /* the tail of a word that the previous chunk owns */
  }
  while (at < end) {
    if (!is_letter(text[at])) {
      at++;
      continue;
    }
    struct word w = {.text = text + at, .hash = 2166136261u, .count = 1};
    while (at < text_bytes && is_letter(text[at])) {
      w.hash = (w.hash ^ (uint8_t)text[at]) * 16777619u;
      at++;
    }
    w.length = (uint32_t)(text + at - w.text);
    w.hash ^= w.hash >> 15; /* the share of a worker must not depend on low bits alone */
    add(t, &w);
  }
}

static void count_chunks(struct worker *me) {
  for (;;) {
    size_t start = atomic_fetch_add(&next_chunk, 1) * CHUNK_BYTES;
    if (start >= text_bytes) {
      return;
    }
    size_t end = start + CHUNK_BYTES < text_bytes ? start + CHUNK_BYTES : text_bytes;
    count_range(&me->seen, start, end);
  }
}

static void merge_share(struct worker *me) {
  for (uint32_t from = 0; from < worker_count; from++) {
    const struct table *t = &workers[from].seen;
    for (uint32_t i = 0; i < t->word_count; i++) {
      if ((t->words[i].hash >> 8) % worker_count == me->number) {
        add(&me->merged, &t->words[i]);
      }
    }
  }
}

/* Most frequent first; equal counts in alphabetical order. */
static int compare(const struct word *a, const struct word *b) {
  if (a->count != b->count) {
    return a->count > b->count ? -1 : 1;
  }
  uint32_t shorter = a->length < b->length ? a->length : b->length;
  int order = memcmp(a->text, b->text, shorter);
  return order != 0 ? order : (int)a->length - (int)b->length;
}

static void merge_runs(
    struct word *to, const struct word *left, uint32_t left_count, const struct word *right,
    uint32_t right_count) {
  while (left_count > 0 || right_count > 0) {
    bool takes_left =
        right_count == 0 || (left_count > 0 && compare(left, right) <= 0);
    if (takes_left) {
      *to++ = *left++;
      left_count--;
    } else {
      *to++ = *right++;
      right_count--;
    }
  }
}

static void sort_run(struct word *words, struct word *spare, uint32_t count) {
  if (count < 2) {
    return;
  }
  uint32_t half = count / 2;
  sort_run(words, spare, half);
  sort_run(words + half, spare + half, count - half);
  merge_runs(spare, words, half, words + half, count - half);
  memcpy(words, spare, count * sizeof *words);
}

/* One thread of each pair merges two neighbouring runs, until a single run is left. */
static void merge_pairs(struct worker *me) {
  for (uint32_t width = 1; width < worker_count; width *= 2) {
    pthread_barrier_wait(&phase_end);
    bool is_left = me->number % (2 * width) == 0 && me->number + width < worker_count;
    if (is_left) {
      uint32_t last = me->number + 2 * width < worker_count ? me->number + 2 * width : worker_count;
      uint32_t start = run_start[me->number];
      uint32_t middle = run_start[me->number + width];
      uint32_t end = run_start[last];
      merge_runs(scratch + start, sorted + start, middle - start, sorted + middle, end - middle);
      memcpy(sorted + start, scratch + start, (end - start) * sizeof *sorted);
    }
  }
}

static void place_runs(void) {
  for (uint32_t i = 0; i < worker_count; i++) {
    run_start[i + 1] = run_start[i] + workers[i].merged.word_count;
  }
  size_t bytes = (run_start[worker_count] + 1) * sizeof *sorted;
  sorted = grow(NULL, bytes);
  scratch = grow(NULL, bytes);
}

static void *work(void *argument) {
  struct worker *me = argument;
  count_chunks(me);
  pthread_barrier_wait(&phase_end);
  merge_share(me);
  if (pthread_barrier_wait(&phase_end) == PTHREAD_BARRIER_SERIAL_THREAD) {
    place_runs();
  }
  pthread_barrier_wait(&phase_end);
  struct word *run = sorted + run_start[me->number];
  uint32_t count = me->merged.word_count;
  if (count > 0) {
    memcpy(run, me->merged.words, count * sizeof *run);
    sort_run(run, scratch + run_start[me->number], count);
  }
  merge_pairs(me);
  pthread_barrier_wait(&phase_end);
  free(me->seen.words);
  free(me->seen.slots);
  return NULL;
}

static void map_text(const char *path) {
  int fd = open(path, O_RDONLY);
  struct stat status;
  if (fd < 0 || fstat(fd, &status) != 0) {
    die(path);
  }
  text_bytes = (size_t)status.st_size;
  if (text_bytes > 0) {
    text = mmap(NULL, text_bytes, PROT_READ, MAP_PRIVATE, fd, 0);
    if (text == MAP_FAILED) {
      die("mmap");
    }
  }
  close(fd);
}

static uint32_t number_argument(int argc, char **argv, int index, long fallback, long most) {
  long value = argc > index ? strtol(argv[index], NULL, 10) : fallback;
  return (uint32_t)(value < 1 ? 1 : value > most ? most : value);
}

int main(int argc, char **argv) {
  if (argc < 2) {
    fprintf(stderr, "usage: wordcount TEXT [THREADS [TOP]]\n");
    return 2;
  }
  worker_count = number_argument(argc, argv, 2, sysconf(_SC_NPROCESSORS_ONLN), MAX_THREADS);
  uint32_t top = number_argument(argc, argv, 3, 10, 1000000);
  map_text(argv[1]);
  pthread_barrier_init(&phase_end, NULL, worker_count);
  for (uint32_t i = 0; i < worker_count; i++) {
    workers[i].number = i;
    if (pthread_create(&workers[i].thread, NULL, work, &workers[i]) != 0) {
      die("pthread_create");
    }
  }
  for (uint32_t i = 0; i < worker_count; i++) {
    pthread_join(workers[i].thread, NULL);
  }
  uint64_t total = 0;
  uint32_t distinct = run_start[worker_count];
  for (uint32_t i = 0; i < distinct; i++) {
    total += sorted[i].count;
  }
  printf("%llu words, %u distinct\n", (unsigned long long)total, distinct);
  for (uint32_t i = 0; i < distinct && i < top; i++) {
    printf("%10llu %.*s\n", (unsigned long long)sorted[i].count, (int)sorted[i].length,
           sorted[i].text);
  }
  return 0;
}

/* SPDX-License-Identifier: Apache-2.0
 *
 * Counts the words of a text with several threads and prints the most frequent ones: a small real
 * program whose memory trace is interesting on a disaggregated machine.
 *
 *   gcc -O2 -pthread -o wordcount wordcount.c
 *   ./wordcount TEXT [THREADS [TOP]]
 *
 * What its trace shows: a private file mapping shared by all threads; chunks handed out by an
 * atomic counter; one table per thread, in an array that grows (realloc, hence mremap once it is
 * large); barriers; a merge in which each thread gathers one share of the words from all tables; a
 * parallel merge sort of references; and a last pass by one thread. The tables are simple: few
 * buckets, long chains of large entries, and a step along a chain is one load, since an entry's
 * link and a tag of its word share eight bytes. So most accesses are to another page than the one
 * before, and what the program needs of a page cache is its working set.
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

enum { CHUNK_BYTES = 4096, MAX_THREADS = 64, FIRST_WORDS = 2048, PREFIX_BYTES = 8 };
enum { BUCKETS = 4, PLACES = 251, NONE = 0xffffffff };

struct word {
  uint64_t link;   /* above: the tag of the word; below: the next entry of its bucket */
  uint64_t prefix; /* the first letters as a number, whose order is the alphabet's */
  uint64_t length;
  const char *text;
  uint64_t count;
  uint64_t places[PLACES]; /* where in the text it was met first */
};

/* Entries in order of first appearance; the array grows, so its links are indices. */
struct table {
  struct word *words;
  uint32_t count;
  uint32_t capacity;
  uint32_t bucket[BUCKETS];
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
static const struct word **sorted;
static const struct word **scratch;
static uint32_t run_start[MAX_THREADS + 1];

static void die(const char *what) {
  fprintf(stderr, "wordcount: %s: %s\n", what, strerror(errno));
  exit(1);
}

static void clear(struct table *t) {
  for (int i = 0; i < BUCKETS; i++) {
    t->bucket[i] = NONE;
  }
}

static uint64_t mix(uint64_t prefix) {
  return prefix * 0x9e3779b97f4a7c15u;
}

/* Of words with the same prefix. */
static bool is_same(const struct word *a, const struct word *b) {
  return a->length == b->length
      && (a->length <= PREFIX_BYTES || memcmp(a->text, b->text, a->length) == 0);
}

/* The entry of a word, made if there is none. */
static struct word *find(struct table *t, const struct word *wanted) {
  uint64_t hash = mix(wanted->prefix);
  uint32_t tag = (uint32_t)(hash >> 16);
  uint32_t *bucket = &t->bucket[hash >> 56 & (BUCKETS - 1)];
  struct word *words = t->words;
  uint64_t link;
  for (uint32_t i = *bucket; i != NONE; i = (uint32_t)link) {
    link = words[i].link;
    if (link >> 32 == tag && words[i].prefix == wanted->prefix && is_same(&words[i], wanted)) {
      return &words[i];
    }
  }
  if (t->count == t->capacity) {
    t->capacity = t->capacity == 0 ? FIRST_WORDS : t->capacity * 2;
    t->words = realloc(t->words, t->capacity * sizeof *t->words);
    if (t->words == NULL) {
      die("realloc");
    }
  }
  struct word *added = &t->words[t->count];
  added->link = (uint64_t)tag << 32 | *bucket;
  added->prefix = wanted->prefix;
  added->length = wanted->length;
  added->text = wanted->text;
  added->count = 0;
  *bucket = t->count++;
  return added;
}

static void count_word(struct table *t, const struct word *met) {
  struct word *known = find(t, met);
  if (known->count < PLACES) {
    known->places[known->count] = (uint64_t)(met->text - text);
  }
  known->count++;
}

static void add_counts(struct table *t, const struct word *more) {
  struct word *known = find(t, more);
  for (uint64_t i = 0; i < more->count && i < PLACES && known->count + i < PLACES; i++) {
    known->places[known->count + i] = more->places[i];
  }
  known->count += more->count;
}

static bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Counts the words that begin in [start, end). */
static void count_range(struct table *t, size_t start, size_t end) {
  const char *all = text;
  size_t bytes = text_bytes;
  size_t at = start;
  while (start > 0 && at < end && is_letter(all[at]) && is_letter(all[at - 1])) {
    at++; /* the tail of a word that the previous chunk owns */
  }
  while (at < end) {
    size_t first = at;
    uint64_t prefix = 0;
    for (char c; at < bytes && is_letter(c = all[at]); at++) {
      prefix = at - first < PREFIX_BYTES ? prefix << 8 | (uint8_t)c : prefix;
    }
    size_t length = at - first;
    if (length > 0) {
      struct word met;
      met.prefix = length < PREFIX_BYTES ? prefix << 8 * (PREFIX_BYTES - length) : prefix;
      met.length = length;
      met.text = all + first;
      count_word(t, &met);
    }
    at++;
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

/* Each worker gathers the words of its share, which their letters decide. */
static void merge_share(struct worker *me) {
  for (uint32_t i = 0; i < worker_count; i++) {
    const struct table *from = &workers[(me->number + i) % worker_count].seen;
    for (uint32_t n = 0; n < from->count; n++) {
      if (mix(from->words[n].prefix) % worker_count == me->number) {
        add_counts(&me->merged, &from->words[n]);
      }
    }
  }
}

/* Most frequent first; equal counts in alphabetical order. */
static bool comes_first(const struct word *a, const struct word *b) {
  if (a->count != b->count) {
    return a->count > b->count;
  }
  if (a->prefix != b->prefix) {
    return a->prefix < b->prefix;
  }
  size_t shorter = a->length < b->length ? a->length : b->length;
  int order = memcmp(a->text, b->text, shorter);
  return order != 0 ? order < 0 : a->length <= b->length;
}

static void merge_runs(
    const struct word **to, const struct word **left, uint32_t left_count,
    const struct word **right, uint32_t right_count) {
  while (left_count > 0 && right_count > 0) {
    if (comes_first(*left, *right)) {
      *to++ = *left++;
      left_count--;
    } else {
      *to++ = *right++;
      right_count--;
    }
  }
  memcpy(to, left, left_count * sizeof *to);
  memcpy(to + left_count, right, right_count * sizeof *to);
}

static void sort_run(const struct word **words, const struct word **spare, uint32_t count) {
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
    run_start[i + 1] = run_start[i] + workers[i].merged.count;
  }
  size_t bytes = (run_start[worker_count] + 1) * sizeof *sorted;
  sorted = malloc(bytes);
  scratch = malloc(bytes);
  if (sorted == NULL || scratch == NULL) {
    die("malloc");
  }
}

static void *work(void *argument) {
  struct worker *me = argument;
  clear(&me->seen);
  clear(&me->merged);
  count_chunks(me);
  pthread_barrier_wait(&phase_end);
  merge_share(me);
  if (pthread_barrier_wait(&phase_end) == PTHREAD_BARRIER_SERIAL_THREAD) {
    place_runs();
  }
  pthread_barrier_wait(&phase_end);
  const struct word **run = sorted + run_start[me->number];
  for (uint32_t i = 0; i < me->merged.count; i++) {
    run[i] = &me->merged.words[i];
  }
  sort_run(run, scratch + run_start[me->number], me->merged.count);
  merge_pairs(me);
  pthread_barrier_wait(&phase_end);
  free(me->seen.words);
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
    total += sorted[i]->count;
  }
  printf("%llu words, %u distinct\n", (unsigned long long)total, distinct);
  for (uint32_t i = 0; i < distinct && i < top; i++) {
    printf("%10llu %.*s\n", (unsigned long long)sorted[i]->count, (int)sorted[i]->length,
           sorted[i]->text);
  }
  return 0;
}

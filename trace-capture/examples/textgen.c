/* SPDX-License-Identifier: Apache-2.0
 *
 * Writes a reproducible text: words drawn from a made-up vocabulary by the law of Zipf and
 * Mandelbrot, word n in proportion to 1 / (n + SHIFT). SHIFT 1 is Zipf's own law; a greater one
 * spreads the frequent words.
 *
 *   gcc -O2 -o textgen textgen.c
 *   ./textgen BYTES VOCABULARY SHIFT SEED > TEXT
 *
 * The same arguments give the same bytes on every machine: the weights are integers (2^32 / (n +
 * SHIFT), rounded down), so no floating-point rounding takes part.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST = 10, SHORTEST = 3, LINE_BYTES = 72 };

static uint64_t state;

/* splitmix64 */
static uint64_t draw(void) {
  uint64_t z = state += 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

int main(int argc, char **argv) {
  if (argc != 5) {
    fprintf(stderr, "usage: textgen BYTES VOCABULARY SHIFT SEED\n");
    return 2;
  }
  uint64_t bytes = strtoull(argv[1], NULL, 10);
  uint32_t words = (uint32_t)strtoul(argv[2], NULL, 10);
  uint64_t shift = strtoull(argv[3], NULL, 10);
  state = strtoull(argv[4], NULL, 10);
  char(*vocabulary)[LONGEST + 1] = calloc(words, sizeof *vocabulary);
  uint64_t *weight_below = calloc((size_t)words + 1, sizeof *weight_below);
  if (words == 0 || shift == 0 || vocabulary == NULL || weight_below == NULL) {
    fprintf(stderr, "textgen: cannot make a vocabulary of %s words\n", argv[2]);
    return 1;
  }
  for (uint32_t n = 0; n < words; n++) {
    uint64_t length = SHORTEST + draw() % (LONGEST - SHORTEST + 1);
    for (uint64_t i = 0; i < length; i++) {
      vocabulary[n][i] = (char)('a' + draw() % 26);
    }
    weight_below[n + 1] = weight_below[n] + (1ull << 32) / (n + shift);
  }
  uint64_t column = 0;
  for (uint64_t written = 0; written < bytes;) {
    uint64_t ticket = draw() % weight_below[words];
    uint32_t low = 0;
    uint32_t high = words - 1;
    while (low < high) {
      uint32_t middle = low + (high - low) / 2;
      if (weight_below[middle + 1] <= ticket) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    uint64_t length = strlen(vocabulary[low]);
    if (written + length + 1 > bytes) {
      length = bytes - written - 1; /* the last word is cut so that the size is exact */
    }
    fwrite(vocabulary[low], 1, length, stdout);
    column += length + 1;
    putchar(column >= LINE_BYTES || written + length + 1 >= bytes ? '\n' : ' ');
    column = column >= LINE_BYTES ? 0 : column;
    written += length + 1;
  }
  return fclose(stdout) == 0 ? 0 : 1;
}

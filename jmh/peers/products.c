/*
 * The product of 32 rows as Rill cuts it, in C: panels of 64 columns, 512 inputs at a time, four tiles of six rows by four vectors
 * and two of four rows, chains of 64 inputs. It shows what such a product can have where weights come from beyond the second-level
 * cache: plain, and with a prefetch instruction or a load for each line of the next panel, one an input of all tiles but the first two.
 * At the last panel there is no next one, and what is touched is there already.
 */
#define _POSIX_C_SOURCE 200112L
#ifndef __AVX512F__
#error "this program is written for AVX-512"
#endif
#include <immintrin.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ROWS = 32, VECTORS = 4, LANES = 16, COLUMNS = VECTORS * LANES, BLOCK = 512, CHAIN = 64, TALL = 6, LOW = 4, TALL_ROWS = 24, ROUNDS = 40, STREAMS = 8 };
enum { PLAIN, PREFETCH, LOAD, LOAD_STREAMS, FORMS };

static const char *const NAMES[] = {"plain", "prefetch instructions", "loads, line after line", "loads, 8 streams"};
static volatile float sink;

/* One chain of some rows; line goes through the next panel. */
static inline __attribute__((always_inline)) void tile(int rows, int form, const float *w, const float *x, float *to, int stride,
    const float *next, int line) {
  __m512 sums[TALL][VECTORS];
  float touched = 0;
#pragma GCC unroll 6
  for (int r = 0; r < rows; r++)
    for (int v = 0; v < VECTORS; v++) sums[r][v] = _mm512_setzero_ps();
  for (int k = 0; k < CHAIN; k++, w += COLUMNS, line++) {
    int place = form == LOAD_STREAMS ? (line % STREAMS * (BLOCK * VECTORS / STREAMS) + line / STREAMS) * LANES : line * LANES;
    if (form == PREFETCH) _mm_prefetch((const char *) (next + place), _MM_HINT_T0);
    if (form == LOAD || form == LOAD_STREAMS) touched += next[place];
    __m512 weights[VECTORS];
    for (int v = 0; v < VECTORS; v++) weights[v] = _mm512_load_ps(w + v * LANES);
#pragma GCC unroll 6
    for (int r = 0; r < rows; r++) {
      __m512 input = _mm512_set1_ps(x[r * BLOCK + k]);
      for (int v = 0; v < VECTORS; v++) sums[r][v] = _mm512_fmadd_ps(weights[v], input, sums[r][v]);
    }
  }
#pragma GCC unroll 6
  for (int r = 0; r < rows; r++)
    for (int v = 0; v < VECTORS; v++) {
      float *sum = to + r * stride + v * LANES;
      _mm512_store_ps(sum, _mm512_add_ps(sums[r][v], _mm512_load_ps(sum)));
    }
  sink = touched;
}

#define TILE(name, rows, form) \
  static __attribute__((noinline)) void name(const float *w, const float *x, float *to, int stride, const float *next, int line) { \
    tile(rows, form, w, x, to, stride, next, line); \
  }
TILE(tall0, TALL, PLAIN)
TILE(tall1, TALL, PREFETCH)
TILE(tall2, TALL, LOAD)
TILE(tall3, TALL, LOAD_STREAMS)
TILE(low0, LOW, PLAIN)
TILE(low1, LOW, PREFETCH)
TILE(low2, LOW, LOAD)
TILE(low3, LOW, LOAD_STREAMS)

typedef void (*Tile)(const float *, const float *, float *, int, const float *, int);

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e9 + t.tv_nsec;
}

static float *floats(size_t n) {
  void *place;
  if (posix_memalign(&place, 4096, n * sizeof(float))) exit(1);
  for (size_t i = 0; i < n; i++) ((float *) place)[i] = 0.01f * (i % 13);
  return place;
}

/* Adds to what is there. Panels go from the last to the first in every other product, as in Rill. */
static void product(int form, int inputs, int panels, int backwards, const float *weights, const float *x, float *to) {
  static const Tile tall[] = {tall0, tall1, tall2, tall3}, low[] = {low0, low1, low2, low3};
  int stride = panels * COLUMNS;
  for (int first = 0; first < inputs; first += BLOCK)
    for (int i = 0; i < panels; i++) {
      int panel = backwards ? panels - 1 - i : i, after = i + 1 == panels ? panel : backwards ? panel - 1 : panel + 1;
      const float *w = weights + ((size_t) panel * inputs + first) * COLUMNS, *next = weights + ((size_t) after * inputs + first) * COLUMNS;
      int line = 0;
      for (int row = 0; row < ROWS; row += row < TALL_ROWS ? TALL : LOW) {
        int ahead = row >= 2 * TALL;
        Tile one = (row < TALL_ROWS ? tall : low)[ahead ? form : PLAIN];
        for (int k = 0; k < BLOCK; k += CHAIN) {
          one(w + k * COLUMNS, x + row * BLOCK + k, to + row * stride + panel * COLUMNS, stride, next, line);
          line += ahead ? CHAIN : 0;
        }
      }
    }
}

int main(void) {
  static const int sizes[] = {512, 1024};
  printf("| 32 rows in C, GFLOP/s |");
  for (int form = 0; form < FORMS; form++) printf(" %s |", NAMES[form]);
  printf("\n|---|---|---|---|---|\n");
  for (int s = 0; s < 2; s++) {
    int units = sizes[s], inputs = 2 * units, panels = 4 * units / COLUMNS;
    float *weights = floats((size_t) inputs * 4 * units), *x = floats(ROWS * BLOCK), *to = floats((size_t) ROWS * 4 * units);
    double least[FORMS];
    for (int round = 0; round < ROUNDS; round++)
      for (int form = 0; form < FORMS; form++)
        for (int turn = 0; turn < 2; turn++) {
          double start = now();
          product(form, inputs, panels, turn, weights, x, to);
          double nanos = now() - start;
          if ((round == 0 && turn == 0) || nanos < least[form]) least[form] = nanos;
        }
    printf("| %d→%d |", units, units);
    for (int form = 0; form < FORMS; form++) printf(" %.0f |", 2.0 * ROWS * inputs * 4 * units / least[form]);
    printf("\n");
  }
}

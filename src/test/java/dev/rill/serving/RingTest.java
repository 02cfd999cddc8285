package dev.rill.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RingTest {
  @Test
  void itIsAQueueOfAFixedSize() {
    Ring<Integer> ring = new Ring<>(3);
    int room = 0;
    while (ring.offer(room)) {
      room++;
    }
    assertEquals(4, room);
    for (int round = 0; round < 10; round++) {
      assertEquals(4, ring.size());
      assertEquals(round, ring.poll());
      assertTrue(ring.offer(round + 4));
      assertFalse(ring.offer(-1));
    }
    for (int i = 10; i < 14; i++) {
      assertEquals(i, ring.poll());
    }
    assertTrue(ring.isEmpty());
    assertNull(ring.poll());
  }

  /** As many elements as slots, passed between two rings by many threads: none is lost, whoever stops half-way. */
  @Test
  void nothingIsLostBetweenFullRings() throws InterruptedException {
    Ring<Integer> one = new Ring<>(4);
    Ring<Integer> other = new Ring<>(4);
    for (int i = 0; i < 4; i++) {
      one.put(i);
    }
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 8; t++) {
      Ring<Integer> from = t % 2 == 0 ? one : other;
      Ring<Integer> to = t % 2 == 0 ? other : one;
      threads.add(new Thread(() -> {
        for (int i = 0; i < 50_000; i++) {
          Integer element = from.poll();
          if (element != null) {
            to.put(element);
          }
        }
      }));
    }
    for (Thread thread : threads) {
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(4, one.size() + other.size());
  }

  @Test
  void betweenThreadsEverythingComesOutOnceAndInTheOrderOfEachWriter() throws InterruptedException {
    int writers = 4;
    int each = 20_000;
    Ring<int[]> ring = new Ring<>(16);
    AtomicInteger left = new AtomicInteger(writers * each);
    List<Thread> threads = new ArrayList<>();
    List<int[]> wrong = new ArrayList<>();
    int[][] seen = new int[2][writers];
    AtomicInteger[] count = new AtomicInteger[writers];
    for (int w = 0; w < writers; w++) {
      int writer = w;
      count[w] = new AtomicInteger();
      threads.add(new Thread(() -> {
        for (int i = 1; i <= each; i++) {
          int[] element = {writer, i};
          ring.put(element);
        }
      }));
    }
    for (int r = 0; r < 2; r++) {
      int reader = r;
      threads.add(new Thread(() -> {
        while (left.get() > 0) {
          int[] element = ring.poll();
          if (element == null) {
            Thread.yield();
            continue;
          }
          left.decrementAndGet();
          count[element[0]].addAndGet(element[1]);
          if (element[1] <= seen[reader][element[0]]) {
            synchronized (wrong) {
              wrong.add(element);
            }
          }
          seen[reader][element[0]] = element[1];
        }
      }));
    }
    for (Thread thread : threads) {
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertTrue(wrong.isEmpty());
    for (AtomicInteger sum : count) {
      assertEquals(each * (each + 1L) / 2, sum.get());
    }
  }
}

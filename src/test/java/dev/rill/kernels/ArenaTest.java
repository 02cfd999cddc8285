package dev.rill.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Places for weights: disjoint, zero, and all at the same distance from a cache line. */
class ArenaTest {
  @Test
  void placesAreDisjointZeroAndAlignedToLinesBehindTheArraysHeader() {
    SplittableRandom random = new SplittableRandom(1);
    List<Arena.Place> places = new ArrayList<>();
    List<Integer> sizes = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      int size = 1 + random.nextInt(i % 50 == 0 ? 200_000 : 5_000);
      Arena.Place place = Arena.place(size);
      assertEquals(12, place.at() % 16);
      assertTrue(place.at() + size <= place.data().length);
      for (int j = 0; j < size; j++) {
        assertEquals(0f, place.data()[place.at() + j]);
        place.data()[place.at() + j] = i + 1;
      }
      places.add(place);
      sizes.add(size);
    }
    for (int i = 0; i < places.size(); i++) {
      for (int j = 0; j < sizes.get(i); j++) {
        assertEquals(i + 1f, places.get(i).data()[places.get(i).at() + j]);
      }
    }
  }
}

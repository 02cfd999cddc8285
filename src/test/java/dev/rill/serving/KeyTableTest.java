package dev.rill.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeyTableTest {
  /** Few different hashes: long runs of slots, where removal has to move what stands behind. */
  private record Colliding(int value) {
    @Override
    public int hashCode() {
      return value % 7;
    }
  }

  @Test
  void itIsAMapUnderAnyOrderOfAdditionsAndRemovals() {
    for (long seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      KeyTable<Object> table = new KeyTable<>(1 + random.nextInt(60));
      Map<Object, Integer> map = new HashMap<>();
      for (int i = 0; i < 5000; i++) {
        Object key = seed % 2 == 0 ? new Colliding(random.nextInt(90)) : (Object) ("key " + random.nextInt(90));
        int index = table.find(key);
        assertEquals(map.getOrDefault(key, KeyTable.NONE), index);
        if (index >= 0) {
          assertEquals(key, table.key(index));
          table.remove(index);
          map.remove(key);
          assertNull(table.key(index));
        } else if (!table.isFull()) {
          int added = table.add(key);
          assertTrue(!map.containsValue(added) && added < table.capacity());
          map.put(key, added);
        } else {
          assertEquals(table.capacity(), map.size());
        }
        assertEquals(map.size(), table.size());
      }
    }
  }

  @Test
  void theFirstKeysHaveTheFirstIndices() {
    KeyTable<String> table = new KeyTable<>(3);
    assertEquals(0, table.add("a"));
    assertEquals(1, table.add("b"));
    table.remove(0);
    assertEquals(0, table.add("c"));
    assertEquals(2, table.add("d"));
    assertTrue(table.isFull());
  }
}

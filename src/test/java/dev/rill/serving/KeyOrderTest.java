package dev.rill.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class KeyOrderTest {
  private final KeyOrder<String> order = new KeyOrder<>(8, 3);

  private Request<String> add(String key) {
    Request<String> request = new Request<>(1);
    request.key = key;
    assertTrue(order.add(request));
    return request;
  }

  @Test
  void oneOfEachKeyIsReadyInTheOrderInWhichTheyCame() {
    Request<String> a1 = add("a");
    Request<String> a2 = add("a");
    Request<String> b1 = add("b");
    assertEquals(2, order.ready());
    assertSame(a1, order.peek());
    assertSame(a1, order.next());
    assertSame(b1, order.next());
    assertNull(order.next());
    Request<String> b2 = add("b");
    assertNull(order.next());
    order.done(b1);
    order.done(a1);
    assertSame(b2, order.next());
    assertSame(a2, order.next());
    order.done(a2);
    order.done(b2);
    assertSame(add("a"), order.next());
  }

  @Test
  void noKeyHasMoreThanItsShareWaiting() {
    Request<String> first = add("a");
    add("a");
    add("a");
    Request<String> fourth = new Request<>(1);
    fourth.key = "a";
    assertFalse(order.add(fourth));
    assertSame(first, order.next());
    order.done(first);
    assertTrue(order.add(fourth));
  }
}

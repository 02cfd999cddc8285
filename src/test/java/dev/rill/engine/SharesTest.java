package dev.rill.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Shares of work on the calling thread and on an executor that may do anything with its tasks. */
@Timeout(60)
class SharesTest {
  private static final int SHARES = 4;

  private final List<Thread> started = new ArrayList<>();

  /** A thread for each task. */
  private final Executor eager = task -> started.add(start(task));

  private static Thread start(Runnable task) {
    Thread thread = new Thread(task);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  @AfterEach
  void helpersGoAwayByThemselves() throws InterruptedException {
    for (Thread thread : started) {
      thread.join();
    }
  }

  private static Shares shares(Executor executor) {
    return new Shares(executor, SHARES);
  }

  private static void assertEachOnce(Shares shares) {
    assertEachOnce(shares, SHARES);
  }

  private static void assertEachOnce(Shares shares, int count) {
    AtomicIntegerArray done = new AtomicIntegerArray(count);
    shares.run(count, done::incrementAndGet);
    for (int share = 0; share < count; share++) {
      assertEquals(1, done.get(share), "share " + share);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Waits without ever being in the state of one that waits. */
  private static void awaitAwake(CountDownLatch latch) {
    while (latch.getCount() > 0) {
      Thread.onSpinWait();
    }
  }

  private static void awaitState(Thread thread, Thread.State state) {
    while (thread.getState() != state) {
      Thread.onSpinWait();
    }
  }

  static Stream<Named<Executor>> executors() {
    ExecutorService over = Executors.newFixedThreadPool(2);
    over.shutdown();
    AtomicInteger calls = new AtomicInteger();
    return Stream.of(
        Named.of("direct", Runnable::run),
        Named.of("twice", task -> {
          start(task);
          start(task);
        }),
        Named.of("dropping", task -> {}),
        Named.of("rejecting", task -> {
          throw new RejectedExecutionException();
        }),
        Named.of("rejecting one of three", task -> {
          if (calls.incrementAndGet() % 3 == 0) {
            throw new RejectedExecutionException();
          }
          start(task);
        }),
        Named.of("without memory for a thread", task -> {
          throw new OutOfMemoryError("unable to create native thread");
        }),
        Named.of("failing after the task has begun", task -> {
          start(task);
          throw new IllegalStateException();
        }),
        Named.of("shut down", over),
        Named.of("caller runs", new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new SynchronousQueue<>(),
            SharesTest::daemon, new ThreadPoolExecutor.CallerRunsPolicy())),
        Named.of("few threads", Executors.newFixedThreadPool(1, SharesTest::daemon)),
        Named.of("many threads", Executors.newCachedThreadPool(SharesTest::daemon)));
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task);
    thread.setDaemon(true);
    return thread;
  }

  @ParameterizedTest
  @MethodSource("executors")
  void moreSharesThanThreadsAreDoneOnceEach(Executor executor) {
    Shares shares = shares(executor);
    for (int i = 0; i < 20; i++) {
      assertEachOnce(shares, 3 * SHARES + i);
    }
  }

  @Test
  void theCallerBeginsAtTheEndAndAHelperAtTheBeginning() {
    CountDownLatch both = new CountDownLatch(2);
    Thread[] by = new Thread[4];
    new Shares(eager, 2).run(4, share -> {
      by[share] = Thread.currentThread();
      if (share % 3 == 0) {
        both.countDown();
        await(both);
      }
    });
    assertSame(Thread.currentThread(), by[3]);
    assertNotSame(Thread.currentThread(), by[0]);
  }

  @ParameterizedTest
  @MethodSource("executors")
  void everyShareIsDoneOnce(Executor executor) {
    Shares shares = shares(executor);
    for (int piece = 0; piece < 300; piece++) {
      assertEachOnce(shares);
    }
  }

  @Test
  void aTaskThatComesLateFindsNothingToDo() {
    List<Runnable> late = new ArrayList<>();
    Shares shares = shares(late::add);
    assertEachOnce(shares);
    assertEquals(SHARES - 1, late.size());
    late.forEach(Runnable::run);
    assertEachOnce(shares);
  }

  @Test
  void aTaskOfAnEarlierPieceHelpsWithTheOneAtHand() throws InterruptedException {
    List<Runnable> late = new ArrayList<>();
    Shares shares = shares(late::add);
    assertEachOnce(shares);
    CountDownLatch helped = new CountDownLatch(SHARES - 1);
    Set<Integer> done = ConcurrentHashMap.newKeySet();
    shares.run(SHARES, share -> {
      assertTrue(done.add(share));
      if (share == SHARES - 1) {
        // The caller's own, which it begins with.
        eager.execute(late.get(0));
        await(helped);
      } else {
        helped.countDown();
      }
    });
    assertEquals(SHARES, done.size());
  }

  @Test
  void sharesThatHelpersHaveBegunAreAwaited() throws InterruptedException {
    Shares shares = shares(eager);
    CountDownLatch begun = new CountDownLatch(SHARES - 1);
    CountDownLatch go = new CountDownLatch(1);
    AtomicInteger done = new AtomicInteger();
    AtomicInteger seen = new AtomicInteger();
    Thread caller = start(() -> {
      shares.run(SHARES, share -> {
        if (share == SHARES - 1) {
          awaitAwake(begun);
        } else {
          begun.countDown();
          await(go);
        }
        done.incrementAndGet();
      });
      seen.set(done.get());
    });
    await(begun);
    awaitState(caller, Thread.State.WAITING);
    go.countDown();
    caller.join();
    assertEquals(SHARES, seen.get());
  }

  @Test
  void anInterruptIsKeptAndCutsNothingShort() throws InterruptedException {
    Shares shares = shares(eager);
    CountDownLatch begun = new CountDownLatch(SHARES - 1);
    CountDownLatch go = new CountDownLatch(1);
    AtomicInteger done = new AtomicInteger();
    boolean[] interrupted = new boolean[1];
    Thread caller = start(() -> {
      shares.run(SHARES, share -> {
        if (share == SHARES - 1) {
          awaitAwake(begun);
        } else {
          begun.countDown();
          await(go);
        }
        done.incrementAndGet();
      });
      interrupted[0] = done.get() == SHARES && Thread.currentThread().isInterrupted();
    });
    await(begun);
    awaitState(caller, Thread.State.WAITING);
    caller.interrupt();
    awaitState(caller, Thread.State.WAITING);
    go.countDown();
    caller.join();
    assertTrue(interrupted[0]);
  }

  @Test
  void aFailureOfTheCallersShareIsThrownOnceTheBegunOnesAreDone() {
    Shares shares = shares(eager);
    CountDownLatch begun = new CountDownLatch(SHARES - 1);
    AtomicInteger done = new AtomicInteger();
    Error failure = new OutOfMemoryError("in a share");
    Error thrown = assertThrows(OutOfMemoryError.class, () -> shares.run(SHARES, share -> {
      if (share == SHARES - 1) {
        await(begun);
        throw failure;
      }
      begun.countDown();
      done.incrementAndGet();
    }));
    assertSame(failure, thrown);
    assertEquals(SHARES - 1, done.get());
    assertEachOnce(shares);
  }

  @Test
  void aFailureOfAHelpersShareIsThrownToTheCaller() {
    Shares shares = shares(eager);
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch failing = new CountDownLatch(1);
    RuntimeException failure = new IllegalStateException("in a share");
    RuntimeException thrown = assertThrows(IllegalStateException.class, () -> shares.run(SHARES, share -> {
      if (share == SHARES - 1) {
        begun.countDown();
        await(failing);
      } else {
        await(begun);
        failing.countDown();
        throw failure;
      }
    }));
    assertSame(failure, thrown);
    assertEachOnce(shares);
  }

  @Test
  void afterAFailureNoShareIsBegun() {
    Set<Integer> begun = ConcurrentHashMap.newKeySet();
    Shares shares = shares(task -> {});
    assertThrows(IllegalStateException.class, () -> shares.run(SHARES, share -> {
      begun.add(share);
      throw new IllegalStateException();
    }));
    assertEquals(Set.of(SHARES - 1), begun);
    assertEachOnce(shares);
  }

  @Test
  void anExecutorThatHasLostOrRefusedATaskIsAskedAgain() {
    for (boolean refuses : new boolean[] {false, true}) {
      AtomicInteger asked = new AtomicInteger();
      Shares shares = new Shares(task -> {
        if (asked.incrementAndGet() > 1) {
          start(task);
        } else if (refuses) {
          throw new RejectedExecutionException();
        }
      }, 2);
      Thread caller = Thread.currentThread();
      boolean[] helped = new boolean[2];
      while (!helped[0]) {
        shares.run(2, share -> helped[share] |= Thread.currentThread() != caller);
      }
      assertFalse(helped[1], "the caller's own");
    }
  }

  @Test
  void tasksDoNotPileUpWhereNobodyRunsThem() {
    AtomicInteger asked = new AtomicInteger();
    Shares shares = new Shares(task -> asked.incrementAndGet(), 2);
    long begin = System.nanoTime();
    for (int piece = 0; piece < 100_000; piece++) {
      shares.run(2, share -> {});
    }
    // Once at first, then after 1, 2, 4 ... ms.
    double millis = 1 + (System.nanoTime() - begin) / 1e6;
    assertTrue(asked.get() <= 2 + Math.log(millis) / Math.log(2) + millis / 1000, asked + " in " + millis + " ms");
  }

  @Test
  void otherTasksOfTheExecutorHaveTheirTurn() {
    ExecutorService one = Executors.newFixedThreadPool(1, SharesTest::daemon);
    Shares shares = new Shares(one, 2);
    shares.run(2, share -> {});
    CountDownLatch other = new CountDownLatch(1);
    one.execute(other::countDown);
    while (other.getCount() > 0) {
      shares.run(2, share -> {});
    }
    one.shutdown();
  }

  @Test
  void aPieceOfWorkAllocatesNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    assumeTrue(threads.isThreadAllocatedMemorySupported() && threads.isThreadAllocatedMemoryEnabled());
    // An executor of one thread that allocates nothing for a task.
    AtomicReference<Runnable> asked = new AtomicReference<>();
    Thread helper = start(() -> {
      while (!Thread.currentThread().isInterrupted()) {
        LockSupport.park();
        Runnable task = asked.getAndSet(null);
        if (task != null) {
          task.run();
        }
      }
    });
    Shares shares = new Shares(task -> {
      asked.set(task);
      LockSupport.unpark(helper);
    }, 2);
    Shares.Work work = share -> {};
    long allocated = -1;
    for (int window = 0; window < 20 && allocated != 0; window++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int piece = 0; piece < 1000; piece++) {
        shares.run(2, work);
      }
      allocated = threads.getCurrentThreadAllocatedBytes() - before;
    }
    helper.interrupt();
    assertEquals(0, allocated);
  }

  @Test
  void oneShareStaysOnTheCallingThread() {
    Thread[] by = new Thread[1];
    shares(task -> {
      throw new AssertionError("asked");
    }).run(1, share -> by[share] = Thread.currentThread());
    assertSame(Thread.currentThread(), by[0]);
  }

  @Test
  void anInterruptSendsAHelperBackToItsExecutor() {
    Shares shares = new Shares(eager, 2);
    Thread first = helperOf(shares, true);
    assertNotSame(first, helperOf(shares, false));
  }

  /** Who has done the share that is not the caller's own. */
  private static Thread helperOf(Shares shares, boolean interrupted) {
    CountDownLatch here = new CountDownLatch(1);
    Thread[] by = new Thread[2];
    shares.run(2, share -> {
      by[share] = Thread.currentThread();
      if (share == 1) {
        await(here);
        return;
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      here.countDown();
    });
    return by[0];
  }
}

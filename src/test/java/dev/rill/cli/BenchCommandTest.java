package dev.rill.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rill.Input;
import dev.rill.Model;
import dev.rill.Sequential;
import dev.rill.io.Json;
import dev.rill.io.JsonObject;
import dev.rill.layers.Dense;
import dev.rill.layers.LSTM;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class BenchCommandTest {
  private static JsonObject json(Object... args) {
    Rill run = Rill.run(args);
    if (run.err().contains("the kernels changed")) {
      // A busy machine hands over late; it does so once.
      run = Rill.run(args);
    }
    assertEquals(0, run.status(), run.err());
    assertEquals(1, run.out().lines().count(), run.out());
    return Json.parseObject(run.out().getBytes(StandardCharsets.UTF_8), "bench");
  }

  @Test
  void jsonIsOneObjectWithAllFields() {
    JsonObject json =
        json("bench", "--layer", "gru", "--input", 3, "--units", 5, "--batch", 2, "--seconds", 0.05, "--json");
    assertEquals(List.of("layer", "input", "units", "batch", "steps", "train", "threads", "kernels", "calls",
        "ns_per_call", "ns_per_step_p50", "gflops_p50", "bytes_per_call", "block", "timer_ns"),
        List.copyOf(json.names()));
    assertEquals(List.of("min", "p50", "p90", "p99", "p999", "max"), List.copyOf(json.object("ns_per_call").names()));
    assertEquals("gru", json.string("layer"));
    assertEquals(2, json.integer("batch"));
    assertTrue(json.integer("calls") > 0);
    assertTrue(json.object("ns_per_call").number("min") <= json.object("ns_per_call").number("p50"));
    assertEquals(2 * 6.0 * (3 + 5) * 5 / json.object("ns_per_call").number("p50"), json.number("gflops_p50"), 0.006);
  }

  @Test
  void aSequenceOfAModelOnTwoThreads() {
    JsonObject json =
        json("bench", Rill.model("seed_windows"), "--steps", 4, "--threads", 2, "--seconds", 0.05, "--json");
    assertEquals("model.keras", json.string("layer"));
    assertEquals(16, json.integer("input"));
    assertEquals(32, json.integer("units"));
    assertEquals(2, json.integer("threads"));
    assertEquals(json.object("ns_per_call").number("p50") / 4, json.number("ns_per_step_p50"), 0.01);
  }

  @Test
  void aRateIsKept() {
    JsonObject json =
        json("bench", "--layer", "simplernn", "--input", 1, "--units", 1, "--rate", 1000, "--seconds", 0.1, "--json");
    assertEquals(1, json.integer("block"));
    assertTrue(json.integer("calls") <= 101);
  }

  @Test
  void withoutJsonItIsATable() {
    Rill run = Rill.run("bench", "--layer", "lstm", "--input", 2, "--units", 3, "--seconds", 0.05);
    assertEquals(0, run.status(), run.err());
    assertTrue(run.out().contains("p99.9") && run.out().contains("GFLOP/s"), run.out());
  }

  @Test
  void aModelThatDoesNotStreamIsRefused() {
    Rill run = Rill.run("bench", Rill.model("backwards_lstm_stateful"));
    assertEquals(1, run.status());
    assertTrue(run.err().contains("lstm"), run.err());
  }

  @Test
  void onlyProductsAreCountedAsFlops() {
    Model model = Sequential.of(Input.shape(7, 3), new LSTM(5), new Dense(2));
    assertEquals(2 * (7 * 8 * (3 + 5) * 5 + 2 * 5 * 2), Flops.of(model.graph(), 2, 7));
  }
}

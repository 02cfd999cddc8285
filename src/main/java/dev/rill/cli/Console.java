package dev.rill.cli;

import dev.rill.kernels.KernelChoice;
import dev.rill.tensor.PlainText;
import java.io.PrintStream;

/** Where a command writes: the result to standard output, anything else to standard error. */
final class Console {
  private final PrintStream out;
  private final PrintStream err;
  private boolean announced;

  Console(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  PrintStream out() {
    return out;
  }

  /** Writes one line of ours to standard error, whatever a file has put into the message. */
  void error(String message) {
    err.println("rill: " + PlainText.shown(message.strip()));
  }

  /** Says, once, that SIMD does not run although nobody asked for that. Called when the model has been read. */
  void announceKernels() {
    boolean asked = "scalar".equals(System.getProperty("rill.kernels"));
    if (!announced && !asked && !KernelChoice.simd() && KernelChoice.problem() == null) {
      error("kernels: " + KernelChoice.describe());
    }
    announced = true;
  }
}

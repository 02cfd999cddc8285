package dev.rill.cli;

import dev.rill.Model;
import java.io.IOException;
import java.util.List;

/** Prints the table of a model whose file has been read to the last weight. */
final class SummaryCommand implements Command {
  private static final Usage USAGE = new Usage("summary", "MODEL",
      "reads and checks a whole model file, prints its layers", List.of(),
      "MODEL is a .keras file or a legacy .h5 model.\n");

  @Override
  public Usage usage() {
    return USAGE;
  }

  @Override
  public int run(Arguments arguments, Console console) throws IOException {
    Model model = Model.load(arguments.operandPaths(1, 1).get(0));
    console.announceKernels();
    console.out().print(model.summary());
    return SUCCESS;
  }
}

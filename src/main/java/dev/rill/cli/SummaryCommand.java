package dev.rill.cli;

import dev.rill.Model;
import dev.rill.charts.ModelGraph;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Prints the table of a model whose file has been read to the last weight. */
final class SummaryCommand implements Command {
  private static final Usage USAGE = new Usage("summary", "MODEL [--graph OUT.svg|.html]",
      "reads and checks a whole model file, prints its layers",
      List.of(new Option("--graph", "OUT", "draw who feeds whom, what streams and what stands in the way")),
      "MODEL is a .keras file or a legacy .h5 model.\n");

  @Override
  public Usage usage() {
    return USAGE;
  }

  @Override
  public int run(Arguments arguments, Console console) throws IOException {
    Path file = arguments.operandPaths(1, 1).get(0);
    Path graph = arguments.has("--graph") ? arguments.picture("--graph") : null;
    Model model = Model.load(file);
    console.announceKernels();
    if (graph != null) {
      new ModelGraph(model).write(graph);
    }
    console.out().print(model.summary());
    return SUCCESS;
  }
}

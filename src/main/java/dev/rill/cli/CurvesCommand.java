package dev.rill.cli;

import dev.rill.charts.TrainingCurves;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Draws what logs of training hold. */
final class CurvesCommand implements Command {
  private static final Usage USAGE = new Usage("curves", "LOG.csv... -o OUT.svg|.html", "draws training curves of one or several runs",
      List.of(new Option("-o", "OUT", "file for the picture, .svg or .html")),
      "LOG is what CsvLog, or Keras' CSVLogger, has written: a line an epoch.\n");

  @Override
  public Usage usage() {
    return USAGE;
  }

  @Override
  public int run(Arguments arguments, Console console) throws IOException {
    List<Path> logs = arguments.operandPaths(1, Integer.MAX_VALUE);
    Path out = arguments.picture("-o");
    TrainingCurves curves = new TrainingCurves(logs.size() == 1 ? logs.get(0).getFileName().toString() : "Training");
    for (Path log : logs) {
      curves = curves.run(log.getFileName().toString(), log);
    }
    curves.write(out);
    return SUCCESS;
  }
}

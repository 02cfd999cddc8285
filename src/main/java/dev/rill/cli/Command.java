package dev.rill.cli;

import java.io.IOException;

/** One command of the command line. */
interface Command {
  int SUCCESS = 0;
  int FAILURE = 1;
  int MISUSE = 2;

  /** How it is called. */
  Usage usage();

  /**
   * Does it.
   *
   * @param arguments what stood behind the command's name
   * @param console where the result goes
   * @return exit status
   * @throws IOException if a file cannot be read or written
   */
  int run(Arguments arguments, Console console) throws IOException;
}

package dev.rill.charts;

import dev.rill.io.AtomicFile;
import dev.rill.tensor.Require;
import dev.rill.tensor.RillException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Something to see. Immutable, unless said otherwise. */
public abstract class Picture {
  Picture() {}

  /**
   * The picture as SVG.
   *
   * @return one element, with its style
   * @throws RillException if this is a page that moves, which is HTML alone
   */
  public abstract String svg();

  /**
   * The picture as a page.
   *
   * @return HTML that needs nothing else
   */
  public abstract String html();

  /**
   * Writes the picture.
   *
   * @param file its name ends in {@code .svg} or {@code .html}; it is replaced whole or not at all
   * @throws RillException if its name says something else
   * @throws IOException if writing fails
   */
  public final void write(Path file) throws IOException {
    String name = String.valueOf(Require.given(file, "the file").getFileName());
    if (!name.endsWith(".svg") && !name.endsWith(".html")) {
      throw new RillException(file + ": expected a name that ends in .svg or .html");
    }
    String text = name.endsWith(".svg") ? svg() : html();
    try (AtomicFile target = AtomicFile.create(file)) {
      target.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
      target.commit();
    }
  }

  @Override
  public String toString() {
    return getClass().getSimpleName();
  }
}

package dev.rill.charts;

import dev.rill.io.Json;
import dev.rill.io.JsonObject;
import dev.rill.tensor.PlainText;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The frame of every page, with all that it needs inside. */
final class Page {
  private Page() {}

  /** A page of pictures, each with its own title; one alone has the page's. */
  static String of(String title, List<String> pictures) {
    return page(title, (pictures.size() == 1 ? "" : heading(title)) + framed(pictures));
  }

  /** Pictures beside each other, as many as there is room for; one that is wider than the page can be moved. */
  private static String framed(List<String> pictures) {
    StringBuilder html = new StringBuilder("<div class=\"pictures\">\n");
    for (String picture : pictures) {
      html.append("<div class=\"picture\">").append(picture).append("</div>\n");
    }
    return html.append("</div>\n").toString();
  }

  private static String heading(String title) {
    return "<h1>" + escape(title) + "</h1>\n";
  }

  private static String page(String title, String body) {
    return """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <link rel="icon" href="data:,">
        <title>%s</title>
        <style>
        %s</style>
        </head>
        <body>
        %s</body>
        </html>
        """.formatted(escape(title), resource("page.css"), body);
  }

  /** A page of pictures above what a script of ours fills from data. */
  static String of(String title, List<String> pictures, String body, JsonObject data, String script) {
    // Within a script nothing but its end has to be hidden.
    String json = Json.write(data).replace("<", "\\u003c");
    return page(title, heading(title) + framed(pictures) + body + "<script type=\"application/json\" id=\"data\">" + json
        + "</script>\n<script>\n" + resource(script) + "</script>\n");
  }

  /** Text as it may stand in HTML and XML, every character visible. */
  static String escape(String text) {
    return PlainText.shown(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
  }

  private static String resource(String name) {
    try (InputStream in = Page.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

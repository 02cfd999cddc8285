package dev.rill.io;

import dev.rill.tensor.FormatException;
import dev.rill.tensor.UnsupportedException;
import java.util.ArrayList;
import java.util.List;

/**
 * The header of an npy file: the text of a Python dictionary with exactly the three members that numpy writes, in any
 * order. It is taken apart here by its grammar and never evaluated.
 */
record NpyHeader(ElementType type, boolean fortranOrder, int[] shape) {
  private static final int MAX_RANK = 32;

  static NpyHeader parse(String text, String place) {
    return new Parser(text, place).header();
  }

  static String text(ElementType type, int[] shape) {
    StringBuilder text = new StringBuilder("{'descr': '").append(descr(type));
    text.append("', 'fortran_order': False, 'shape': (");
    for (int i = 0; i < shape.length; i++) {
      text.append(i == 0 ? "" : " ").append(shape[i]).append(i < shape.length - 1 || i == 0 ? "," : "");
    }
    return text.append("), }").toString();
  }

  private static String descr(ElementType type) {
    return switch (type) {
      case FLOAT16 -> "<f2";
      case FLOAT32 -> "<f4";
      case FLOAT64 -> "<f8";
      case INT8 -> "|i1";
      case UINT8 -> "|u1";
      case INT16 -> "<i2";
      case UINT16 -> "<u2";
      case INT32 -> "<i4";
      case UINT32 -> "<u4";
      case INT64 -> "<i8";
      case BOOL -> "|b1";
      case BFLOAT16 -> throw new UnsupportedException("numpy has no bfloat16");
    };
  }

  /** One pass over the text, one method for each rule of the grammar. */
  private static final class Parser {
    private final String text;
    private final String place;
    private int at;

    Parser(String text, String place) {
      this.text = text;
      this.place = place;
    }

    NpyHeader header() {
      ElementType type = null;
      Boolean fortranOrder = null;
      int[] shape = null;
      accept('{');
      while (!accepted('}')) {
        int start = at;
        String name = string();
        accept(':');
        if (name.equals("descr") && type == null) {
          type = type();
        } else if (name.equals("fortran_order") && fortranOrder == null) {
          fortranOrder = truth();
        } else if (name.equals("shape") && shape == null) {
          shape = shape();
        } else {
          at = start;
          throw expected("'descr', 'fortran_order' and 'shape', once each");
        }
        if (!accepted(',') && peek() != '}') {
          throw expected("a comma or }");
        }
      }
      skipWhite();
      if (at < text.length()) {
        throw expected("nothing after the dictionary");
      }
      if (type == null || fortranOrder == null || shape == null) {
        throw expected("all of 'descr', 'fortran_order' and 'shape'");
      }
      return new NpyHeader(type, fortranOrder, shape);
    }

    private ElementType type() {
      if (peek() != '\'' && peek() != '"') {
        throw new UnsupportedException(place + ": arrays of records are not read: save each field by itself");
      }
      String descr = string();
      for (ElementType type : ElementType.values()) {
        if (type != ElementType.BFLOAT16 && (descr.equals(descr(type))
            || type.bytes() == 1 && descr.length() == 3 && descr(type).endsWith(descr.substring(1)))) {
          return type;
        }
      }
      throw new UnsupportedException(place + ": elements of the numpy type " + Json.write(new JsonString(descr))
          + " are not read, only little-endian floats, integers of at most 64 bits (not uint64) and bool: convert them"
          + " in numpy with .astype('<f4') or .astype('<i8')");
    }

    private boolean truth() {
      skipWhite();
      boolean value = text.startsWith("True", at);
      if (!value && !text.startsWith("False", at)) {
        throw expected("True or False");
      }
      at += value ? 4 : 5;
      return value;
    }

    private int[] shape() {
      List<Integer> axes = new ArrayList<>();
      accept('(');
      boolean comma = true;
      while (!accepted(')')) {
        if (!comma || axes.size() == MAX_RANK) {
          throw expected("a comma or ), and at most " + MAX_RANK + " axes");
        }
        axes.add(axis());
        comma = accepted(',');
      }
      if (axes.size() == 1 && !comma) {
        throw expected("a comma in a tuple of one");
      }
      int[] shape = new int[axes.size()];
      for (int i = 0; i < shape.length; i++) {
        shape[i] = axes.get(i);
      }
      return shape;
    }

    private int axis() {
      char first = peek();
      long value = 0;
      int start = at;
      while (at < text.length() && '0' <= text.charAt(at) && text.charAt(at) <= '9') {
        value = value * 10 + text.charAt(at++) - '0';
        if (value > Integer.MAX_VALUE) {
          throw expected("an axis of at most " + Integer.MAX_VALUE);
        }
      }
      if (at == start || first == '0' && at > start + 1) {
        throw expected("a length");
      }
      return (int) value;
    }

    private String string() {
      char quote = peek();
      if (quote != '\'' && quote != '"') {
        throw expected("a string in quotes");
      }
      int start = ++at;
      int end = text.indexOf(quote, start);
      if (end < 0 || text.indexOf('\\', start) >= 0 && text.indexOf('\\', start) < end) {
        throw expected("a string without escapes, and its end");
      }
      at = end + 1;
      return text.substring(start, end);
    }

    private boolean accepted(char c) {
      if (peek() != c) {
        return false;
      }
      at++;
      return true;
    }

    private void accept(char c) {
      if (!accepted(c)) {
        throw expected("'" + c + "'");
      }
    }

    /** The next character that is not white space, 0 at the end. */
    private char peek() {
      skipWhite();
      return at < text.length() ? text.charAt(at) : 0;
    }

    private void skipWhite() {
      while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\n')) {
        at++;
      }
    }

    private FormatException expected(String what) {
      String rest = text.substring(at, Math.min(text.length(), at + 20));
      return new FormatException(place + ": expected " + what + " in the header, found "
          + Json.write(new JsonString(rest)) + " at character " + at);
    }
  }
}

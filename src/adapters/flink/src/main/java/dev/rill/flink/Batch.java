package dev.rill.flink;

import dev.rill.serving.StoredStreams;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Records that wait to be stepped together. Each key has a row, those with most records first, so that the keys' first records are one
 * batch of all rows, their second ones a batch of the first rows, and so forth. Records of several time steps run on their own.
 */
final class Batch<IN> {
  /** One record; its outputs lie where those of {@code at} time steps end. */
  record Waiting<IN>(StreamRecord<IN> record, long time, int count, int at) {
    IN value() {
      return record.getValue();
    }
  }

  /** The records of one key, and its state. */
  static final class Row<IN> {
    final Object key;
    final List<Waiting<IN>> records = new ArrayList<>(1);
    RillState state;
    /** Greatest time of the records so far, those of the state among them. */
    long seen;

    Row(Object key) {
      this.key = key;
    }
  }

  private final List<Waiting<IN>> records = new ArrayList<>();
  private final List<Row<IN>> rows = new ArrayList<>();
  private final Map<Object, Row<IN>> byKey = new HashMap<>();
  private int steps;
  private float[] x = {};
  private float[] y = {};
  private float[] one = {};

  boolean isEmpty() {
    return records.isEmpty();
  }

  int size() {
    return records.size();
  }

  void add(Object key, StreamRecord<IN> record, long time, int count) {
    Waiting<IN> waiting = new Waiting<>(record, time, count, steps);
    steps += count;
    records.add(waiting);
    Row<IN> row = byKey.get(key);
    if (row == null) {
      row = new Row<>(key);
      byKey.put(key, row);
      rows.add(row);
    }
    row.records.add(waiting);
  }

  /** One for each key, in the order of their rows. */
  List<Row<IN>> rows() {
    rows.sort(Comparator.comparingInt((Row<IN> row) -> row.records.size()).reversed());
    return rows;
  }

  /** In the order in which they came. */
  List<Waiting<IN>> records() {
    return records;
  }

  /** Steps all rows, which have been loaded for the first records of their keys, through all records. */
  void run(StreamSteps<IN, ?> with, Expiry expiry) {
    StoredStreams streams = with.streams();
    int in = with.network().inputFeatures(0);
    int out = with.network().outputFeatures(0);
    x = grown(x, rows.size() * in);
    y = grown(y, steps * out);
    one = grown(one, Math.max(in, rows.size() * out));
    int n = rows.size();
    for (int wave = 0; n > 0; wave++) {
      boolean single = true;
      for (int i = 0; i < n; i++) {
        Row<IN> row = rows.get(i);
        Waiting<IN> record = row.records.get(wave);
        if (wave > 0 && expiry.isOver(row.seen, record.time)) {
          streams.begin(i);
        }
        row.seen = Math.max(row.seen, record.time);
        single &= record.count == 1;
      }
      if (single) {
        step(with, wave, n, in, out);
      } else {
        for (int i = 0; i < n; i++) {
          Waiting<IN> record = rows.get(i).records.get(wave);
          one = grown(one, record.count * out);
          with.run(i, record.value(), record.count, one);
          System.arraycopy(one, 0, y, record.at * out, record.count * out);
        }
      }
      while (n > 0 && rows.get(n - 1).records.size() == wave + 1) {
        n--;
      }
    }
  }

  private void step(StreamSteps<IN, ?> with, int wave, int n, int in, int out) {
    for (int i = 0; i < n; i++) {
      with.read(rows.get(i).records.get(wave).value(), one);
      System.arraycopy(one, 0, x, i * in, in);
    }
    with.streams().step(n, x, one);
    for (int i = 0; i < n; i++) {
      System.arraycopy(one, i * out, y, rows.get(i).records.get(wave).at * out, out);
    }
  }

  /** Outputs of a record, from 0 on; until the next call. */
  float[] outputs(Waiting<IN> record, int out) {
    one = grown(one, record.count * out);
    System.arraycopy(y, record.at * out, one, 0, record.count * out);
    return one;
  }

  void clear() {
    records.clear();
    rows.clear();
    byKey.clear();
    steps = 0;
  }

  private static float[] grown(float[] array, int length) {
    return array.length < length ? new float[length] : array;
  }
}

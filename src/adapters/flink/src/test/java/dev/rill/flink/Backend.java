package dev.rill.flink;

import java.util.Locale;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;

/** Flink's state backends. */
enum Backend {
  HASHMAP(SavepointFormatType.CANONICAL, new HashMapStateBackend()),
  ROCKSDB(SavepointFormatType.CANONICAL, new EmbeddedRocksDBStateBackend()),
  /** Has no canonical savepoints, and Flink 2.3's state processor API cannot open it: what its states are is seen by what goes on from them. */
  FORST(SavepointFormatType.NATIVE, null);

  final SavepointFormatType format;
  /** For the state processor API, or null. */
  final StateBackend reader;

  Backend(SavepointFormatType format, StateBackend reader) {
    this.format = format;
    this.reader = reader;
  }

  /** Its name in a job's settings. */
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}

package dev.rill.flink;

import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.forst.ForStStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;

/** Flink's state backends. */
enum Backend {
  HASHMAP(SavepointFormatType.CANONICAL),
  ROCKSDB(SavepointFormatType.CANONICAL),
  /** Has no canonical savepoints. */
  FORST(SavepointFormatType.NATIVE);

  final SavepointFormatType format;

  Backend(SavepointFormatType format) {
    this.format = format;
  }

  /** Its name in a job's settings. */
  String key() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  /** For the state processor API. */
  StateBackend make() {
    return this == HASHMAP ? new HashMapStateBackend() : this == ROCKSDB ? new EmbeddedRocksDBStateBackend() : new ForStStateBackend();
  }
}

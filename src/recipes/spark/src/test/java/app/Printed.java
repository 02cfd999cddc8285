package app;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Writes the bits of all forecasts, a line each: {@code Printed FORECASTS FILE}. */
public final class Printed {
  private Printed() {}

  public static void main(String... args) throws Exception {
    SparkSession spark = SparkSession.builder().getOrCreate();
    List<Row> rows = spark.read().parquet(args[0]).collectAsList();
    Files.write(Path.of(args[1]), rows.stream()
        .map(row -> row.getString(0) + " at " + row.getLong(1) + ": " + Float.floatToIntBits(row.<Float>getList(2).get(0)))
        .collect(Collectors.toList()));
    spark.stop();
  }
}

package dev.rill.keras;

import dev.rill.io.JsonArray;
import dev.rill.io.JsonNumber;
import dev.rill.io.JsonObject;
import dev.rill.io.JsonValue;
import dev.rill.tensor.UnsupportedException;
import dev.rill.training.AUC;
import dev.rill.training.BestAt;
import dev.rill.training.ConfusionMetric;
import dev.rill.training.FBetaScore;
import dev.rill.training.MeanIoU;
import dev.rill.training.Metric;
import dev.rill.training.PrecisionMetric;
import dev.rill.training.R2Score;
import dev.rill.training.Recall;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Those metrics that are no mean over rows, with their options, as Keras 3.15 writes them: read and written side by side. */
final class CountingMetrics {
  private static final Set<String> KNOWN = Set.of("Precision", "Recall", "TruePositives", "FalsePositives", "TrueNegatives",
      "FalseNegatives", "SensitivityAtSpecificity", "SpecificityAtSensitivity", "PrecisionAtRecall", "RecallAtPrecision", "AUC",
      "F1Score", "FBetaScore", "IoU", "MeanIoU", "OneHotIoU", "OneHotMeanIoU", "R2Score");

  private CountingMetrics() {}

  /** Whether a class of Keras is one of them. */
  static boolean has(String className) {
    return className != null && KNOWN.contains(className);
  }

  static Metric read(String type, JsonObject c) {
    return switch (type) {
      case "Precision" -> {
        PrecisionMetric precision = thresholds(new PrecisionMetric(), c);
        precision = set(c, "top_k") ? precision.amongTopK(c.integer("top_k")) : precision;
        yield set(c, "class_id") ? precision.classId(c.integer("class_id")) : precision;
      }
      case "Recall" -> {
        Recall recall = thresholds(new Recall(), c);
        recall = set(c, "top_k") ? recall.amongTopK(c.integer("top_k")) : recall;
        yield set(c, "class_id") ? recall.classId(c.integer("class_id")) : recall;
      }
      case "TruePositives", "FalsePositives", "TrueNegatives", "FalseNegatives" ->
          thresholds((ConfusionMetric<?>) Metric.named(type), c);
      case "SensitivityAtSpecificity" -> best(BestAt.Kind.SENSITIVITY_AT_SPECIFICITY, c);
      case "SpecificityAtSensitivity" -> best(BestAt.Kind.SPECIFICITY_AT_SENSITIVITY, c);
      case "PrecisionAtRecall" -> best(BestAt.Kind.PRECISION_AT_RECALL, c);
      case "RecallAtPrecision" -> best(BestAt.Kind.RECALL_AT_PRECISION, c);
      case "AUC" -> auc(c);
      case "F1Score" -> FBetaScore.f1(average(c), threshold(c));
      case "FBetaScore" -> new FBetaScore(average(c), c.number("beta", 1), threshold(c));
      case "R2Score" -> r2(c);
      default -> iou(type, c);
    };
  }

  static JsonObject write(Metric metric) {
    JsonObject config = JsonObject.EMPTY.with("name", metric.name()).with("dtype", metric instanceof MeanIoU ? "int64" : "float32");
    if (metric instanceof ConfusionMetric<?> m) {
      config = given(config, "thresholds", m.threshold());
      if (m instanceof PrecisionMetric || m instanceof Recall) {
        config = m.topK() > 0 ? config.with("top_k", m.topK()) : config.withNull("top_k");
        config = classId(config, m.classId());
      }
    } else if (metric instanceof BestAt best) {
      config = classId(config.with("num_thresholds", best.thresholds()).with(best.kind().limited(), best.least()), best.classId());
    } else if (metric instanceof AUC auc) {
      config = config.with("num_thresholds", auc.thresholdCount()).with("curve", auc.curve().name())
          .with("summation_method", auc.summation().kerasName()).with("multi_label", false)
          .withNull("num_labels", "label_weights").with("from_logits", auc.fromLogits());
      config = auc.thresholds() == null ? config : config.with("thresholds", numbers(auc.thresholds()));
    } else if (metric instanceof FBetaScore f) {
      config = config.with("average", f.average().kerasName());
      config = f.className().equals("FBetaScore") ? config.with("beta", f.beta()) : config;
      config = given(config, "threshold", f.threshold());
    } else if (metric instanceof R2Score r2) {
      config = config.with("class_aggregation", r2.byVariance() ? "variance_weighted_average" : "uniform_average")
          .with("num_regressors", 0);
    } else {
      config = iou((MeanIoU) metric, config);
    }
    return config;
  }

  private static JsonObject given(JsonObject config, String name, double value) {
    return Double.isNaN(value) ? config.withNull(name) : config.with(name, value);
  }

  private static JsonObject classId(JsonObject config, int id) {
    return id < 0 ? config.withNull("class_id") : config.with("class_id", id);
  }

  private static boolean set(JsonObject c, String name) {
    return c.has(name) && !c.isNull(name);
  }

  private static UnsupportedException refused(JsonObject c, String name, String what) {
    return new UnsupportedException(c.place(name) + ": " + what);
  }

  @SuppressWarnings("unchecked")
  private static <M extends ConfusionMetric<?>> M thresholds(M metric, JsonObject c) {
    if (!set(c, "thresholds")) {
      return metric;
    }
    double value;
    if (c.get("thresholds") instanceof JsonArray list) {
      if (list.size() != 1) {
        throw refused(c, "thresholds", "expected one threshold, found " + list.size() + ": logs hold one number a metric");
      }
      value = list.number(0);
    } else {
      value = c.number("thresholds");
    }
    return (M) metric.threshold(value);
  }

  private static double threshold(JsonObject c) {
    return set(c, "threshold") ? c.number("threshold") : Double.NaN;
  }

  private static FBetaScore.Average average(JsonObject c) {
    for (FBetaScore.Average each : FBetaScore.Average.values()) {
      if (set(c, "average") && c.string("average").equals(each.kerasName())) {
        return each;
      }
    }
    throw refused(c, "average", "expected micro, macro or weighted, found "
        + (set(c, "average") ? c.string("average") : "none, which is one score a class") + ": logs hold one number a metric");
  }

  private static BestAt best(BestAt.Kind kind, JsonObject c) {
    BestAt best = new BestAt(kind, c.number(kind.limited())).thresholds(c.integer("num_thresholds", 200));
    return set(c, "class_id") ? best.classId(c.integer("class_id")) : best;
  }

  private static AUC auc(JsonObject c) {
    if (c.bool("multi_label", false) || set(c, "label_weights")) {
      throw refused(c, "multi_label", "an area of each label, and weights of labels, are not supported");
    }
    AUC auc = new AUC().thresholds(c.integer("num_thresholds", 200)).fromLogits(c.bool("from_logits", false));
    if (set(c, "thresholds")) {
      JsonArray list = c.array("thresholds");
      double[] thresholds = new double[list.size()];
      for (int i = 0; i < thresholds.length; i++) {
        thresholds[i] = list.number(i);
      }
      auc = auc.thresholds(thresholds);
    }
    String curve = c.string("curve", "ROC");
    if (!curve.equals("ROC") && !curve.equals("PR")) {
      throw refused(c, "curve", "expected ROC or PR, found " + curve);
    }
    String summation = c.string("summation_method", "interpolation");
    for (AUC.Summation each : AUC.Summation.values()) {
      if (each.kerasName().equals(summation.toLowerCase(Locale.ROOT))) {
        return auc.curve(AUC.Curve.valueOf(curve)).summation(each);
      }
    }
    throw refused(c, "summation_method", "expected interpolation, minoring or majoring, found " + summation);
  }

  private static R2Score r2(JsonObject c) {
    String how = !c.has("class_aggregation") ? "uniform_average"
        : c.isNull("class_aggregation") ? "none, which is one score a feature" : c.string("class_aggregation");
    if (!how.equals("uniform_average") && !how.equals("variance_weighted_average")) {
      throw refused(c, "class_aggregation", "expected uniform_average or variance_weighted_average, found " + how);
    }
    if (c.integer("num_regressors", 0) != 0) {
      throw refused(c, "num_regressors", "a score adjusted to a number of regressors is not supported");
    }
    return new R2Score(how.equals("variance_weighted_average"));
  }

  private static MeanIoU iou(String type, JsonObject c) {
    if (!c.string("dtype", "int64").startsWith("int")) {
      throw refused(c, "dtype", "expected an integer type, Keras' default, found " + c.string("dtype"));
    }
    if (c.integer("axis", -1) != -1) {
      throw refused(c, "axis", "classes along another axis than the last are not supported");
    }
    int classes = c.integer("num_classes");
    boolean oneHot = type.startsWith("OneHot");
    MeanIoU metric;
    if (type.endsWith("MeanIoU")) {
      metric = new MeanIoU(classes);
    } else {
      JsonArray list = c.array("target_class_ids");
      int[] of = new int[list.size()];
      for (int i = 0; i < of.length; i++) {
        of[i] = list.integer(i);
      }
      metric = new MeanIoU(classes, of);
    }
    return metric.sparse(!oneHot && c.bool("sparse_y_true", true), c.bool("sparse_y_pred", !oneHot))
        .ignoring(set(c, "ignore_class") ? c.integer("ignore_class") : null);
  }

  private static JsonObject iou(MeanIoU metric, JsonObject from) {
    JsonObject config = from.with("num_classes", metric.classes()).with("sparse_y_true", metric.sparseTargets())
        .with("sparse_y_pred", metric.sparsePredictions()).with("axis", -1);
    config = metric.ignored() == null ? config.withNull("ignore_class") : config.with("ignore_class", metric.ignored());
    if (metric.targets() == null) {
      return config;
    }
    return config.with("target_class_ids", LayerWriter.integers(metric.targets()));
  }

  private static JsonArray numbers(double[] values) {
    List<JsonValue> all = new ArrayList<>();
    for (double value : values) {
      all.add(JsonNumber.of(value));
    }
    return JsonArray.of(all);
  }
}

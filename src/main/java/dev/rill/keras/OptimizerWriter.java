package dev.rill.keras;

import dev.rill.io.JsonArray;
import dev.rill.io.JsonNumber;
import dev.rill.io.JsonObject;
import dev.rill.io.JsonValue;
import dev.rill.tensor.UnsupportedException;
import dev.rill.training.Adagrad;
import dev.rill.training.Adam;
import dev.rill.training.CosineDecay;
import dev.rill.training.CosineDecayRestarts;
import dev.rill.training.ExponentialDecay;
import dev.rill.training.InverseTimeDecay;
import dev.rill.training.Nadam;
import dev.rill.training.Optimizer;
import dev.rill.training.PiecewiseConstantDecay;
import dev.rill.training.PolynomialDecay;
import dev.rill.training.RMSprop;
import dev.rill.training.SGD;
import dev.rill.training.Schedule;

/** What {@link OptimizerReader} reads, the other way: an optimizer and its schedule as Keras 3.15 writes them. */
final class OptimizerWriter {
  private OptimizerWriter() {}

  /**
   * The entry of an optimizer.
   *
   * @param rate that of the next update, as Keras has it in its file; it does not count where there is a schedule
   */
  static JsonObject write(Optimizer optimizer, double rate) {
    JsonObject config = JsonObject.EMPTY.with("name", optimizer.kerasName()).with("learning_rate",
        optimizer.schedule() == null ? JsonNumber.of(rate) : schedule(optimizer.schedule()));
    config = option(config, "weight_decay", optimizer.weightDecay());
    config = option(config, "clipnorm", optimizer.clipNorm());
    config = option(config, "global_clipnorm", optimizer.globalClipNorm());
    config = option(config, "clipvalue", optimizer.clipValue());
    config = config.with("use_ema", false).with("ema_momentum", 0.99)
        .withNull("ema_overwrite_frequency", "loss_scale_factor", "gradient_accumulation_steps");
    return LayerWriter.entry("keras.optimizers", optimizer.className(), own(optimizer, config));
  }

  private static JsonObject option(JsonObject config, String name, double value) {
    return value == 0 ? config.withNull(name) : config.with(name, value);
  }

  private static JsonObject own(Optimizer optimizer, JsonObject config) {
    if (optimizer instanceof SGD sgd) {
      return config.with("momentum", sgd.momentum()).with("nesterov", sgd.nesterov());
    } else if (optimizer instanceof RMSprop rms) {
      return config.with("rho", rms.rho()).with("momentum", rms.momentum())
          .with("epsilon", underRoot(rms.epsilon(), rms.epsilonOutsideRoot())).with("centered", rms.centered());
    } else if (optimizer instanceof Adam adam) {
      return config.with("beta_1", adam.beta1()).with("beta_2", adam.beta2()).with("epsilon", adam.epsilon())
          .with("amsgrad", adam.amsgrad());
    } else if (optimizer instanceof Nadam nadam) {
      return config.with("beta_1", nadam.beta1()).with("beta_2", nadam.beta2()).with("epsilon", nadam.epsilon());
    } else if (optimizer instanceof Adagrad adagrad) {
      return config.with("initial_accumulator_value", adagrad.initialAccumulator())
          .with("epsilon", underRoot(adagrad.epsilon(), adagrad.epsilonOutsideRoot()));
    }
    throw new UnsupportedException("optimizer " + optimizer.className() + " cannot be written into a file of Keras");
  }

  /** The epsilon under the root that comes nearest to one outside: equal where either is all that counts. */
  private static double underRoot(double epsilon, boolean outside) {
    return outside ? epsilon * epsilon : epsilon;
  }

  private static JsonObject schedule(Schedule schedule) {
    if (schedule instanceof ExponentialDecay s) {
      return schedule("ExponentialDecay", JsonObject.EMPTY.with("initial_learning_rate", s.rate())
          .with("decay_steps", JsonNumber.of(s.steps())).with("decay_rate", s.decay()).with("staircase", s.staircase()));
    } else if (schedule instanceof InverseTimeDecay s) {
      return schedule("InverseTimeDecay", JsonObject.EMPTY.with("initial_learning_rate", s.rate())
          .with("decay_steps", JsonNumber.of(s.steps())).with("decay_rate", s.decay()).with("staircase", s.staircase()));
    } else if (schedule instanceof PolynomialDecay s) {
      return schedule("PolynomialDecay", JsonObject.EMPTY.with("initial_learning_rate", s.rate())
          .with("decay_steps", JsonNumber.of(s.steps())).with("end_learning_rate", s.end()).with("power", s.power())
          .with("cycle", s.cycle()));
    } else if (schedule instanceof PiecewiseConstantDecay s) {
      return schedule("PiecewiseConstantDecay", "PiecewiseConstant", JsonObject.EMPTY
          .with("boundaries", JsonArray.of(s.boundaries().stream().map(b -> JsonNumber.of(b.longValue())).toList()))
          .with("values", JsonArray.of(s.rates().stream().map(r -> JsonNumber.of(r.doubleValue())).toList())));
    } else if (schedule instanceof CosineDecay s) {
      JsonValue target = s.warmUp() == null ? null : JsonNumber.of(s.warmUp().doubleValue());
      JsonObject config = JsonObject.EMPTY.with("initial_learning_rate", s.rate()).with("decay_steps", JsonNumber.of(s.steps()))
          .with("alpha", s.alpha());
      config = target == null ? config.withNull("warmup_target") : config.with("warmup_target", target);
      return schedule("CosineDecay", config.with("warmup_steps", JsonNumber.of(s.warmUpSteps())));
    } else if (schedule instanceof CosineDecayRestarts s) {
      return schedule("CosineDecayRestarts", "SGDRDecay", JsonObject.EMPTY.with("initial_learning_rate", s.rate())
          .with("first_decay_steps", JsonNumber.of(s.firstSteps())).with("t_mul", s.stretch()).with("m_mul", s.shrink())
          .with("alpha", s.alpha()));
    }
    throw new UnsupportedException("a schedule that is a function of its own, " + schedule.getClass().getSimpleName()
        + ", cannot be written into a file: compile with one of Keras' schedules, or save the weights alone");
  }

  private static JsonObject schedule(String className, JsonObject config) {
    return schedule(className, className, config);
  }

  private static JsonObject schedule(String className, String name, JsonObject config) {
    return LayerWriter.entry("keras.optimizers.schedules", className, config.with("name", name));
  }
}

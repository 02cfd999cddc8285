/**
 * Training: losses, metrics, optimizers and learning-rate schedules; the step from a batch to new weights; epochs, callbacks, and
 * streams as batches.
 *
 * <p>Read {@link dev.rill.training.Fit} first, which has the arguments of Keras' {@code fit}, and {@link dev.rill.training.StreamData}
 * for long streams in stateful batches. {@link dev.rill.training.Callback} is told what happens.
 *
 * <pre>{@code
 * model.compile("adam", "mse");
 * History history = model.fit(x, y, new Fit().epochs(10).validationSplit(0.2));
 * }</pre>
 */
package dev.rill.training;

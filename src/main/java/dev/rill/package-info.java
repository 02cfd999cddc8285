/**
 * Models and streams: what users import first.
 *
 * <p>Read {@link dev.rill.Network} and {@link dev.rill.Session} first: they serve, with shared immutable weights and a state that the
 * caller holds. {@link dev.rill.Model} and {@link dev.rill.Sequential} are built, loaded, called and trained as in Keras; {@link
 * dev.rill.Input} is where a model starts, and {@link dev.rill.Model#freeze()} leads from a model to a network. One step of one
 * stream:
 *
 * <pre>{@code
 * Network network = Network.load(Path.of("model.keras"));
 * Session session = network.session(1);
 * float[] y = new float[network.outputFeatures(0)];
 * session.step(new float[] {0.1f, 0.4f, 1}, y);
 * }</pre>
 *
 * <p>A model of Keras, predicted with, trained further and saved for Keras again:
 *
 * <pre>{@code
 * Model model = Model.load(Path.of("model.keras"));
 * Tensor y = model.predict(x);                          // x (rows, time, features)
 * model.fit(x, targets, new Fit().epochs(5));           // with the optimizer and the loss of the file
 * model.save(Path.of("better.keras"));
 * }</pre>
 */
package dev.rill;

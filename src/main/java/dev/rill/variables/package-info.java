/**
 * What belongs to one variable of a layer: how it starts ({@link dev.rill.variables.Initializer}), what the loss takes for it
 * ({@link dev.rill.variables.Regularizer}), what it is held to after each update ({@link dev.rill.variables.Constraint}).
 *
 * <p>A layer takes them by name or as objects: {@code new Dense(10).kernelInitializer(...)}.
 */
package dev.rill.variables;

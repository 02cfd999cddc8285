/** Training: losses, metrics, optimizers and learning-rate schedules; the step from a batch to new weights. */
package dev.rill.training;

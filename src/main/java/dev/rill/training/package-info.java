/**
 * Training: losses, metrics, optimizers and learning-rate schedules; the step from a batch to new weights; epochs, callbacks, and
 * streams as batches.
 */
package dev.rill.training;

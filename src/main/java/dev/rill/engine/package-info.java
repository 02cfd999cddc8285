/**
 * What carries a model out: {@link dev.rill.engine.Plan} at inference, {@link dev.rill.engine.TrainingPlan} in training, the memory they
 * work in, and the table of which file runs which layer. Exported nowhere.
 */
package dev.rill.engine;

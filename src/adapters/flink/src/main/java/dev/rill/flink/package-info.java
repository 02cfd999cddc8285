/**
 * Recurrent states by key in Flink jobs: {@link dev.rill.flink.KeyedNetwork} applies a network to a keyed stream.
 *
 * <p>A task manager has each model once for a job. Put {@code rill.jar} and {@code rill-flink.jar} into Flink's {@code lib} and set
 * {@code classloader.parent-first-patterns.additional: dev.rill.} to have it once for all jobs, and kernels compiled once for all;
 * {@code env.java.opts.all: --add-modules jdk.incubator.vector} makes them fast.
 */
package dev.rill.flink;

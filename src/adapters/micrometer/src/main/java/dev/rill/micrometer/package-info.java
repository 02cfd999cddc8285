/** Figures of {@link dev.rill.serving} as meters of Micrometer. */
package dev.rill.micrometer;

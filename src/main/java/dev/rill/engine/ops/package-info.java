/**
 * What runs of each layer, inference and training side by side, one file a layer; and what all of them share: where tensors lie,
 * and what a batch has in common. Exported nowhere.
 */
package dev.rill.engine.ops;

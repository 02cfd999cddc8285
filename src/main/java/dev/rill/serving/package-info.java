/**
 * Many streams in one service: a state for each key.
 *
 * <p>{@link dev.rill.serving.StreamPool} has no thread and no lock: it maps keys to rows of one session.
 * {@link dev.rill.serving.SequenceBatcher} has both: many threads submit, order is kept per key, rows of different keys ride in one
 * batch.
 *
 * <p>Who touches what. A key belongs to one shard by its hash. A shard has a ring of free requests, a ring of waiting ones, a lock, and,
 * under that lock, its pool. Who submits takes a free request, copies the input into it and puts it among the waiting: no lock, and
 * nothing is allocated. Who has the lock carries out batches: the shard's worker, or who waits for a step of an idle shard. He also
 * copies rows for a snapshot, between two batches; swaps and statistics take the lock for moments. Results are written to arrays of the
 * caller's, then his completion is called.
 */
package dev.rill.serving;

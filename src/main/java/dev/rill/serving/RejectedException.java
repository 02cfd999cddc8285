package dev.rill.serving;

import dev.rill.tensor.RillException;

/** A request that was not carried out; its stream is as it was. Without a stack trace: there may be many. */
public final class RejectedException extends RillException {
  private static final long serialVersionUID = 1L;

  static final RejectedException FULL =
      new RejectedException("the queue is full: submit less, raise its capacity, or let submitting wait (WhenFull.BLOCK)");
  static final RejectedException BUSY =
      new RejectedException("too many requests of this key are waiting: a key's requests are carried out one after the other");
  static final RejectedException LATE =
      new RejectedException("the request has waited longer than the timeout allows");
  static final RejectedException CLOSED =
      new RejectedException("the batcher is closed");

  private RejectedException(String message) {
    super(message);
  }

  /** Does nothing: the place where one is thrown says nothing. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}

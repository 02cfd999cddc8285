package org.springframework.boot.actuate.health;

/** As far as the pages use it: a declaration to compile against. */
public final class Health {
  private Health() {}

  public static Builder up() {
    return new Builder();
  }

  /** Builds. */
  public static final class Builder {
    public Builder withDetail(String key, Object value) {
      return this;
    }

    public Health build() {
      return new Health();
    }
  }
}

package org.springframework.boot.actuate.health;

/** As far as the pages use it: a declaration to compile against. */
public interface HealthIndicator {
  Health health();
}

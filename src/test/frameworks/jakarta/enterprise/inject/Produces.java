package jakarta.enterprise.inject;

/** As far as the pages use it: a declaration to compile against. */
public @interface Produces {}

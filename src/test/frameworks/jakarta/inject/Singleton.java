package jakarta.inject;

/** As far as the pages use it: a declaration to compile against. */
public @interface Singleton {}

package jakarta.enterprise.context;

/** As far as the pages use it: a declaration to compile against. */
public @interface ApplicationScoped {}

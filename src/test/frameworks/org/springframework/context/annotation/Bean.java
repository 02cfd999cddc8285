package org.springframework.context.annotation;

/** As far as the pages use it: a declaration to compile against. */
public @interface Bean {}

package dev.rill;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/** Tests in which the kernels of their own process have no part: they run with those that it chooses by itself, and with no others. */
@DisabledIfSystemProperty(named = "rill.kernels", matches = "(?!auto$).*", disabledReason = "runs once, with the kernel choice auto")
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface OnceIsEnough {}

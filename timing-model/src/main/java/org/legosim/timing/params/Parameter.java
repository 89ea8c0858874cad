package org.legosim.timing.params;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares one configuration key on a component of a {@code Params} record. The record stands beside
 * the model that reads it; the configuration module binds, validates and documents it by reflection.
 *
 * <p>Allowed component types: {@link Constant} for a physical constant (it carries its status),
 * {@code long}, {@code int}, {@code boolean}, {@code String}, an {@code enum} (its constants spelled
 * in lower case with dashes), {@code List<String>}, and another {@code Params} record (its keys are
 * full keys of their own).
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Parameter {
  /** Full dotted key, such as {@code pcache.ways}. */
  String key();

  Unit unit();

  /** In the notation of a configuration file, unit included: {@code 512 MiB}, {@code 1.2 us}. */
  String defaultValue();

  /**
   * Allowed values in the same notation; empty when the type says it. {@code MIN..MAX} (one end may
   * be left out) and {@code a | b | c} are enforced when the configuration is read: list the values
   * that this version models where an enum declares more. Anything else is prose for the reader,
   * and the record's constructor enforces it.
   */
  String range() default "";

  /**
   * Words accepted in place of a number, each {@code WORD=VALUE} with the value in the canonical
   * unit: {@code off=0} for an interval, {@code full=0} for a number of ways. They lie outside
   * {@link #range}.
   */
  String[] words() default {};

  /**
   * Words of an enumeration that a machine file may know and that this version does not model: they
   * are documented, and refused in those words. The enumeration itself need not have them.
   */
  String[] notModelled() default {};

  /** What the parameter means. */
  String doc();

  /** Where the default comes from: document and place. */
  String source() default "";

  Status status() default Status.CHOICE;

  /** Rows of the validation data that the default was fitted on, separated by {@code |}; or none. */
  String fittedTo() default "";
}

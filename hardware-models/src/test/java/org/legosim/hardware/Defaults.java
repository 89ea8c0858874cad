package org.legosim.hardware;

import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.legosim.timing.params.Constant;
import org.legosim.timing.params.Parameter;
import org.legosim.timing.params.Unit;

/** Builds a parameter record from the defaults that it declares, with some keys set otherwise. */
public final class Defaults {
  private static final Map<String, Long> SCALE = new TreeMap<>();

  static {
    SCALE.put("", 1L);
    SCALE.put("ps", 1L);
    SCALE.put("ns", 1_000L);
    SCALE.put("us", 1_000_000L);
    SCALE.put("ms", 1_000_000_000L);
    SCALE.put("B", 1L);
    SCALE.put("KiB", 1L << 10);
    SCALE.put("MiB", 1L << 20);
    SCALE.put("GiB", 1L << 30);
    SCALE.put("cycles", 1L);
    SCALE.put("Hz", 1L);
    SCALE.put("GHz", 1_000_000_000L);
    SCALE.put("Gbit/s", 1_000_000_000L);
    SCALE.put("Mbit/s", 1_000_000L);
  }

  private Defaults() {}

  /** @param settings {@code key=value} in the notation of a configuration */
  public static <T extends Record> T of(Class<T> type, String... settings) {
    Map<String, String> given = new TreeMap<>();
    for (String setting : settings) {
      String[] parts = setting.split("=", 2);
      given.put(parts[0], parts[1]);
    }
    T record = of(type, given);
    if (!given.isEmpty()) {
      throw new IllegalArgumentException("no such keys: " + given.keySet());
    }
    return record;
  }

  private static <T extends Record> T of(Class<T> type, Map<String, String> given) {
    RecordComponent[] components = type.getRecordComponents();
    Object[] values = new Object[components.length];
    Class<?>[] types = new Class<?>[components.length];
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      if (types[i].isRecord() && types[i] != Constant.class) {
        values[i] = of(types[i].asSubclass(Record.class), given);
        continue;
      }
      Parameter parameter = components[i].getAnnotation(Parameter.class);
      String text = given.remove(parameter.key());
      values[i] = value(types[i], parameter, text == null ? parameter.defaultValue() : text);
    }
    try {
      return type.getDeclaredConstructor(types).newInstance(values);
    } catch (java.lang.reflect.InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Object value(Class<?> type, Parameter parameter, String text) {
    if (type.isEnum()) {
      String name = text.toUpperCase(Locale.ROOT).replace('-', '_');
      for (Object constant : type.getEnumConstants()) {
        if (((Enum<?>) constant).name().equals(name)) {
          return constant;
        }
      }
      throw new IllegalArgumentException(parameter.key() + ": " + text);
    }
    if (type == boolean.class) {
      return text.equals("on");
    }
    if (type == String.class) {
      return text;
    }
    long number = number(parameter, text);
    if (type == int.class) {
      return Math.toIntExact(number);
    }
    return type == long.class
        ? (Object) number
        : new Constant(parameter.key(), number, parameter.status());
  }

  private static long number(Parameter parameter, String text) {
    for (String word : parameter.words()) {
      if (word.startsWith(text + "=")) {
        return Long.parseLong(word.substring(text.length() + 1));
      }
    }
    int space = text.indexOf(' ');
    String unit = space < 0 ? "" : text.substring(space + 1);
    String digits = space < 0 ? text : text.substring(0, space);
    long scale = parameter.unit() == Unit.MILLICYCLES ? 1000 : SCALE.get(unit);
    return new BigDecimal(digits).multiply(BigDecimal.valueOf(scale)).longValueExact();
  }
}

package org.legosim.kernel;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.legosim.timing.params.Constant;
import org.legosim.timing.params.Parameter;
import org.legosim.timing.params.Unit;

/** Params records with their declared defaults, for tests; a key's value can be replaced. */
public final class Defaults {
  private static final Map<String, BigDecimal> UNITS = Map.ofEntries(
      Map.entry("", BigDecimal.ONE),
      Map.entry("ps", BigDecimal.ONE),
      Map.entry("cycles", BigDecimal.ONE),
      Map.entry("ns", new BigDecimal("1e3")),
      Map.entry("ps/KiB", BigDecimal.ONE),
      Map.entry("ns/KiB", new BigDecimal("1e3")),
      Map.entry("%", BigDecimal.ONE),
      Map.entry("MHz", new BigDecimal("1e6")),
      Map.entry("us", new BigDecimal("1e6")),
      Map.entry("ms", new BigDecimal("1e9")),
      Map.entry("s", new BigDecimal("1e12")),
      Map.entry("B", BigDecimal.ONE),
      Map.entry("KiB", new BigDecimal(1L << 10)),
      Map.entry("MiB", new BigDecimal(1L << 20)),
      Map.entry("GiB", new BigDecimal(1L << 30)),
      Map.entry("TiB", new BigDecimal(1L << 40)),
      Map.entry("GHz", new BigDecimal("1e9")),
      Map.entry("Mbit/s", new BigDecimal("1e6")),
      Map.entry("Gbit/s", new BigDecimal("1e9")));

  private Defaults() {}

  public static <T extends Record> T of(Class<T> type) {
    return of(type, Map.of());
  }

  /** @param replaced values by key, in the notation of a configuration file */
  public static <T extends Record> T of(Class<T> type, Map<String, String> replaced) {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      values[i] = valueOf(components[i], replaced);
    }
    try {
      var constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Object valueOf(RecordComponent component, Map<String, String> replaced) {
    Class<?> type = component.getType();
    if (type.isRecord() && type != Constant.class) {
      return of(type.asSubclass(Record.class), replaced);
    }
    Parameter parameter = Objects.requireNonNull(component.getAnnotation(Parameter.class));
    String text = replaced.getOrDefault(parameter.key(), parameter.defaultValue());
    for (String word : parameter.words()) {
      if (word.startsWith(text + "=")) {
        text = word.substring(text.length() + 1);
      }
    }
    if (type == Constant.class) {
      long scale = parameter.unit() == Unit.MILLICYCLES ? 1000 : 1;
      return new Constant(parameter.key(), number(text, scale), parameter.status());
    } else if (type == int.class) {
      return Math.toIntExact(number(text));
    } else if (type == long.class) {
      return number(text);
    } else if (type == boolean.class) {
      return text.equals("true") || text.equals("on");
    } else if (type.isEnum()) {
      String constant = text.toUpperCase(Locale.ROOT).replace('-', '_');
      for (Object value : type.getEnumConstants()) {
        if (value.toString().equals(constant)) {
          return value;
        }
      }
      throw new IllegalArgumentException(parameter.key() + ": " + text);
    }
    if (type == List.class) {
      String words = text.substring(1, text.length() - 1);
      return words.isEmpty() ? List.of() : List.of(words.split(", "));
    }
    return text;
  }

  private static long number(String text) {
    return number(text, 1);
  }

  private static long number(String text, long scale) {
    int end = 0;
    while (end < text.length() && "0123456789.-".indexOf(text.charAt(end)) >= 0) {
      end++;
    }
    BigDecimal unit = Objects.requireNonNull(UNITS.get(text.substring(end).strip()), text);
    return new BigDecimal(text.substring(0, end))
        .multiply(unit)
        .multiply(BigDecimal.valueOf(scale))
        .longValueExact();
  }
}

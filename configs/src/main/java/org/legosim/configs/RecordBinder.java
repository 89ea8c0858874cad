package org.legosim.configs;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.legosim.timing.ConfigException;
import org.legosim.timing.ModelException;
import org.legosim.timing.params.Constant;
import org.legosim.timing.params.Parameter;

/** Builds {@code Params} records from effective settings, through their canonical constructors. */
final class RecordBinder {
  private final EffectiveConfig config;

  RecordBinder(EffectiveConfig config) {
    this.config = config;
  }

  <R extends Record> R bind(Class<R> type) {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    Object[] arguments = Arrays.stream(components).map(this::argument).toArray();
    try {
      Constructor<R> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(arguments);
    } catch (InvocationTargetException e) {
      throw refused(type, e.getCause() == null ? e : e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new ModelException(type.getName() + ": cannot be built from a configuration", e);
    }
  }

  private Object argument(RecordComponent component) {
    if (ParameterCatalog.isNested(component)) {
      return bind(component.getType().asSubclass(Record.class));
    }
    Parameter declared = component.getAnnotation(Parameter.class);
    if (declared == null || config.catalog().find(declared.key()).isEmpty()) {
      throw new ModelException(
          component.getDeclaringRecord().getName() + " is not in the list of known parameters");
    }
    Setting setting = config.setting(declared.key());
    ConfigValue value = setting.value();
    if (value instanceof ConfigValue.Amount amount) {
      return number(component.getType(), setting, amount.amount());
    }
    if (value instanceof ConfigValue.Text text && component.getType().isEnum()) {
      return constant(component.getType(), text.text());
    }
    return value.plain();
  }

  private static Object number(Class<?> type, Setting setting, long amount) {
    if (type == Constant.class) {
      return new Constant(setting.key(), amount, setting.status());
    }
    return type == int.class ? (Object) Math.toIntExact(amount) : (Object) amount;
  }

  private static Object constant(Class<?> type, String word) {
    for (Object constant : type.getEnumConstants()) {
      if (ParameterCatalog.word((Enum<?>) constant).equals(word)) {
        return constant;
      }
    }
    throw new ModelException("'" + word + "' is no constant of " + type.getName());
  }

  /** The rule's own words, then the keys that it may be about and where each was set. */
  ConfigException refused(Class<? extends Record> type, Throwable cause) {
    if (!(cause instanceof ConfigException) && !(cause instanceof IllegalArgumentException)) {
      throw new ModelException(
          type.getName() + ": its constructor failed on a configuration: " + cause, cause);
    }
    String problem = String.valueOf(cause.getMessage());
    List<Setting> named = new ArrayList<>();
    List<Setting> set = new ArrayList<>();
    for (RecordComponent component : ParameterCatalog.parameters(type)) {
      Parameter declared = component.getAnnotation(Parameter.class);
      Setting setting = config.setting(declared == null ? "" : declared.key());
      if (isNamed(setting.key(), problem)) {
        named.add(setting);
      } else if (!setting.place().isDefault()) {
        set.add(setting);
      }
    }
    StringBuilder text = new StringBuilder(config.machine()).append(": ").append(problem);
    for (Setting setting : named.isEmpty() ? set : named) {
      text.append("\n  ").append(setting.key()).append(": ").append(setting.text());
      text.append("  (").append(setting.place()).append(')');
    }
    return new ConfigException(text.toString(), cause);
  }

  /** By its full name, or by that of its group, such as {@code caches.l1d}. */
  private static boolean isNamed(String key, String problem) {
    String group = key.substring(0, Math.max(0, key.lastIndexOf('.')));
    boolean isNarrow = group.indexOf('.') > 0;
    return problem.contains(key) || (isNarrow && problem.contains(group));
  }
}

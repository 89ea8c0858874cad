package org.legosim.configs;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.legosim.timing.ModelException;
import org.legosim.timing.params.Constant;
import org.legosim.timing.params.Parameter;

/**
 * How one record is built: its canonical constructor and what fills each argument. Reading annotations
 * is slow, so it is done once, when the catalogue is built; a sweep binds every record at every point.
 */
record RecordPlan<R extends Record>(Class<R> type, Constructor<R> constructor, List<Slot> slots) {
  RecordPlan {
    slots = List.copyOf(slots);
  }

  /** What fills an argument. */
  sealed interface Slot {}

  /**
   * The value of a key.
   *
   * @param words constants of an enumeration by their spelling; empty for the other types
   */
  record Key(String key, Class<?> type, Map<String, Object> words) implements Slot {
    Object argument(Setting setting) {
      ConfigValue value = setting.value();
      if (value instanceof ConfigValue.Amount amount) {
        return number(setting, amount.amount());
      }
      if (value instanceof ConfigValue.Text text && type.isEnum()) {
        Object constant = words.get(text.text());
        if (constant == null) {
          throw new ModelException("'" + text.text() + "' is no constant of " + type.getName());
        }
        return constant;
      }
      return value.plain();
    }

    private Object number(Setting setting, long amount) {
      if (type == Constant.class) {
        return new Constant(setting.key(), amount, setting.status());
      }
      return type == int.class ? (Object) Math.toIntExact(amount) : (Object) amount;
    }
  }

  /** A record with keys of its own. */
  record Nested(RecordPlan<?> plan) implements Slot {}

  static <R extends Record> RecordPlan<R> of(Class<R> type) {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    List<Slot> slots = new ArrayList<>();
    for (RecordComponent component : components) {
      if (ParameterCatalog.isNested(component)) {
        slots.add(new Nested(of(component.getType().asSubclass(Record.class))));
      } else {
        Parameter declared = component.getAnnotation(Parameter.class);
        String key = declared == null ? "" : declared.key();
        slots.add(new Key(key, component.getType(), words(component.getType())));
      }
    }
    try {
      Constructor<R> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return new RecordPlan<>(type, constructor, slots);
    } catch (NoSuchMethodException e) {
      throw new ModelException(type.getName() + " has no canonical constructor", e);
    }
  }

  /** All keys, those of nested records included. */
  List<String> keys() {
    List<String> keys = new ArrayList<>();
    for (Slot slot : slots) {
      if (slot instanceof Key key) {
        keys.add(key.key());
      } else if (slot instanceof Nested nested) {
        keys.addAll(nested.plan().keys());
      }
    }
    return keys;
  }

  /**
   * @throws InvocationTargetException with what the constructor threw
   */
  R newRecord(Object[] arguments) throws InvocationTargetException {
    try {
      return constructor.newInstance(arguments);
    } catch (InstantiationException | IllegalAccessException e) {
      throw new ModelException(type.getName() + ": cannot be built from a configuration", e);
    }
  }

  private static Map<String, Object> words(Class<?> type) {
    Map<String, Object> words = new LinkedHashMap<>();
    Object[] constants = type.getEnumConstants();
    if (constants != null) {
      for (Object constant : constants) {
        words.put(ParameterCatalog.word((Enum<?>) constant), constant);
      }
    }
    return words;
  }
}

package org.legosim.configs;

import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import org.legosim.timing.ConfigException;
import org.legosim.timing.ModelException;

/** Builds {@code Params} records from effective settings, through their canonical constructors. */
final class RecordBinder {
  private final EffectiveConfig config;

  RecordBinder(EffectiveConfig config) {
    this.config = config;
  }

  <R extends Record> R bind(RecordPlan<R> plan) {
    List<RecordPlan.Slot> slots = plan.slots();
    Object[] arguments = new Object[slots.size()];
    for (int i = 0; i < arguments.length; i++) {
      RecordPlan.Slot slot = slots.get(i);
      arguments[i] = slot instanceof RecordPlan.Key key
          ? key.argument(config.setting(key.key()))
          : bind(((RecordPlan.Nested) slot).plan());
    }
    try {
      return plan.newRecord(arguments);
    } catch (InvocationTargetException e) {
      throw refused(plan, e.getCause() == null ? e : e.getCause());
    }
  }

  /** The rule's own words, then the keys that it may be about and where each was set. */
  ConfigException refused(RecordPlan<?> plan, Throwable cause) {
    if (!(cause instanceof ConfigException) && !(cause instanceof IllegalArgumentException)) {
      throw new ModelException(
          plan.type().getName() + ": its constructor failed on a configuration: " + cause, cause);
    }
    String problem = String.valueOf(cause.getMessage());
    List<Setting> named = new ArrayList<>();
    List<Setting> set = new ArrayList<>();
    for (String key : plan.keys()) {
      Setting setting = config.setting(key);
      if (isNamed(key, problem)) {
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

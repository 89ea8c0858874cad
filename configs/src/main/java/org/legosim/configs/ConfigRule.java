package org.legosim.configs;

import java.util.function.Consumer;
import org.legosim.timing.ConfigException;

/**
 * What must hold between keys. Most rules stand in the records' own constructors; these are for what
 * is derived from a record, and for what lies between records.
 */
@FunctionalInterface
public interface ConfigRule {
  /**
   * @throws ConfigException naming the keys and where they were set, when the rule does not hold
   */
  void check(EffectiveConfig config);

  /**
   * Builds what a model derives from a record, so that its checks run before a simulation is wired.
   *
   * @param derive throws {@link ConfigException} when the values do not fit together
   */
  static <R extends Record> ConfigRule derives(Class<R> type, Consumer<R> derive) {
    return config -> {
      R bound = config.bind(type);
      try {
        derive.accept(bound);
      } catch (ConfigException e) {
        throw new RecordBinder(config).refused(config.catalog().plan(type), e);
      }
    };
  }
}

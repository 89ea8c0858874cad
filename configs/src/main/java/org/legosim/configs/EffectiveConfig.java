package org.legosim.configs;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.legosim.timing.ConfigException;
import org.legosim.timing.ModelException;

/**
 * All keys with their effective values: defaults, then presets, then the machine file, then the
 * overrides of the command line. Immutable.
 *
 * <p>The digest is over the canonical text (sorted keys, values in canonical units, the status of
 * each constant), so comments, the order of keys and the notation of a unit do not change it.
 */
public final class EffectiveConfig {
  private final String machine;
  private final String description;
  private final ParameterCatalog catalog;
  private final SortedMap<String, Setting> settings;

  EffectiveConfig(
      String machine,
      String description,
      ParameterCatalog catalog,
      SortedMap<String, Setting> settings) {
    this.machine = machine;
    this.description = description;
    this.catalog = catalog;
    this.settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
  }

  /** Every key at its declared default. */
  public static EffectiveConfig defaults(ParameterCatalog catalog) {
    SortedMap<String, Setting> settings = new TreeMap<>();
    catalog.specs().forEach(spec -> settings.put(spec.key(), Setting.ofDefault(spec)));
    return new EffectiveConfig("defaults", "", catalog, settings);
  }

  /** Name of the machine file; not part of the digest. */
  public String machine() {
    return machine;
  }

  /** One line for people; may be empty. */
  public String description() {
    return description;
  }

  public ParameterCatalog catalog() {
    return catalog;
  }

  /** In the order of keys. */
  public Collection<Setting> settings() {
    return settings.values();
  }

  /**
   * @throws ConfigException when there is no such key, with the nearest one
   */
  public Setting setting(String key) {
    Setting setting = settings.get(key);
    if (setting == null) {
      throw catalog.unknownKey(key, Place.of("legosim"));
    }
    return setting;
  }

  /** The amount of a numeric key in canonical units. */
  public long amount(String key) {
    if (setting(key).value() instanceof ConfigValue.Amount amount) {
      return amount.amount();
    }
    throw new ModelException("'" + key + "' is asked for as an amount, but is none");
  }

  /** Key to plain value ({@code Long}, {@code Boolean}, {@code String} or list), for JSON. */
  public SortedMap<String, Object> values() {
    SortedMap<String, Object> values = new TreeMap<>();
    settings.forEach((key, setting) -> values.put(key, setting.value().plain()));
    return values;
  }

  /**
   * Lays {@code --set} options over this configuration, later ones over earlier ones.
   *
   * @param options each {@code key=value}
   * @throws ConfigException with the option as the place
   */
  public EffectiveConfig with(List<String> options) {
    Overlay overlay = new Overlay(catalog);
    for (String option : options) {
      String place = "--set " + option;
      int equals = option.indexOf('=');
      if (equals < 1) {
        throw new ConfigException(place + ": expected key=value, such as pcache.ways=8");
      }
      YamlNode value = StrictYaml.readOption(place, option.substring(equals + 1));
      overlay.replace(
          option.substring(0, equals).strip(), new YamlNode.Entry(Place.of(place), value));
    }
    return with(overlay);
  }

  EffectiveConfig with(Overlay overlay) {
    return new EffectiveConfig(machine, description, catalog, overlay.over(settings));
  }

  /** Replaces settings of known keys. */
  EffectiveConfig with(SortedMap<String, Setting> replaced) {
    SortedMap<String, Setting> changed = new TreeMap<>(settings);
    changed.putAll(replaced);
    return new EffectiveConfig(machine, description, catalog, changed);
  }

  EffectiveConfig named(String name, String text) {
    return new EffectiveConfig(name, text, catalog, settings);
  }

  /**
   * Builds the record from the effective values of its keys.
   *
   * @throws ConfigException when the record's constructor refuses the combination; the message
   *     names the keys and where they were set
   */
  public <R extends Record> R bind(Class<R> type) {
    return new RecordBinder(this).bind(catalog.plan(type));
  }

  /**
   * Binds every record of the catalogue and checks its rules, so that what does not fit together is
   * refused before anything is built.
   *
   * @throws ConfigException at the first rule that does not hold
   */
  public EffectiveConfig validate() {
    RecordBinder binder = new RecordBinder(this);
    catalog.records().forEach(type -> binder.bind(catalog.plan(type)));
    catalog.rules().forEach(rule -> rule.check(this));
    return this;
  }

  /** One line per key: key, value in canonical units, unit, and the status of a constant. */
  public String canonicalText() {
    StringBuilder text = new StringBuilder("legosim-config 1\n");
    for (Setting setting : settings.values()) {
      ParameterSpec spec = setting.spec();
      text.append(spec.key()).append(" = ").append(setting.value().plain());
      text.append(' ').append(spec.unit().symbol());
      if (spec.isConstant()) {
        text.append(' ').append(setting.status());
      }
      text.append('\n');
    }
    return text.toString();
  }

  /** SHA-256 of the canonical text, lower-case hexadecimal. */
  public String digest() {
    try {
      byte[] text = canonicalText().getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new ModelException("this Java has no SHA-256", e);
    }
  }
}

package org.legosim.configs;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.legosim.timing.ConfigException;
import org.legosim.timing.ModelException;
import org.legosim.timing.params.Constant;
import org.legosim.timing.params.Parameter;
import org.legosim.timing.params.Status;
import org.legosim.timing.params.Unit;

/**
 * Every configuration key there is: read by reflection from the {@code Params} records that stand
 * beside the models. A wrong declaration (a default out of its own range, one key with two meanings)
 * is a defect of legosim and is reported as such when the catalogue is built.
 */
public final class ParameterCatalog {
  private static final Pattern KEY = Pattern.compile("[a-z][A-Za-z0-9]*(?:\\.[a-z][A-Za-z0-9]*)*");

  private final List<Class<? extends Record>> records;
  private final SortedMap<String, ParameterSpec> specs = new TreeMap<>();

  private final List<ConfigRule> rules;
  private final Map<Class<?>, RecordPlan<?>> plans = new LinkedHashMap<>();

  private ParameterCatalog(List<Class<? extends Record>> records, List<ConfigRule> rules) {
    this.records = List.copyOf(records);
    this.rules = List.copyOf(rules);
  }

  /** As {@link #of(List, List)}, without rules beyond those of the records' constructors. */
  public static ParameterCatalog of(List<Class<? extends Record>> records) {
    return of(records, List.of());
  }

  /**
   * @param records the outermost records, in the order in which they are checked
   * @param rules checked after them, in order
   * @throws ModelException when a declaration is wrong
   */
  public static ParameterCatalog of(List<Class<? extends Record>> records, List<ConfigRule> rules) {
    ParameterCatalog catalog = new ParameterCatalog(records, rules);
    List<String> defects = new ArrayList<>();
    records.forEach(type -> catalog.addRecord(type, defects));
    catalog.specs.keySet().stream()
        .filter(catalog::isGroup)
        .map(key -> "key '" + key + "' is also the beginning of other keys")
        .forEach(defects::add);
    if (!defects.isEmpty()) {
      throw new ModelException("wrong parameter declarations:\n  " + String.join("\n  ", defects));
    }
    records.forEach(type -> catalog.addPlan(RecordPlan.of(type)));
    return catalog;
  }

  /** The records that the catalogue was built from. */
  public List<Class<? extends Record>> records() {
    return records;
  }

  /** What must hold between keys, beyond the records' constructors. */
  public List<ConfigRule> rules() {
    return rules;
  }

  /** All keys in order. */
  public Collection<ParameterSpec> specs() {
    return Collections.unmodifiableCollection(specs.values());
  }

  public Optional<ParameterSpec> find(String key) {
    return Optional.ofNullable(specs.get(key));
  }

  /**
   * @param place where the key was written
   * @throws ConfigException naming the nearest known key when there is no such key
   */
  public ParameterSpec require(String key, Place place) {
    return find(key).orElseThrow(() -> unknownKey(key, place));
  }

  /**
   * @throws ModelException when the record is neither in the list nor nested in one that is
   */
  <R extends Record> RecordPlan<R> plan(Class<R> type) {
    RecordPlan<?> plan = plans.get(type);
    if (plan == null) {
      throw new ModelException(type.getName() + " is not in the list of known parameters");
    }
    @SuppressWarnings("unchecked") // addPlan puts each plan under its own type
    RecordPlan<R> known = (RecordPlan<R>) plan;
    return known;
  }

  /** Whether some known key begins with {@code prefix} and a dot. */
  boolean isGroup(String prefix) {
    String start = prefix + ".";
    SortedMap<String, ParameterSpec> tail = specs.tailMap(start);
    return !tail.isEmpty() && tail.firstKey().startsWith(start);
  }

  ConfigException unknownKey(String key, Place place) {
    return new ConfigException(place
        + ": unknown key '"
        + key
        + "'"
        + NearestName.suggestion(key, specs.keySet())
        + " ('legosim machine schema' lists all keys)");
  }

  /** The keys of one record, nested records included, in the order of declaration. */
  static List<RecordComponent> parameters(Class<? extends Record> type) {
    List<RecordComponent> found = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      if (isNested(component)) {
        found.addAll(parameters(component.getType().asSubclass(Record.class)));
      } else {
        found.add(component);
      }
    }
    return found;
  }

  /** Whether the component is a record with keys of its own. */
  static boolean isNested(RecordComponent component) {
    return component.getType().isRecord() && component.getType() != Constant.class;
  }

  /** The spelling of an enumeration's constant in a configuration. */
  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private void addPlan(RecordPlan<?> plan) {
    plans.put(plan.type(), plan);
    for (RecordPlan.Slot slot : plan.slots()) {
      if (slot instanceof RecordPlan.Nested nested) {
        addPlan(nested.plan());
      }
    }
  }

  private void addRecord(Class<? extends Record> type, List<String> defects) {
    for (RecordComponent component : parameters(type)) {
      String where = component.getDeclaringRecord().getName() + "." + component.getName();
      try {
        Parameter declared = component.getAnnotation(Parameter.class);
        if (declared == null) {
          throw new ModelException("a component of a Params record needs @Parameter");
        }
        ParameterSpec spec = specOf(component, declared);
        ParameterSpec earlier = specs.putIfAbsent(spec.key(), spec);
        if (earlier != null) {
          throw new ModelException(
              "key '" + spec.key() + "' is declared twice, first by " + earlier.owner());
        }
      } catch (ModelException | ConfigException | Quantity.RefusedException e) {
        defects.add(where + ": " + e.getMessage());
      }
    }
  }

  private static ParameterSpec specOf(RecordComponent component, Parameter declared)
      throws Quantity.RefusedException {
    if (!KEY.matcher(declared.key()).matches()) {
      throw new ModelException("'" + declared.key() + "' is not a dotted key");
    }
    ParameterSpec spec = withoutDefault(component, declared);
    YamlNode text = defaultNode(spec, declared.defaultValue());
    return withDefault(spec, ValueParser.value(spec, text));
  }

  private static YamlNode defaultNode(ParameterSpec spec, String text) {
    String source = "default";
    return spec.kind() == ParameterSpec.Kind.LIST
        ? StrictYaml.readOption(source, text)
        : new YamlNode.Scalar(text, true, Place.of(source));
  }

  private static ParameterSpec withoutDefault(RecordComponent component, Parameter declared)
      throws Quantity.RefusedException {
    ParameterSpec.Kind kind = kindOf(component);
    Unit unit = declared.unit();
    boolean isAmount = kind == ParameterSpec.Kind.AMOUNT;
    if (isAmount != Quantity.isConfigurable(unit)) {
      throw new ModelException("unit " + unit + " does not fit its type " + kind);
    }
    boolean isConstant = component.getType() == Constant.class;
    if (declared.status() != Status.CHOICE && declared.source().isEmpty()) {
      throw new ModelException("status " + declared.status() + " needs a source");
    }
    List<String> modelled = choices(component.getType());
    List<String> choices = new ArrayList<>(modelled);
    choices.addAll(List.of(declared.notModelled()));
    ParameterRange range = ParameterRange.parse(declared.range(), unit, modelled);
    return new ParameterSpec(
        declared.key(),
        kind,
        unit,
        isConstant,
        component.getType() == int.class,
        new ConfigValue.Amount(0),
        choices.size() > modelled.size() ? range.orWords(modelled) : range,
        words(declared),
        choices,
        declared.doc(),
        declared.source(),
        declared.status(),
        declared.fittedTo(),
        component.getDeclaringRecord().getSimpleName());
  }

  private static ParameterSpec withDefault(ParameterSpec spec, ConfigValue value) {
    return new ParameterSpec(
        spec.key(),
        spec.kind(),
        spec.unit(),
        spec.isConstant(),
        spec.isInt(),
        value,
        spec.range(),
        spec.words(),
        spec.choices(),
        spec.doc(),
        spec.source(),
        spec.status(),
        spec.fittedTo(),
        spec.owner());
  }

  private static ParameterSpec.Kind kindOf(RecordComponent component) {
    Class<?> type = component.getType();
    if (type == Constant.class || type == long.class || type == int.class) {
      return ParameterSpec.Kind.AMOUNT;
    }
    if (type == boolean.class) {
      return ParameterSpec.Kind.FLAG;
    }
    if (type == String.class) {
      return ParameterSpec.Kind.TEXT;
    }
    if (type.isEnum()) {
      return ParameterSpec.Kind.CHOICE;
    }
    if (type == List.class && isListOfStrings(component.getGenericType())) {
      return ParameterSpec.Kind.LIST;
    }
    throw new ModelException("a parameter cannot have the type " + type.getName());
  }

  private static boolean isListOfStrings(Type type) {
    return type instanceof ParameterizedType list
        && list.getActualTypeArguments()[0] == String.class;
  }

  private static List<String> choices(Class<?> type) {
    Object[] constants = type.getEnumConstants();
    return constants == null
        ? List.of()
        : Arrays.stream(constants).map(constant -> word((Enum<?>) constant)).toList();
  }

  private static Map<String, Long> words(Parameter declared) {
    Map<String, Long> words = new LinkedHashMap<>();
    for (String word : declared.words()) {
      int equals = word.indexOf('=');
      if (equals < 1 || !word.substring(equals + 1).matches("-?[0-9]{1,18}")) {
        throw new ModelException("'" + word + "' is not WORD=VALUE");
      }
      words.put(word.substring(0, equals), Long.parseLong(word.substring(equals + 1)));
    }
    return Collections.unmodifiableMap(words);
  }
}

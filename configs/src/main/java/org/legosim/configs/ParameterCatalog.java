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

  private ParameterCatalog(List<Class<? extends Record>> records) {
    this.records = List.copyOf(records);
  }

  /**
   * @param records the outermost records, in the order in which they are checked
   * @throws ModelException when a declaration is wrong
   */
  public static ParameterCatalog of(List<Class<? extends Record>> records) {
    ParameterCatalog catalog = new ParameterCatalog(records);
    records.forEach(catalog::addRecord);
    catalog.refuseKeysThatAreGroups();
    return catalog;
  }

  /** The records that the catalogue was built from. */
  public List<Class<? extends Record>> records() {
    return records;
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

  private void addRecord(Class<? extends Record> type) {
    for (RecordComponent component : parameters(type)) {
      Parameter declared = component.getAnnotation(Parameter.class);
      String where = component.getDeclaringRecord().getName() + "." + component.getName();
      if (declared == null) {
        throw new ModelException(where + ": a component of a Params record needs @Parameter");
      }
      ParameterSpec spec = specOf(component, declared, where);
      ParameterSpec earlier = specs.putIfAbsent(spec.key(), spec);
      if (earlier != null) {
        throw new ModelException(
            where + ": key '" + spec.key() + "' is declared twice, first by " + earlier.owner());
      }
    }
  }

  private void refuseKeysThatAreGroups() {
    for (String key : specs.keySet()) {
      if (isGroup(key)) {
        throw new ModelException("key '" + key + "' is also the beginning of other keys");
      }
    }
  }

  private static ParameterSpec specOf(RecordComponent component, Parameter declared, String where) {
    if (!KEY.matcher(declared.key()).matches()) {
      throw new ModelException(where + ": '" + declared.key() + "' is not a dotted key");
    }
    try {
      ParameterSpec spec = withoutDefault(component, declared, where);
      String source = "default of " + declared.key() + ", declared by " + where;
      YamlNode text = defaultNode(spec, declared.defaultValue(), source);
      ConfigValue value = ValueParser.value(spec, text);
      return withDefault(spec, value);
    } catch (ConfigException | Quantity.RefusedException e) {
      throw new ModelException(where + ": wrong declaration: " + e.getMessage(), e);
    }
  }

  private static YamlNode defaultNode(ParameterSpec spec, String text, String source) {
    return spec.kind() == ParameterSpec.Kind.LIST
        ? StrictYaml.readOption(source, text)
        : new YamlNode.Scalar(text, true, Place.of(source));
  }

  private static ParameterSpec withoutDefault(
      RecordComponent component, Parameter declared, String where)
      throws Quantity.RefusedException {
    ParameterSpec.Kind kind = kindOf(component, where);
    Unit unit = declared.unit();
    boolean isAmount = kind == ParameterSpec.Kind.AMOUNT;
    if (isAmount != Quantity.isConfigurable(unit)) {
      throw new ModelException(where + ": unit " + unit + " does not fit its type " + kind);
    }
    boolean isConstant = component.getType() == Constant.class;
    if (declared.status() != Status.CHOICE && declared.source().isEmpty()) {
      throw new ModelException(where + ": status " + declared.status() + " needs a source");
    }
    return new ParameterSpec(
        declared.key(),
        kind,
        unit,
        isConstant,
        component.getType() == int.class,
        new ConfigValue.Amount(0),
        ParameterRange.parse(declared.range(), unit),
        words(declared, where),
        choices(component.getType()),
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

  private static ParameterSpec.Kind kindOf(RecordComponent component, String where) {
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
    throw new ModelException(where + ": a parameter cannot have the type " + type.getName());
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

  private static Map<String, Long> words(Parameter declared, String where) {
    Map<String, Long> words = new LinkedHashMap<>();
    for (String word : declared.words()) {
      int equals = word.indexOf('=');
      if (equals < 1 || !word.substring(equals + 1).matches("-?[0-9]{1,18}")) {
        throw new ModelException(where + ": '" + word + "' is not WORD=VALUE");
      }
      words.put(word.substring(0, equals), Long.parseLong(word.substring(equals + 1)));
    }
    return Collections.unmodifiableMap(words);
  }
}

package org.legosim.configs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.legosim.timing.ModelException;
import org.legosim.timing.params.Parameter;
import org.legosim.timing.params.Status;
import org.legosim.timing.params.Unit;

final class ParameterCatalogTest {
  record NoAnnotation(long x) {}

  record BadDefault(
      @Parameter(key = "a", unit = Unit.PS, defaultValue = "5", doc = "")
      long a) {}

  record OutOfRange(
      @Parameter(key = "a", unit = Unit.PS, defaultValue = "5 s", range = "..1 s", doc = "")
      long a) {}

  record BadKey(
      @Parameter(key = "A..b", unit = Unit.PS, defaultValue = "5 s", doc = "")
      long a) {}

  record BadType(
      @Parameter(key = "a", unit = Unit.RATIO, defaultValue = "0.5", doc = "")
      double a) {}

  record BadUnit(
      @Parameter(key = "a", unit = Unit.TEXT, defaultValue = "5", doc = "")
      long a) {}

  record NoSource(
      @Parameter(key = "a", unit = Unit.PS, defaultValue = "5 s", doc = "", status = Status.PAPER)
      long a) {}

  record Twice(
      @Parameter(key = "a", unit = Unit.COUNT, defaultValue = "5", doc = "")
      long a,

      @Parameter(key = "a", unit = Unit.COUNT, defaultValue = "5", doc = "")
      long b) {}

  record KeyAndGroup(
      @Parameter(key = "a", unit = Unit.COUNT, defaultValue = "5", doc = "")
      long a,

      @Parameter(key = "a.b", unit = Unit.COUNT, defaultValue = "5", doc = "")
      long b) {}

  record BadWord(
      @Parameter(key = "a", unit = Unit.PS, defaultValue = "5 s", words = "off", doc = "")
      long a) {}

  record Negative(
      @Parameter(
          key = "a",
          unit = Unit.PS,
          defaultValue = "-0.5 us",
          range = "-1.5 us..0.25 us, offsets",
          doc = "")
      long a) {}

  @Test
  void wrongDeclaration_isADefectThatNamesTheComponent() {
    Map<Class<? extends Record>, String> expected = Map.of(
        NoAnnotation.class, "needs @Parameter",
        BadDefault.class, "has no unit",
        OutOfRange.class, "out of range",
        BadKey.class, "not a dotted key",
        BadType.class, "cannot have the type double",
        BadUnit.class, "does not fit its type",
        NoSource.class, "needs a source",
        Twice.class, "declared twice",
        KeyAndGroup.class, "also the beginning of other keys",
        BadWord.class, "not WORD=VALUE");
    expected.forEach((type, message) -> {
      ModelException defect = assertThrows(
          ModelException.class, () -> ParameterCatalog.of(List.of(type)), type.getName());
      assertTrue(defect.getMessage().contains(message), defect.getMessage());
    });
  }

  @Test
  void range_mayBeNegativeAndMayEndInProse() {
    ParameterSpec spec = ParameterCatalog.of(List.of(Negative.class)).find("a").orElseThrow();
    assertEquals(-1_500_000, spec.range().min());
    assertEquals(250_000, spec.range().max());
  }

  @Test
  void schema_knowsEverySpellingOfAKey() {
    String schema = MachineSchema.of(Sample.CATALOG);
    assertTrue(schema.contains("\"pcache.sweep.interval\": {"), schema);
    assertTrue(schema.contains("\"sweep.interval\": {"), schema);
    assertTrue(schema.contains("\"$ref\": \"#/$defs/pcache.sweep.interval\""), schema);
    assertTrue(schema.contains("\"additionalProperties\": false"), schema);
  }

  @Test
  void pages_listEveryKeyAndEveryAssumption() {
    String page = ParameterPages.parameters(Sample.CATALOG);
    Sample.CATALOG.specs().forEach(spec -> assertTrue(page.contains("`" + spec.key() + "`")));
    assertTrue(page.contains("Not modelled by this version: clock."), page);
    String assumptions = ParameterPages.assumptions(Sample.CATALOG);
    assertTrue(assumptions.contains("2 of 15 keys have the status ASSUMED"), assumptions);
  }
}

package org.legosim.configs;

import java.util.List;

/**
 * One swept key and its values in the order of the file.
 */
record SweepAxis(ParameterSpec spec, List<Value> values, Place place) {
  SweepAxis {
    values = List.copyOf(values);
  }

  String key() {
    return spec.key();
  }

  /** A value of an axis. */
  sealed interface Value {
    /** For people, and to find repeated values. */
    String text();

    Place place();
  }

  record Fixed(ConfigValue value, String text, Place place) implements Value {}

  record OfFootprint(SizeOrShare.Share share, Place place) implements Value {
    @Override
    public String text() {
      return share.text();
    }
  }
}

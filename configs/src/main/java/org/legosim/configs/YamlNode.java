package org.legosim.configs;

import java.util.List;
import java.util.Map;

/** One node of a strictly read document. Scalars stay text: only the parameter knows their type. */
sealed interface YamlNode {
  Place place();

  /** What the node is, for messages. */
  String kind();

  /**
   * @param isQuoted whether it was written in quotes or as a block, so that {@code ""} is a value
   */
  record Scalar(String text, boolean isQuoted, Place place) implements YamlNode {
    @Override
    public String kind() {
      return "'" + text + "'";
    }

    /** Nothing was written after the colon. */
    boolean isMissing() {
      return !isQuoted && text.isEmpty();
    }
  }

  record Items(List<YamlNode> items, Place place) implements YamlNode {
    public Items {
      items = List.copyOf(items);
    }

    @Override
    public String kind() {
      return "a list";
    }
  }

  /**
   * @param entries in the order of the document; unmodifiable
   */
  record Mapping(Map<String, Entry> entries, Place place) implements YamlNode {
    @Override
    public String kind() {
      return "a mapping";
    }
  }

  /**
   * @param keyPlace where the key stands
   */
  record Entry(Place keyPlace, YamlNode value) {}
}

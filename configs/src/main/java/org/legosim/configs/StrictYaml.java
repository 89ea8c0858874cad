package org.legosim.configs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.legosim.timing.ConfigException;
import org.legosim.timing.TraceException;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads the part of YAML that a configuration needs and refuses the rest with its place: one
 * document, text keys, no anchors or aliases, no tags, no repeated keys, at most {@value
 * #MAX_BYTES} bytes and {@value #MAX_DEPTH} levels.
 *
 * <p>The tree is built from the event stream, so depth is counted before anything recurses: the
 * library's own composer overflows the stack on a few thousand opening brackets.
 */
final class StrictYaml {
  static final int MAX_BYTES = 1 << 20;
  static final int MAX_DEPTH = 32;

  private final String source;
  private final boolean hasPositions;
  private final Iterator<Event> events;

  private StrictYaml(String source, boolean hasPositions, Iterator<Event> events) {
    this.source = source;
    this.hasPositions = hasPositions;
    this.events = events;
  }

  /**
   * @throws TraceException when the file is missing or unreadable
   * @throws ConfigException when its content is refused
   */
  static YamlNode readFile(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return read(shortened(file), in);
    } catch (NoSuchFileException e) {
      throw new TraceException(file + ": no such file; check the path", e);
    } catch (IOException e) {
      throw new TraceException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /** Relative to the working directory where the file lies below it: what a user would type. */
  private static String shortened(Path file) {
    Path here = Path.of("").toAbsolutePath();
    return file.isAbsolute() && file.startsWith(here)
        ? here.relativize(file).toString()
        : file.toString();
  }

  static YamlNode read(String source, InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(MAX_BYTES + 1);
    if (bytes.length > MAX_BYTES) {
      throw new ConfigException(source
          + ": larger than "
          + MAX_BYTES
          + " bytes, the most that a configuration may have; is this a YAML file?");
    }
    return parse(source, decode(source, bytes), true);
  }

  static YamlNode readText(String source, String text) {
    return parse(source, text, true);
  }

  /** The value part of a command line option: the option itself is the place. */
  static YamlNode readOption(String option, String value) {
    return parse(option, value, false);
  }

  private static String decode(String source, byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    try {
      String text = StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(in)
          .toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new ConfigException(
          source + ": not UTF-8 text at byte " + in.position() + "; is this a YAML file?", e);
    }
  }

  private static YamlNode parse(String source, String text, boolean hasPositions) {
    LoadSettings settings = LoadSettings.builder()
        .setLabel(source)
        .setCodePointLimit(MAX_BYTES)
        .setMaxAliasesForCollections(0)
        .setAllowDuplicateKeys(false)
        .setAllowRecursiveKeys(false)
        .build();
    try {
      Iterator<Event> events = new Parse(settings).parseString(text).iterator();
      return new StrictYaml(source, hasPositions, events).document();
    } catch (MarkedYamlEngineException e) {
      Place place =
          e.getProblemMark().map(m -> placeOf(source, hasPositions, m)).orElse(Place.of(source));
      throw new ConfigException(place + ": not valid YAML: " + e.getProblem(), e);
    } catch (YamlEngineException e) {
      throw new ConfigException(
          source + ": not valid YAML: " + firstLine(String.valueOf(e.getMessage())), e);
    }
  }

  private YamlNode document() {
    next(); // stream start
    Event start = next();
    if (start.getEventId() == Event.ID.StreamEnd) {
      throw new ConfigException(source + ": empty; expected keys and values");
    }
    if (start instanceof DocumentStartEvent document && !document.getTags().isEmpty()) {
      throw new ConfigException(place(start) + ": tag directives are not allowed; remove %TAG");
    }
    YamlNode root = node(next(), 1);
    next(); // document end
    Event end = next();
    if (end.getEventId() != Event.ID.StreamEnd) {
      throw new ConfigException(place(end) + ": a second document; a file holds one");
    }
    return root;
  }

  private YamlNode node(Event event, int depth) {
    Place place = place(event);
    if (event.getEventId() == Event.ID.Alias) {
      throw new ConfigException(place + ": aliases (*name) are not allowed; write the value out");
    }
    refuseDecorations(event, place);
    if (event instanceof ScalarEvent scalar) {
      boolean isPlain = scalar.getScalarStyle() == ScalarStyle.PLAIN;
      return new YamlNode.Scalar(scalar.getValue(), !isPlain, place);
    }
    if (depth > MAX_DEPTH) {
      throw new ConfigException(
          place + ": nested deeper than " + MAX_DEPTH + " levels; is a bracket not closed?");
    }
    return event.getEventId() == Event.ID.SequenceStart
        ? items(place, depth)
        : mapping(place, depth);
  }

  private YamlNode items(Place place, int depth) {
    List<YamlNode> items = new ArrayList<>();
    Event event = next();
    while (event.getEventId() != Event.ID.SequenceEnd) {
      items.add(node(event, depth + 1));
      event = next();
    }
    return new YamlNode.Items(items, place);
  }

  private YamlNode mapping(Place place, int depth) {
    Map<String, YamlNode.Entry> entries = new LinkedHashMap<>();
    Event event = next();
    while (event.getEventId() != Event.ID.MappingEnd) {
      YamlNode key = node(event, depth + 1);
      if (!(key instanceof YamlNode.Scalar name) || name.isMissing()) {
        throw new ConfigException(key.place() + ": a key must be text, not " + key.kind());
      }
      YamlNode.Entry entry = new YamlNode.Entry(key.place(), node(next(), depth + 1));
      YamlNode.Entry earlier = entries.putIfAbsent(name.text(), entry);
      if (earlier != null) {
        throw new ConfigException(key.place()
            + ": key '"
            + name.text()
            + "' is given twice, first at "
            + earlier.keyPlace()
            + "; keep one");
      }
      event = next();
    }
    return new YamlNode.Mapping(Collections.unmodifiableMap(entries), place);
  }

  private static void refuseDecorations(Event event, Place place) {
    if (event instanceof NodeEvent node && node.getAnchor().isPresent()) {
      throw new ConfigException(place + ": anchors (&name) are not allowed; remove it");
    }
    Optional<String> tag = tagOf(event);
    if (tag.isPresent()) {
      throw new ConfigException(
          place + ": tags are not allowed, found '" + tag.get() + "'; remove it");
    }
  }

  private static Optional<String> tagOf(Event event) {
    if (event instanceof ScalarEvent scalar) {
      return scalar.getTag();
    }
    if (event instanceof SequenceStartEvent sequence) {
      return sequence.getTag();
    }
    return event instanceof MappingStartEvent mapping ? mapping.getTag() : Optional.empty();
  }

  private Event next() {
    return events.next();
  }

  private Place place(Event event) {
    return event
        .getStartMark()
        .map(mark -> placeOf(source, hasPositions, mark))
        .orElse(Place.of(source));
  }

  private static Place placeOf(String source, boolean hasPositions, Mark mark) {
    return hasPositions
        ? new Place(source, mark.getLine() + 1, mark.getColumn() + 1)
        : Place.of(source);
  }

  private static String firstLine(String message) {
    int end = message.indexOf('\n');
    return end < 0 ? message : message.substring(0, end);
  }
}

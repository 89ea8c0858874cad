package org.legosim.timing.timeline;

import org.legosim.timing.ModelException;

/** A slice's name and the values beside it; one object is filled again for each slice. */
public final class SliceDetails {
  /** Most values that a slice has. */
  public static final int VALUES_MAX = 8;

  /** How a value is written. */
  public enum Form {
    TEXT,
    NUMBER,
    ADDRESS
  }

  private String name = "";
  private int count;
  private final String[] keys = new String[VALUES_MAX];
  private final Form[] forms = new Form[VALUES_MAX];
  private final String[] texts = new String[VALUES_MAX];
  private final long[] numbers = new long[VALUES_MAX];
  private Timeline.Flow flow = Timeline.Flow.BEGIN;
  private long arrow;

  /** Starts anew, with a name and no value. */
  public SliceDetails reset(String newName) {
    name = newName;
    count = 0;
    arrow = 0;
    return this;
  }

  /** Replaces the name. */
  public SliceDetails name(String newName) {
    name = newName;
    return this;
  }

  public SliceDetails text(String key, String value) {
    texts[add(key, Form.TEXT)] = value;
    return this;
  }

  public SliceDetails number(String key, long value) {
    numbers[add(key, Form.NUMBER)] = value;
    return this;
  }

  /** A simulated address; 64-bit, written in hexadecimal. */
  public SliceDetails address(String key, long value) {
    numbers[add(key, Form.ADDRESS)] = value;
    return this;
  }

  /** An arrow's part that lies where the slice begins; arrow 0 is none. */
  public SliceDetails flow(Timeline.Flow part, long arrowNumber) {
    flow = part;
    arrow = arrowNumber;
    return this;
  }

  private int add(String key, Form form) {
    if (count == VALUES_MAX) {
      throw new ModelException("slice '" + name + "' has more than " + VALUES_MAX + " values");
    }
    keys[count] = key;
    forms[count] = form;
    return count++;
  }

  public String name() {
    return name;
  }

  public int count() {
    return count;
  }

  public String key(int index) {
    return keys[index];
  }

  public Form form(int index) {
    return forms[index];
  }

  public String text(int index) {
    return texts[index];
  }

  public long number(int index) {
    return numbers[index];
  }

  public Timeline.Flow flow() {
    return flow;
  }

  /** The arrow that touches the slice where it begins, or 0. */
  public long arrow() {
    return arrow;
  }
}

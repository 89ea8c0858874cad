package org.legosim.reports.html;

import java.util.List;
import org.legosim.timing.results.TimeCategory;

/** Colours that people with any colour vision tell apart, on white and in grey print. */
final class Palette {
  /** After Okabe and Ito, without their yellow, which white paper swallows. */
  static final List<String> SERIES = List.of(
      "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#4d4d4d", "#882255");

  static final String INK = "#1a1a1a";
  static final String MUTED = "#5f6368";
  static final String GRID = "#e3e5e8";
  static final String AXIS = "#8a8f98";

  private Palette() {}

  static String series(int index) {
    return SERIES.get(index % SERIES.size());
  }

  /** One family of shades per part of the system: CPU, kernel, network, memory, waiting. */
  static String of(TimeCategory category) {
    return switch (category) {
      case COMPUTE -> "#1c4f82";
      case L1 -> "#2f6ba3";
      case L2 -> "#4a8ac2";
      case LLC -> "#73aad6";
      case LOCAL_DRAM -> "#9dc3e3";
      case PAGE_WALK -> "#cadef0";
      case TRAP -> "#7f2704";
      case ALLOCATE -> "#a63603";
      case EVICT -> "#cf4f0a";
      case SHOOTDOWN -> "#ee6f1d";
      case IPI_HANDLING -> "#f9974c";
      case COPY -> "#fdb47c";
      case LOCK_WAIT -> "#fdd5b0";
      case NETWORK_QUEUE -> "#a5d8a0";
      case WIRE -> "#2a8c4a";
      case MEMORY_QUEUE -> "#c3c3e2";
      case MEMORY_SERVICE -> "#6a51a3";
      case STORAGE -> "#b0307c";
      case FUTEX -> "#5c5c5c";
      case SCHEDULER -> "#8f8f8f";
      case REPLAY_ORDER -> "#b9b9b9";
      case IDLE -> "#e2e2e2";
    };
  }

  /** Black or white, whichever reads better on the colour. */
  static String inkOn(String colour) {
    int rgb = Integer.parseInt(colour.substring(1), 16);
    int luminance = 299 * (rgb >> 16) + 587 * (rgb >> 8 & 0xff) + 114 * (rgb & 0xff);
    return luminance > 145_000 ? INK : "#ffffff";
  }
}

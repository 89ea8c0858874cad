package org.legosim.configs;

import java.util.List;
import java.util.function.Predicate;
import org.legosim.kernel.boot.BootSequence;
import org.legosim.kernel.system.ClusterNodes;
import org.legosim.timing.params.Status;

/** The reference pages that are generated from the declarations. */
public final class ParameterPages {
  /** Writes the pages anew. */
  public static final String COMMAND =
      "mvn -q -pl configs -am test -Dtest=GeneratedPagesTest -Dlegosim.regenerate=true"
          + " -Dsurefire.failIfNoSpecifiedTests=false";

  private static final String GENERATED =
      "<!-- Generated from the @Parameter declarations; to write it anew:\n     "
          + COMMAND
          + " -->\n";

  private ParameterPages() {}

  /** {@code docs/parameters.md}: every key. */
  public static String parameters(ParameterCatalog catalog) {
    StringBuilder text = new StringBuilder("# Parameters\n\n").append(GENERATED);
    text.append("""

        Every configuration key, with the value it has when no machine file sets it. How to write
        values: [configuration.md](configuration.md). *Status* says where a default comes from;
        CHOICE marks what a user decides and what is no physical constant. *Fitted to* names the
        rows of `configs/validation/measured.csv` that a value was fitted on.
        """);
    List<String> groups =
        catalog.specs().stream().map(spec -> group(spec.key())).distinct().toList();
    for (String group : groups) {
      text.append("\n## ").append(group).append("\n\n");
      text.append("| key | default | allowed | status | meaning | source | fitted to |\n");
      text.append("|---|---|---|---|---|---|---|\n");
      rows(text, catalog, spec -> group(spec.key()).equals(group));
    }
    return text.toString();
  }

  /** {@code docs/boot.md}: the steps of the simulated kernel's boot. */
  public static String boot() {
    return "# The boot of a processor node\n\n"
        + GENERATED.replace("the @Parameter declarations", "BootSequence")
        + """

        What the simulated kernel does before a run begins, in order. A step that lacks what it needs is refused
        when the list is made. The steps for each other CPU are done for one CPU after the other; the callbacks
        among them are those whose absence the developers found on 2018-02-05 (F-7).
        `./legosim machine show MACHINE --boot` prints what is done for each CPU of a machine, and when each node's
        connections are made.

        """
        + BootSequence.legoOs().markdown()
        + """

        ## The connections

        The steps of FIT with their times, for one processor and one memory node that are switched on together. With
        `fit.connect.when: before-start` a run begins when all of this is over; with `simulated` it begins with it, and
        programs start when the last node is ready. Connection c of node n to node m is queue pair
        `firstQueuePair + (m > n ? m - 1 : m) * 12 + c` at n, and `firstQueuePair + (m > n ? n : n - 1) * 12 + c` at m.

        What can go wrong is named in `failures`: a queue pair that cannot be modified (`P0 modify-qp 6`: the node halts,
        or with F-16 boots on and follows a NULL pointer when it first sends), a port whose number is not the table's
        (`P0 lid 14`: it halts), datagrams that are lost or that the firmware refuses (`P0 mads-lost 2`, `P0 mad-ifc 1`:
        it waits longer), a port that is active late (`P0 port-late 3 s`), a node that is switched on late
        (`M0 boot-late 20 s`: the adapters of the others send their rings' addresses again, at most
        `fit.connect.retries` times).

        """
        + ClusterNodes.bootMarkdown(
            Systems.bind(EffectiveConfig.defaults(KnownParameters.catalog())));
  }

  /** {@code docs/assumptions.md}: the keys whose default rests on no source. */
  public static String assumptions(ParameterCatalog catalog) {
    StringBuilder text = new StringBuilder("# Assumptions\n\n").append(GENERATED);
    long count =
        catalog.specs().stream().filter(spec -> spec.status() == Status.ASSUMED).count();
    text.append("""

        The constants that no source was found for. Each report states the share of simulated time
        that rests on them (`assumed_time_share`); to see how much one matters, double it with
        `--set key=value` and compare the runs.

        """);
    text.append(count).append(" of ").append(catalog.specs().size());
    text.append(" keys have the status ASSUMED by default.\n\n");
    text.append("| key | default | meaning | why this value |\n|---|---|---|---|\n");
    for (ParameterSpec spec : catalog.specs()) {
      if (spec.status() == Status.ASSUMED) {
        row(
            text,
            "`" + spec.key() + "`",
            spec.format(spec.defaultValue()),
            spec.doc(),
            spec.source());
      }
    }
    return text.toString();
  }

  private static void rows(
      StringBuilder text, ParameterCatalog catalog, Predicate<ParameterSpec> isWanted) {
    for (ParameterSpec spec : catalog.specs()) {
      if (isWanted.test(spec)) {
        row(
            text,
            "`" + spec.key() + "`",
            spec.format(spec.defaultValue()),
            spec.allowed(),
            spec.status().name(),
            doc(spec),
            spec.source(),
            spec.fittedTo());
      }
    }
  }

  /** The meaning, and for an enumeration the words that this version refuses. */
  private static String doc(ParameterSpec spec) {
    List<String> refused =
        spec.choices().stream().filter(word -> !spec.range().allows(word)).toList();
    return refused.isEmpty()
        ? spec.doc()
        : spec.doc() + " Not modelled by this version: " + String.join(", ", refused) + ".";
  }

  private static void row(StringBuilder text, String... cells) {
    for (String cell : cells) {
      text.append("| ").append(cell.replaceAll("\\s+", " ").replace("|", "\\|")).append(' ');
    }
    text.append("|\n");
  }

  private static String group(String key) {
    int dot = key.indexOf('.');
    return dot < 0 ? "general" : key.substring(0, dot);
  }
}

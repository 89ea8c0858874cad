package org.legosim.kernel.failure;

import java.util.List;
import org.legosim.timing.params.Parameter;
import org.legosim.timing.params.Unit;

/** What fails in a run. */
public record FailureParams(
    @Parameter(
        key = "failures",
        unit = Unit.TEXT,
        defaultValue = "[]",
        doc =
            "What fails, each as NODE WHAT [VALUE] [FROM[..UNTIL]]. While a node boots: modify-qp N (its N-th"
                + " queue pair cannot be modified), lid N (the subnet manager gives its port N), mads-lost N,"
                + " mad-ifc N (so many management datagrams that are not answered), port-late TIME,"
                + " boot-late TIME.")
    List<String> failures) {
  /** Nothing fails. */
  public static final FailureParams NONE = new FailureParams(List.of());

  public FailureParams {
    failures = List.copyOf(failures);
  }
}

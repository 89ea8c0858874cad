package org.legosim.reports.store;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What no comparison reads: where and when a result set was made.
 *
 * @param commit of legosim's source, with {@code -dirty} when it was changed, or {@code unknown}
 * @param startedAt the first moment of this run
 * @param workers simulations at a time
 */
public record HostFacts(String commit, Instant startedAt, int workers) {

  Map<String, Object> toJson(int resumedPoints) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("commit", commit);
    json.put("startedAt", startedAt.toString());
    json.put("finishedAt", Instant.now().toString());
    json.put("workers", workers);
    json.put("pointsFromAnEarlierRun", resumedPoints);
    json.put("javaVersion", System.getProperty("java.version", ""));
    json.put("javaVendor", System.getProperty("java.vendor", ""));
    json.put("javaVm", System.getProperty("java.vm.name", ""));
    json.put("operatingSystem", System.getProperty("os.name", ""));
    json.put("architecture", System.getProperty("os.arch", ""));
    json.put("processors", Runtime.getRuntime().availableProcessors());
    json.put("heapBytes", Runtime.getRuntime().maxMemory());
    return json;
  }
}

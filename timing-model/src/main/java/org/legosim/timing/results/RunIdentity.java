package org.legosim.timing.results;

/**
 * What a result row belongs to.
 *
 * @param configDigest SHA-256 of the canonical effective configuration, lower-case hexadecimal
 * @param traceDigest SHA-256 over the decoded records (several traces: over their digests in order)
 * @param version of the models
 * @param seed of the run
 */
public record RunIdentity(String configDigest, String traceDigest, String version, long seed) {}

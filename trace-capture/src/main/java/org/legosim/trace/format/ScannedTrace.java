package org.legosim.trace.format;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a scan of a file's blocks found.
 *
 * @param processes as declared, in file order, one per pid
 * @param images as declared, in file order
 * @param threads in canonical order; the position is the thread's index
 * @param remarks facts about the capture, in file order
 * @param blocks blocks of any kind read
 * @param endOffset one past the last good block of the capture; an index may follow
 * @param damage why the scan stopped there, when it was told to recover
 */
public record ScannedTrace(
    FileHeader header,
    List<ProcessBlock> processes,
    List<ImageBlock> images,
    List<ThreadBlocks> threads,
    Map<String, String> remarks,
    long blocks,
    long endOffset,
    Optional<String> damage) {}

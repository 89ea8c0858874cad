package org.legosim.kernel.fit;

import org.legosim.kernel.rpc.Opcode;
import org.legosim.kernel.rpc.Request;

/** Pages on their way: how many a message carries, and what the network does to them. */
final class PageTransit {
  private static final int PAGE_BYTES = 4096;

  /** One page in so many arrives with another bit. */
  private static final int PAGES_PER_ERROR = 16;

  private static final long FLIPPED_BIT = 1L << 61;

  private final boolean flipsBits;
  private int pageReplies;

  PageTransit(boolean flipsBits) {
    this.flipsBits = flipsBits;
  }

  /** Pages, or parts of one, that a request takes along. */
  static int pagesSent(Request request) {
    boolean carries = request.opcode == Opcode.PCACHE_FLUSH
        || request.carriesFlush
        || (request.opcode == Opcode.M2M_MREMAP_MOVE_SPLIT && request.requestBytes > PAGE_BYTES);
    return carries ? Math.max(1, request.requestBytes / PAGE_BYTES) : 0;
  }

  /** Pages, or parts of one, that a reply takes along. */
  static int pagesReplied(Request request) {
    boolean carries = (request.opcode == Opcode.PCACHE_MISS && request.status == 0)
        || (request.opcode == Opcode.M2M_MREMAP_MOVE_SPLIT && request.replyBytes > PAGE_BYTES);
    return carries ? Math.max(1, request.replyBytes / PAGE_BYTES) : 0;
  }

  /** A reply leaves its node. */
  void leave(Request reply) {
    // LEGOOS-BUG: F-14, what the caller gets is not what was sent.
    if (flipsBits && reply.opcode == Opcode.PCACHE_MISS && pagesReplied(reply) > 0) {
      pageReplies++;
      if (pageReplies % PAGES_PER_ERROR == 0) {
        reply.content ^= FLIPPED_BIT;
      }
    }
  }
}

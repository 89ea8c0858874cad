/** The kernel RPC layer over RDMA write with immediate: rings, reply slots, polling, completions. */
@NullMarked
package org.legosim.kernel.fit;

import org.jspecify.annotations.NullMarked;

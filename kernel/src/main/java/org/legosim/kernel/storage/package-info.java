/** Storage nodes: a file service by path, its page cache, and the daemon that answers for it. */
@NullMarked
package org.legosim.kernel.storage;

import org.jspecify.annotations.NullMarked;

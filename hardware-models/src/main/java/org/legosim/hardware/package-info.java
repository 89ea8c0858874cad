/** Memory as a CPU sees it: its private caches, its socket's shared cache, DRAM. */
@NullMarked
package org.legosim.hardware;

import org.jspecify.annotations.NullMarked;

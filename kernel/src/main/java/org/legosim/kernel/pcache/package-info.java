/** The page-granular cache of remote memory: geometry, faults, eviction, victim cache, reverse maps. */
@NullMarked
package org.legosim.kernel.pcache;

import org.jspecify.annotations.NullMarked;

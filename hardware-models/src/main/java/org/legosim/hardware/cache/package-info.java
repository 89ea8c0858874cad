/** Set-associative write-back caches. */
@NullMarked
package org.legosim.hardware.cache;

import org.jspecify.annotations.NullMarked;

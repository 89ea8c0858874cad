/** Traces: opening, writing, checking, describing and synthesising them. */
@NullMarked
package org.legosim.trace;

import org.jspecify.annotations.NullMarked;

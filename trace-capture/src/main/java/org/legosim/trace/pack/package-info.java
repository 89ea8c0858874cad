/**
 * Packing: one pass decodes every record and checks it; further passes find the order between threads (the gates);
 * the results are written as an index. Memory grows with events, pages and gates, never with accesses.
 */
@NullMarked
package org.legosim.trace.pack;

import org.jspecify.annotations.NullMarked;

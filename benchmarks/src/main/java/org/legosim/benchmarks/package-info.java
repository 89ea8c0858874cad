/** Benchmarks of the parts that a simulation's speed depends on; never part of the product. */
@NullMarked
package org.legosim.benchmarks;

import org.jspecify.annotations.NullMarked;

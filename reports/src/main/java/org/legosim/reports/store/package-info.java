/** Result sets: the folder that a run or a sweep leaves behind. */
@NullMarked
package org.legosim.reports.store;

import org.jspecify.annotations.NullMarked;

/** Typed columns in memory and in Parquet files. */
@NullMarked
package org.legosim.reports.table;

import org.jspecify.annotations.NullMarked;

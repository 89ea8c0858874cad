/** Text forms that every output shares: JSON, CSV, terminal tables, quantities, the dictionary. */
@NullMarked
package org.legosim.reports;

import org.jspecify.annotations.NullMarked;

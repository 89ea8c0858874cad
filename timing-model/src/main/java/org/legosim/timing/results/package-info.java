/** What one simulation hands to the reports, free of any model class. */
@NullMarked
package org.legosim.timing.results;

import org.jspecify.annotations.NullMarked;

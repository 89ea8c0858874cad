/** Plans, runs and resumes a design space on local workers. */
@NullMarked
package org.legosim.sweep;

import org.jspecify.annotations.NullMarked;

/** The command line: parses, calls the libraries, prints; no model and no format lives here. */
@NullMarked
package org.legosim.cli;

import org.jspecify.annotations.NullMarked;

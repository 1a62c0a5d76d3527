/** The command line. */
@NullMarked
package org.netdissect.cli;

import org.jspecify.annotations.NullMarked;

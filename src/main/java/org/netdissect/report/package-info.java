/** Detector tables as files and as text. */
@NullMarked
package org.netdissect.report;

import org.jspecify.annotations.NullMarked;

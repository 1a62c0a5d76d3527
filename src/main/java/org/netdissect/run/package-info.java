/**
 * Settings of a run and everything it leaves: one typed run.json, the run directory, and their readers. Start with {@link
 * org.netdissect.run.RunSettings} and {@link org.netdissect.run.RunFile}.
 */
@NullMarked
package org.netdissect.run;

import org.jspecify.annotations.NullMarked;

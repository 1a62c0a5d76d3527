/**
 * Settings of a run, its typed run.json, the run directory, and their readers. Start with {@link
 * org.netdissect.run.RunSettings} and {@link org.netdissect.run.RunFile}.
 */
@NullMarked
package org.netdissect.run;

import org.jspecify.annotations.NullMarked;

/** The probe set on disk: index, labels, categories, label planes. Start with {@link org.netdissect.broden.ProbeSet}. */
@NullMarked
package org.netdissect.broden;

import org.jspecify.annotations.NullMarked;

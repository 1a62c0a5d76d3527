/**
 * Images from any source: files of a probe set, a plain folder, a generator. Start with {@link
 * org.netdissect.images.ImageSource}.
 */
@NullMarked
package org.netdissect.images;

import org.jspecify.annotations.NullMarked;

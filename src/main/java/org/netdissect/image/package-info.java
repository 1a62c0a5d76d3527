/**
 * Files of pixels: PNG and JPEG as Pillow reads them, and resizing. Start with {@link org.netdissect.image.Rasters}.
 */
@NullMarked
package org.netdissect.image;

import org.jspecify.annotations.NullMarked;

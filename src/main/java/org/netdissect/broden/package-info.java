/**
 * Broden probe sets on disk: images, their index, and pixel labels made by people. Start with {@link
 * org.netdissect.broden.ProbeSet} to read one and {@link org.netdissect.broden.ProbeSetCheck} to check one; {@link
 * org.netdissect.image.Rasters} reads the pixels of an image.
 *
 * <p>The format is that of Broden (Bau, Zhou, Khosla, Oliva and Torralba, CVPR 2017): {@code index.csv} with a row per
 * image, {@code category.csv}, {@code label.csv}, a {@code c_CATEGORY.csv} for each category, and {@code images/}.
 */
@NullMarked
package org.netdissect.broden;

import org.jspecify.annotations.NullMarked;

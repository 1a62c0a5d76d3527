/**
 * Labels of the pixels of images from any source: people's annotations on disk, a network that segments, classes of
 * whole images. Start with {@link org.netdissect.labels.LabelSource}; {@link org.netdissect.labels.LabelMap} holds the
 * labels of one image.
 */
@NullMarked
package org.netdissect.labels;

import org.jspecify.annotations.NullMarked;

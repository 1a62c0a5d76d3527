package org.netdissect.align;

import java.util.List;
import org.netdissect.broden.ProbeImage;
import org.netdissect.broden.ProbeSet;

/** Parts of a probe set, such as its splits, that are counted separately. Every image is in one part. */
public final class ImageParts {
    /** All images together. */
    public static final ImageParts WHOLE = new ImageParts(List.of(""), new int[0]);

    private final List<String> names;
    /** [images] part of each; empty where there is one part */
    private final int[] parts;

    private ImageParts(List<String> names, int[] parts) {
        this.names = List.copyOf(names);
        this.parts = parts;
    }

    /** Divides the images of {@code probe} by split, in the order of {@code splits}, which must name every split. */
    public static ImageParts of(ProbeSet probe, List<String> splits) {
        List<ProbeImage> images = probe.images();
        int[] parts = new int[images.size()];
        for (int image = 0; image < parts.length; image++) {
            parts[image] = splits.indexOf(images.get(image).split());
            if (parts[image] < 0) {
                throw new IllegalArgumentException("split " + images.get(image).split() + " is none of " + splits);
            }
        }
        return new ImageParts(splits, parts);
    }

    /** Names of the parts. */
    public List<String> names() {
        return names;
    }

    /** Number of images in a part. */
    public int images(int part) {
        int images = 0;
        for (int one : parts) {
            images += one == part ? 1 : 0;
        }
        return images;
    }

    /** The part of an image, 0-based. */
    int of(int image) {
        return parts.length == 0 ? 0 : parts[image];
    }
}

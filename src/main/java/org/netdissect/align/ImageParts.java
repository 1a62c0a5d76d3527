package org.netdissect.align;

import java.util.List;

/** Parts of a probe set, such as its splits, that are counted separately. Every image is in one part. */
public final class ImageParts {
    /** All images together. */
    public static final ImageParts WHOLE = new ImageParts(List.of(""), new int[0]);

    private final List<String> names;
    /** [images] part of each; empty if there is only one part */
    private final int[] parts;

    private ImageParts(List<String> names, int[] parts) {
        this.names = List.copyOf(names);
        this.parts = parts;
    }

    /**
     * Images by their splits.
     *
     * @param splitOf [images] split
     * @param splits splits that become the parts, in order; {@link IllegalArgumentException} if an image has another
     *     one
     */
    public static ImageParts of(List<String> splitOf, List<String> splits) {
        int[] parts = new int[splitOf.size()];
        for (int image = 0; image < parts.length; image++) {
            parts[image] = splits.indexOf(splitOf.get(image));
            if (parts[image] < 0) {
                throw new IllegalArgumentException("split " + splitOf.get(image) + " is none of " + splits);
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

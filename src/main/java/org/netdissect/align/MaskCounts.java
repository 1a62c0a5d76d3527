package org.netdissect.align;

import java.util.List;
import java.util.stream.Stream;

/** Counts the pixels of labels and of masks with labels, for each part of the images. */
public final class MaskCounts implements MaskConsumer {
    private final ImageParts images;
    /** [part] */
    private final List<AlignmentCounts> parts;

    /**
     * Counts of zero.
     *
     * @param labels greatest label number + 1
     */
    public MaskCounts(int units, int labels, int categories, ImageParts images) {
        this.images = images;
        this.parts = Stream.generate(() -> new AlignmentCounts(units, labels, categories))
                .limit(images.names().size())
                .toList();
    }

    /** The parts of the images. */
    public ImageParts images() {
        return images;
    }

    /** Counts of each part, over the images seen so far. */
    public List<AlignmentCounts> parts() {
        return parts;
    }

    /** Counts over all images seen so far. */
    public AlignmentCounts all() {
        return AlignmentCounts.sum(parts);
    }

    @Override
    public OfImage begin(int image, ImageLabels labels) {
        AlignmentCounts counts = parts.get(images.of(image));
        labels.addTruth(counts);
        return new Counter(labels, counts);
    }

    /** Counts on one image. */
    private static final class Counter implements OfImage {
        private final ImageLabels labels;
        private final char[][] planes;
        private final AlignmentCounts counts;
        /** whether |M_k| counts for the categories that the mask touches, not for those that the image holds */
        private final boolean touching;
        /** [categories] whether a label of it covers the image */
        private final boolean[] covering;
        /** [categories] whether |M_k| counts for it */
        private final boolean[] categories;
        /**
         * [labels] pixels of the current mask; the labels that have any are in {@link #seen}, and only their counts are
         * set back to 0
         */
        private final int[] pixels;

        private final int[] seen;
        private int seenCount;

        Counter(ImageLabels labels, AlignmentCounts counts) {
            this.labels = labels;
            this.planes = labels.map().planes();
            this.counts = counts;
            this.touching = labels.rules().images() == ActivationImages.TOUCHED;
            this.covering = labels.covering();
            this.categories = new boolean[covering.length];
            for (int category = 0; category < categories.length; category++) {
                categories[category] = labels.holds(category);
            }
            this.pixels = new int[counts.labels()];
            this.seen = new int[counts.labels()];
        }

        /** Adds |M_k| and |M_k & L_c|. */
        @Override
        public void accept(int unit, float[] map, MaskPixels mask) {
            for (int label : labels.map().imageLabels()) {
                counts.addIntersect(unit, label, mask.count());
            }
            for (char[] plane : planes) {
                addRuns(plane, mask.pixels(), mask.count());
            }
            if (touching) {
                System.arraycopy(covering, 0, categories, 0, covering.length);
            }
            addIntersects(unit);
            for (int category = 0; category < categories.length; category++) {
                if (categories[category]) {
                    counts.addActivation(unit, category, mask.count());
                }
            }
        }

        /**
         * Neighbours mostly share a label, so runs are counted in a register, which is faster than counters in memory.
         */
        private void addRuns(char[] plane, int[] mask, int count) {
            int start = 0;
            for (int i = 1; i < count; i++) {
                char label = plane[mask[i - 1]];
                if (plane[mask[i]] != label) {
                    add(label, i - start);
                    start = i;
                }
            }
            if (count > 0) {
                add(plane[mask[count - 1]], count - start);
            }
        }

        private void add(int label, int times) {
            if (pixels[label] == 0) {
                seen[seenCount++] = label;
            }
            pixels[label] += times;
        }

        /** Adds the pixels of all labels but 0, which means unlabelled, and resets them. */
        private void addIntersects(int unit) {
            for (int i = 0; i < seenCount; i++) {
                int label = seen[i];
                if (label != 0) {
                    counts.addIntersect(unit, label, pixels[label]);
                    if (touching) {
                        categories[labels.category(label)] = true;
                    }
                }
                pixels[label] = 0;
            }
            seenCount = 0;
        }
    }
}

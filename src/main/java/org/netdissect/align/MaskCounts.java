package org.netdissect.align;

import java.util.List;
import java.util.stream.Stream;

/** Counts labels, and masks under labels, by part of the images. */
public final class MaskCounts implements MaskConsumer {
    private final ImageParts images;
    /** [part] */
    private final List<AlignmentCounts> parts;

    /**
     * All zero.
     *
     * @param labels greatest label number + 1
     */
    public MaskCounts(int units, int labels, int categories, ImageParts images) {
        this.images = images;
        this.parts = Stream.generate(() -> new AlignmentCounts(units, labels, categories))
                .limit(images.names().size())
                .toList();
    }

    /** The parts that are counted apart. */
    public ImageParts images() {
        return images;
    }

    /** Counts by part, over the images seen so far. */
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
        private final AlignmentCounts counts;
        private final LabelTally tally;

        Counter(ImageLabels labels, AlignmentCounts counts) {
            this.labels = labels;
            this.counts = counts;
            this.tally = new LabelTally(counts.labels());
        }

        /** Adds |M_k| and |M_k & L_c|. */
        @Override
        public void accept(int unit, float[] map, MaskPixels mask) {
            labels.addMask(unit, mask.pixels(), mask.count(), tally, counts);
        }
    }
}

package org.netdissect.baseline;

import java.util.Comparator;
import java.util.stream.IntStream;
import org.netdissect.baseline.CountedRandom.Use;

/**
 * Sample of the images for a baseline. The quick form takes all images up to {@link #LEAST}; of more images it takes an
 * eighth, at least {@link #LEAST} and at most {@link #MOST}, which bounds its time, memory and disk. A sample depends
 * only on the seed and the number of images; a smaller sample is part of a larger one.
 */
public final class BaselineSample {
    static final int LEAST = 512;
    static final int MOST = 2048;
    private static final int SHARE = 8;

    private BaselineSample() {}

    /** Positions of the images, ascending. */
    public static int[] of(int images, BaselineSettings settings) {
        int size = size(images, settings.method());
        if (size == images) {
            return IntStream.range(0, images).toArray();
        }
        CountedRandom random = new CountedRandom(settings.seed(), Use.SAMPLE);
        return IntStream.range(0, images)
                .boxed()
                .sorted(Comparator.comparingLong((Integer image) -> random.bits(image, 0))
                        .thenComparingInt(image -> image))
                .limit(size)
                .mapToInt(Integer::intValue)
                .sorted()
                .toArray();
    }

    private static int size(int images, BaselineMethod method) {
        return method == BaselineMethod.PERMUTATION
                ? images
                : Math.min(images, Math.min(MOST, Math.max(LEAST, images / SHARE)));
    }
}

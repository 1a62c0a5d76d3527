package org.netdissect.visualize.space;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.netdissect.base.GridSize;
import org.netdissect.network.FloatTensor;

/**
 * Images as functions of parameters: how many there are, where they start, and the constants of {@code ascent.py} that
 * turn them into an image.
 */
public final class ImageSpace {
    /** Standard deviation of a start near grey, as lucid's. */
    private static final double START = 0.01;

    private final ImageBasis basis;
    private final int channels;
    private final GridSize size;
    private final float @Nullable [] from;
    private final Map<String, FloatTensor> constants = new LinkedHashMap<>();

    /**
     * A space of images.
     *
     * @param channels colours of the image: 3, or those of the network's input
     * @param decay exponent by which amplitudes fall with frequency; 1 as in natural images
     * @param amplitudes {@code [channels][height][width/2+1]} of the phases' basis, else null
     * @param from parameters to start at, else null
     */
    public ImageSpace(
            ImageBasis basis,
            int channels,
            GridSize size,
            double decay,
            float @Nullable [] amplitudes,
            float @Nullable [] from) {
        this.basis = basis;
        this.channels = channels;
        this.size = size;
        this.from = from;
        constants.put("basis", FloatTensor.of(basis.code()));
        constants.put("size", FloatTensor.of(size.height(), size.width()));
        constants.put("colours", Colours.correlating(channels));
        if (basis == ImageBasis.FOURIER) {
            constants.put("scale", new FloatTensor(scale(decay), size.height(), half()));
        } else if (amplitudes != null) {
            constants.put("scale", new FloatTensor(amplitudes, channels, size.height(), half()));
        }
    }

    /**
     * Keeps the images within a distance of one: they are {@code clamp(origin + within * tanh(...), 0, 1)}, and start
     * at the origin.
     *
     * @param origin {@code [channels][height][width]} from 0 to 1
     */
    public ImageSpace within(double distance, float[] origin) {
        ImageSpace near = new ImageSpace(basis, channels, size, 1, null, new float[numbers()]);
        near.constants.putAll(constants);
        near.constants.put("within", FloatTensor.of((float) distance));
        near.constants.put("origin", new FloatTensor(origin, 1, channels, size.height(), size.width()));
        return near;
    }

    public GridSize size() {
        return size;
    }

    public int channels() {
        return channels;
    }

    private int half() {
        return size.width() / 2 + 1;
    }

    /** Arguments of {@code ascent.py} that all images of the space share. */
    public Map<String, FloatTensor> constants() {
        return constants;
    }

    /** Lengths of the parameter of a batch. */
    public long[] shape(int images) {
        return switch (basis) {
            case FOURIER -> new long[] {images, channels, size.height(), half(), 2};
            case PIXELS -> new long[] {images, channels, size.height(), size.width()};
            case MACO -> new long[] {images, channels, size.height(), half()};
        };
    }

    /** Numbers of one image's parameter. */
    public int numbers() {
        int numbers = 1;
        for (long length : shape(1)) {
            numbers = Math.toIntExact(numbers * length);
        }
        return numbers;
    }

    /** Writes the parameter that an image starts with: normal numbers, or that of a given image. */
    public void start(Random random, float[] parameter, int at) {
        double deviation = basis == ImageBasis.MACO ? 1 : START;
        for (int i = 0; i < numbers(); i++) {
            parameter[at + i] = from == null ? (float) (deviation * random.nextGaussian()) : from[i];
        }
    }

    /** {@code 1 / max(f, 1/longer side)^decay / 4} for each frequency f, in cycles per pixel; the 4 is lucid's. */
    private float[] scale(double decay) {
        float[] scale = new float[size.height() * half()];
        double least = 1.0 / Math.max(size.height(), size.width());
        for (int y = 0; y < size.height(); y++) {
            int row = y < (size.height() + 1) / 2 ? y : y - size.height();
            double down = (double) row / size.height();
            for (int x = 0; x < half(); x++) {
                double across = (double) x / size.width();
                double frequency = Math.max(Math.sqrt(down * down + across * across), least);
                scale[y * half() + x] = (float) (1 / StrictMath.pow(frequency, decay) / 4);
            }
        }
        return scale;
    }
}

package org.netdissect.visualize.space;

import org.netdissect.base.GridSize;
import org.netdissect.network.FloatTensor;

/**
 * Mean log amplitude of images by colour and radial frequency. Frequencies are counted in cycles per shorter side and
 * rounded to whole rings, from 1 to half the shorter side; the constant and the corners beyond belong to no ring. Each
 * frequency of the half plane that a real image has counts once.
 */
public final class RadialSpectrum {
    /** Amplitude of the noise of rounding to 8 bits, 1/255 divided by the root of 12: below it there is no image. */
    private static final double LEAST = 1 / (255 * Math.sqrt(12));

    private final int channels;
    /** [height][width/2+1] ring from 0, or -1 */
    private final int[] ring;
    /** [rings] number of frequencies */
    private final int[] cells;

    public RadialSpectrum(GridSize size, int channels) {
        this.channels = channels;
        int half = size.width() / 2 + 1;
        int shorter = Math.min(size.height(), size.width());
        ring = new int[size.height() * half];
        cells = new int[shorter / 2];
        for (int i = 0; i < ring.length; i++) {
            int row = i / half;
            double down = (double) Math.min(row, size.height() - row) / size.height();
            double across = (double) (i % half) / size.width();
            int cycles = (int) Math.round(Math.sqrt(down * down + across * across) * shorter);
            ring[i] = cycles <= cells.length ? cycles - 1 : -1;
            if (ring[i] >= 0) {
                cells[ring[i]]++;
            }
        }
    }

    /** Colours of {@code ascent.py} that leave red, green and blue as they are. */
    public FloatTensor colours() {
        float[] identity = new float[channels * channels];
        for (int i = 0; i < channels; i++) {
            identity[i * (channels + 1)] = 1;
        }
        return new FloatTensor(identity, channels, channels);
    }

    /** Numbers of one image: colours times rings. */
    public int columns() {
        return channels * cells.length;
    }

    /**
     * Mean log amplitudes of a batch.
     *
     * @param amplitudes {@code [images][channels][height][width/2+1]} of unitary transforms
     * @return {@code [images][channels][rings]}
     */
    public float[] of(float[] amplitudes) {
        int planes = amplitudes.length / ring.length;
        float[] means = new float[planes * cells.length];
        for (int plane = 0; plane < planes; plane++) {
            double[] sums = new double[cells.length];
            for (int i = 0; i < ring.length; i++) {
                if (ring[i] >= 0) {
                    sums[ring[i]] += StrictMath.log(Math.max(amplitudes[plane * ring.length + i], LEAST));
                }
            }
            for (int bin = 0; bin < sums.length; bin++) {
                means[plane * sums.length + bin] = (float) (sums[bin] / cells[bin]);
            }
        }
        return means;
    }
}

package org.netdissect.visualize;

import java.io.IOException;
import org.netdissect.base.ProgressListener;
import org.netdissect.network.FloatTensor;
import org.netdissect.visualize.space.Moments;
import org.netdissect.visualize.space.RadialSpectrum;

/**
 * Scores and spectra of probe images at the size of a visualisation, against which its images are measured. A score is
 * the objective of a unit or direction, or the layer's.
 */
final class ProbeStatistics {
    private final Moments scores;
    private final RadialSpectrum rings;
    private final Moments spectra;

    /** Statistics of moments of all score columns, and of {@link RadialSpectrum}. */
    ProbeStatistics(Moments scores, RadialSpectrum rings, Moments spectra) {
        this.scores = scores;
        this.rings = rings;
        this.spectra = spectra;
    }

    private record Measured(FloatTensor scores, FloatTensor spectra) {}

    /** Measures the images, without moves; the result does not depend on the number of threads. */
    static ProbeStatistics measure(ProbeImages images, LayerNetwork network, int threads, ProgressListener progress)
            throws IOException {
        RadialSpectrum rings = new RadialSpectrum(images.size(), images.channels());
        ProbeStatistics statistics =
                new ProbeStatistics(new Moments(network.scores()), rings, new Moments(rings.columns()));
        images.pass(
                threads,
                progress,
                batch -> new Measured(
                        network.scores(batch, new FloatTensor(new float[1], 1)), statistics.spectra(network, batch)),
                statistics::add);
        return statistics;
    }

    private void add(Measured batch) {
        int images = Math.toIntExact(batch.scores.shape()[1]);
        for (int i = 0; i < images; i++) {
            scores.add(batch.scores.values(), i * scores.columns());
            spectra.add(batch.spectra.values(), i * spectra.columns());
        }
    }

    private FloatTensor spectra(LayerNetwork network, FloatTensor images) {
        float[] means = rings.of(network.amplitudes(images, rings.colours()).values());
        return new FloatTensor(means, means.length);
    }

    /** Number of probe images. */
    int images() {
        return scores.rows();
    }

    /** Number of scores of an image. */
    int columns() {
        return scores.columns();
    }

    /** The greatest score of a probe image, or the least; NaN where a probe image's score is not finite. */
    double best(int column, boolean negative) {
        return negative ? scores.least(column) : scores.greatest(column);
    }

    /**
     * Distance of a score from the probe images' mean, in their standard deviations.
     *
     * @return NaN where that is no finite number or the probe images all have the same score
     */
    double z(int column, double score) {
        return scores.z(column, score);
    }

    /** Whether the column tells probe images apart, so that it has a {@link #z}. */
    boolean hasZ(int column) {
        return Double.isFinite(scores.z(column, scores.mean(column)));
    }

    /**
     * Distances of images' spectra from the probe images': root of the mean square, over {@link RadialSpectrum} rings
     * and colours, of the distance from the probe images' mean in their standard deviations. Rings in which the probe
     * images are all alike are left out.
     *
     * @param images {@code [images][channels][height][width]}
     * @return for each image; NaN where no ring is left, or one of the image's is not a number
     */
    double[] spectrumDistances(LayerNetwork network, FloatTensor images) {
        float[] means = spectra(network, images).values();
        double[] distances = new double[Math.toIntExact(images.shape()[0])];
        for (int i = 0; i < distances.length; i++) {
            double sum = 0;
            int used = 0;
            for (int column = 0; column < spectra.columns(); column++) {
                if (spectra.deviation(column) > 0) {
                    double z = spectra.z(column, means[i * spectra.columns() + column]);
                    sum += z * z;
                    used++;
                }
            }
            distances[i] = Math.sqrt(sum / used);
        }
        return distances;
    }
}

package org.netdissect.visualize;

import java.io.IOException;
import org.netdissect.base.ProgressListener;
import org.netdissect.network.FloatTensor;
import org.netdissect.visualize.space.Colours;
import org.netdissect.visualize.space.Moments;

/** Amplitudes of natural images for MACO ("Unlocking Feature Visualization", Fel and others 2023). */
final class MeanAmplitudes {
    private MeanAmplitudes() {}

    /**
     * Mean amplitudes of the unitary transforms of probe images in decorrelated colours. The constant is kept as it is
     * measured: the basis standardises its images, so it has no effect.
     *
     * @return {@code [channels][height][width/2+1]}
     */
    static float[] of(ProbeImages images, LayerNetwork network, int threads, ProgressListener progress)
            throws IOException {
        int half = images.size().width() / 2 + 1;
        Moments moments = new Moments(images.channels() * images.size().height() * half);
        FloatTensor colours = Colours.decorrelating(images.channels());
        images.pass(threads, progress, batch -> network.amplitudes(batch, colours), batch -> {
            for (int at = 0; at < batch.values().length; at += moments.columns()) {
                moments.add(batch.values(), at);
            }
        });
        float[] amplitudes = new float[moments.columns()];
        for (int i = 0; i < amplitudes.length; i++) {
            amplitudes[i] = (float) moments.mean(i);
        }
        return amplitudes;
    }
}

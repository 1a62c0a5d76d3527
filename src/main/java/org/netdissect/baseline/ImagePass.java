package org.netdissect.baseline;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.netdissect.align.AlignmentRules;
import org.netdissect.align.LabelWords;
import org.netdissect.align.MaskWords;
import org.netdissect.base.ProgressListener;
import org.netdissect.base.Workers;
import org.netdissect.labels.LabelSource;

/**
 * One pass over the images, block by block, that counts masks under the labels of the same image and of other images.
 */
final class ImagePass {
    private final LabelSource probe;
    private final AlignmentRules rules;
    private final Pairing pairing;
    private final BaselineSettings settings;

    ImagePass(LabelSource probe, AlignmentRules rules, Pairing pairing, BaselineSettings settings) {
        this.probe = probe;
        this.rules = rules;
        this.pairing = pairing;
        this.settings = settings;
    }

    /** Counts the groups in parallel. */
    void run(List<PairingCounts> parts, int threads, ProgressListener progress) throws IOException {
        AtomicLong done = new AtomicLong();
        Workers.run(threads, pairing.groups().size(), () -> {
            PoissonWeights random = new PoissonWeights(settings.seed());
            int draws = settings.hasIntervals() ? settings.permutations() : 0;
            return group -> {
                for (int[] block : pairing.groups().get(group).blocks()) {
                    List<LabelWords> labels = labels(block);
                    double[][] weights = new double[block.length][draws];
                    for (int place = 0; place < block.length; place++) {
                        random.fill(block[place], weights[place]);
                    }
                    for (PairingCounts part : parts) {
                        List<MaskWords> masks = masks(part, block);
                        shift(part, group, masks, labels);
                        for (int place = 0; place < block.length; place++) {
                            part.addObserved(masks.get(place), labels.get(place), weights[place]);
                        }
                    }
                    progress.progress(done.addAndGet(block.length), pairing.images());
                }
            };
        });
    }

    private List<LabelWords> labels(int[] block) throws IOException {
        List<LabelWords> labels = new ArrayList<>();
        for (int image : block) {
            labels.add(LabelWords.read(probe, image, rules));
        }
        return labels;
    }

    private static List<MaskWords> masks(PairingCounts part, int[] block) throws IOException {
        List<MaskWords> masks = new ArrayList<>();
        for (int image : block) {
            masks.add(part.layer().masks().read(image, part.from(), part.until()));
        }
        return masks;
    }

    private void shift(PairingCounts part, int group, List<MaskWords> masks, List<LabelWords> labels) {
        int size = masks.size();
        for (int shift = 0; shift < pairing.groups().get(group).shifts(); shift++) {
            for (int place = 0; place < size; place++) {
                part.add(group, shift, masks.get(place), labels.get(Pairing.partner(place, size, shift)));
            }
        }
    }
}

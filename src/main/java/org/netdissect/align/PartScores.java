package org.netdissect.align;

import java.util.ArrayList;
import java.util.List;
import org.netdissect.activation.Thresholds;
import org.netdissect.labels.LabelTable;

/**
 * Scores of a layer's units on each part of the images, with the same thresholds, to tell whether a detector of one
 * part is a detector in another.
 */
public final class PartScores {
    private final List<AlignmentCounts> counts;
    private final LabelTable labels;
    private final double iouThreshold;
    /** [part][unit] */
    private final List<UnitScores[]> scores = new ArrayList<>();

    /**
     * Scores every part.
     *
     * @param counts counts of each part
     * @param iouThreshold bound that a detector's score exceeds
     */
    public PartScores(
            List<AlignmentCounts> counts,
            LabelTable labels,
            Thresholds thresholds,
            LabelZero zero,
            double iouThreshold) {
        this.counts = List.copyOf(counts);
        this.labels = labels;
        this.iouThreshold = iouThreshold;
        for (AlignmentCounts part : counts) {
            UnitScores[] units = new UnitScores[part.units()];
            LayerScores.of(part, labels, thresholds, zero).units().forEach(unit -> units[unit.unit()] = unit);
            scores.add(units);
        }
    }

    /** Number of parts. */
    public int parts() {
        return counts.size();
    }

    /** Number of units. */
    public int units() {
        return counts.get(0).units();
    }

    /** Scores of a unit on the images of one part. */
    public UnitScores of(int part, int unit) {
        return scores.get(part)[unit];
    }

    /** Whether the unit is a detector in a part. */
    public boolean isDetector(int part, int unit) {
        return of(part, unit).best().iou() > iouThreshold;
    }

    /** IoU in the part {@code to} of the unit's label in the part {@code from}; 0 for a unit without a label. */
    public double iou(int from, int to, int unit) {
        int label = of(from, unit).best().label();
        if (label == 0) {
            return 0;
        }
        AlignmentCounts part = counts.get(to);
        long activation = part.activation(unit, labels.primaryCategory(label));
        return ConceptScore.of(label, part.truth(label), activation, part.intersect(unit, label))
                .iou();
    }

    /** Whether a detector of the part {@code from} is a detector of the same label in the part {@code to}. */
    public boolean holds(int from, int to, int unit) {
        return isDetector(from, unit) && iou(from, to, unit) > iouThreshold;
    }

    /** Number of detectors of a part. */
    public int detectors(int part) {
        int detectors = 0;
        for (int unit = 0; unit < units(); unit++) {
            detectors += isDetector(part, unit) ? 1 : 0;
        }
        return detectors;
    }

    /** Number of detectors of the part {@code from} that hold in the part {@code to}. */
    public int holding(int from, int to) {
        int holding = 0;
        for (int unit = 0; unit < units(); unit++) {
            holding += holds(from, to, unit) ? 1 : 0;
        }
        return holding;
    }
}

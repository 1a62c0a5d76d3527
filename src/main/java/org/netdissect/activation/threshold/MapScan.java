package org.netdissect.activation.threshold;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.netdissect.activation.ActivationBlock;
import org.netdissect.activation.ActivationShape;

/**
 * Feeds activations to a {@link ThresholdSelector} and candidates to {@link CandidateMaps}; stops at the first value
 * that is not finite.
 */
public final class MapScan {
    private final Optional<ThresholdSelector> selector;
    private final @Nullable CandidateUnits candidates;
    private final float[] map;
    /** [map cells] NaN for each cell with a value in the block that is not finite, else 0 */
    private final float[] faults;

    /** Scans one layer; without a selector the values are only checked. */
    public MapScan(Optional<ThresholdSelector> selector, ActivationShape shape) {
        this(selector, shape, null);
    }

    /**
     * Scans some units of one layer.
     *
     * @param candidates of these units, or null; only with a selector for the upper tail
     */
    MapScan(Optional<ThresholdSelector> selector, ActivationShape shape, @Nullable CandidateUnits candidates) {
        this.selector = selector;
        this.candidates = candidates;
        this.map = new float[shape.map().cells()];
        this.faults = new float[map.length];
    }

    /** Position and value of the first NaN or infinite activation: image in the probe set, unit, cell. */
    public record NotFinite(int image, int unit, float value, int row, int column) {}

    /**
     * Scans all maps of the block; returns the first value that is not finite, or null. After such a value the selector
     * is unusable.
     */
    public @Nullable NotFinite accept(ActivationBlock block) {
        return accept(block, 0, block.units());
    }

    /** Scans the maps of units {@code fromUnit .. toUnit-1}. */
    @Nullable
    NotFinite accept(ActivationBlock block, int fromUnit, int toUnit) {
        int cells = map.length;
        ThresholdSelector thresholds = selector.orElse(null);
        for (int image = 0; image < block.images(); image++) {
            int position = block.firstImage() + image;
            CandidateUnits collector = candidates != null && candidates.includes(position) ? candidates : null;
            if (collector != null) {
                collector.begin();
            }
            for (int unit = fromUnit; unit < toUnit; unit++) {
                block.read(image, unit, map);
                collectFaults(map, faults);
                if (thresholds != null) {
                    boolean hasCandidates = thresholds.add(unit, map, cells);
                    if (collector != null) {
                        collector.add(unit, map, hasCandidates, thresholds.bound(unit));
                    }
                }
            }
            if (collector != null) {
                collector.end(position);
            }
        }
        if (!anyFault()) {
            return null;
        }
        // the next block must not inherit these faults
        Arrays.fill(faults, 0f);
        return locate(block);
    }

    /** x * 0 is NaN where x is NaN or infinite. The loop is vectorised; a maximum would not be. */
    private static void collectFaults(float[] map, float[] faults) {
        for (int i = 0; i < faults.length; i++) {
            faults[i] += map[i] * 0f;
        }
    }

    private boolean anyFault() {
        for (float fault : faults) {
            if (Float.isNaN(fault)) {
                return true;
            }
        }
        return false;
    }

    private NotFinite locate(ActivationBlock block) {
        for (int image = 0; image < block.images(); image++) {
            for (int unit = 0; unit < block.units(); unit++) {
                block.read(image, unit, map);
                for (int cell = 0; cell < map.length; cell++) {
                    if (!Float.isFinite(map[cell])) {
                        int width = block.map().width();
                        return new NotFinite(block.firstImage() + image, unit, map[cell], cell / width, cell % width);
                    }
                }
            }
        }
        throw new IllegalStateException("a fault was seen in block " + block.firstImage());
    }
}

package org.netdissect.align;

import java.util.ArrayList;
import java.util.List;
import org.netdissect.activation.ActivationBlock;
import org.netdissect.activation.Thresholds;
import org.netdissect.base.GridSize;
import org.netdissect.base.Tail;

/** The masks of all units on one image, as a dissection makes them, on a grid of one's choice. */
public final class ImageMasks {
    private final GridSize grid;
    private final NodePlacement placement;
    private final Comparison comparison;

    /** Masks on this grid, over which the placement puts the units of a layer. */
    public ImageMasks(GridSize grid, NodePlacement placement, Comparison comparison) {
        this.grid = grid;
        this.placement = placement;
        this.comparison = comparison;
    }

    /**
     * The units whose resized map passes the threshold somewhere, most active first.
     *
     * @param block activations, all finite
     * @param image 0-based within the block
     * @param thresholds T_k of the block's units
     * @param tail whether masks are above the thresholds or below
     */
    public List<ActiveUnit> activeUnits(
            ActivationBlock block, int image, Thresholds thresholds, Tail tail, ActiveUnit.Order order) {
        float sign = tail == Tail.UPPER ? 1 : -1;
        MaskKernel kernel = new MaskKernel(block.map(), grid, placement, comparison);
        float[] map = new float[block.map().cells()];
        List<ActiveUnit> active = new ArrayList<>();
        for (int unit = 0; unit < block.units(); unit++) {
            block.read(image, unit, map);
            for (int i = 0; i < map.length; i++) {
                map[i] *= sign;
            }
            float threshold = thresholds.of(unit);
            int count = kernel.find(map, sign * threshold);
            if (count > 0) {
                float peak = sign * greatest(map);
                active.add(new ActiveUnit(unit, threshold, peak, Mask.of(grid, kernel.pixels(), count)));
            }
        }
        active.sort(order.mostActiveFirst());
        return active;
    }

    private static float greatest(float[] map) {
        float greatest = map[0];
        for (float value : map) {
            greatest = Math.max(greatest, value);
        }
        return greatest;
    }
}

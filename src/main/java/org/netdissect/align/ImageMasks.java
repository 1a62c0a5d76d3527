package org.netdissect.align;

import java.util.ArrayList;
import java.util.List;
import org.netdissect.activation.MapBlock;
import org.netdissect.base.GridSize;

/** Makes the masks of all units on one image, as a dissection does, on any grid. */
public final class ImageMasks {
    private final GridSize grid;
    private final MaskRule rule;

    /** Masks on a grid, by the rule of a layer. */
    public ImageMasks(GridSize grid, MaskRule rule) {
        this.grid = grid;
        this.rule = rule;
    }

    /**
     * Finds the units whose mask is not empty, most active first.
     *
     * @param block finite activations of all units of the rule
     * @param image 0-based within the block
     */
    public List<ActiveUnit> activeUnits(MapBlock block, int image, ActiveUnit.Order order) {
        MaskKernel kernel = new MaskKernel(block.map(), grid, rule.placement(), rule.comparison());
        float[] map = new float[block.map().cells()];
        List<ActiveUnit> active = new ArrayList<>();
        for (int unit = 0; unit < block.units(); unit++) {
            block.read(image, unit, map);
            float threshold = rule.thresholds().of(unit);
            if (kernel.find(map, threshold) > 0) {
                active.add(new ActiveUnit(unit, threshold, greatest(map), kernel.toMask()));
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

package org.netdissect.activation;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.netdissect.base.GridSize;

/** Feeds blocks of activations to a {@link ThresholdSelector} and stops at the first value that is not a number. */
public final class MapScan {
    private static final int INFINITY_BITS = 0x7f800000;

    private final Optional<ThresholdSelector> selector;
    private final float[] map;

    /** A scan of one layer; without a selector the values are only checked. */
    public MapScan(Optional<ThresholdSelector> selector, ActivationShape shape) {
        this.selector = selector;
        this.map = new float[shape.map().cells()];
    }

    /** Where the first NaN or infinite activation lies: image in the probe set, unit, value. */
    public record NotFinite(int image, int unit, float value, int row, int column) {}

    /** Takes all maps of the block; returns the first value that is not finite, or null. */
    public @Nullable NotFinite accept(ActivationBlock block) {
        return accept(block, 0, block.units());
    }

    /** Takes the maps of units {@code fromUnit .. toUnit-1}. */
    @Nullable
    NotFinite accept(ActivationBlock block, int fromUnit, int toUnit) {
        int cells = map.length;
        ThresholdSelector taker = selector.orElse(null);
        for (int image = 0; image < block.images(); image++) {
            for (int unit = fromUnit; unit < toUnit; unit++) {
                block.read(image, unit, map);
                if (greatestMagnitudeBits(map) >= INFINITY_BITS) {
                    return locate(block, image, unit);
                }
                if (taker != null) {
                    taker.add(unit, map, cells);
                }
            }
        }
        return null;
    }

    /** As integers the bit patterns of magnitudes keep their order, and this loop is vectorised. */
    private static int greatestMagnitudeBits(float[] map) {
        int greatest = 0;
        for (float value : map) {
            greatest = Math.max(greatest, Float.floatToRawIntBits(value) & 0x7fffffff);
        }
        return greatest;
    }

    private NotFinite locate(ActivationBlock block, int image, int unit) {
        GridSize size = block.map();
        int cell = 0;
        while (Float.isFinite(map[cell])) {
            cell++;
        }
        return new NotFinite(block.firstImage() + image, unit, map[cell], cell / size.width(), cell % size.width());
    }
}

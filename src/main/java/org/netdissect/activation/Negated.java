package org.netdissect.activation;

import org.netdissect.base.GridSize;

/**
 * The layer of negated activations. Its upper tail is the lower tail of the layer; its thresholds are {@link
 * Thresholds#negated}.
 */
public final class Negated {
    private Negated() {}

    /** The same block of the negated layer. */
    public static MapBlock of(MapBlock block) {
        return new Block(block);
    }

    /** Turns the signs of {@code map[0 .. cells-1]}. */
    public static void negate(float[] map, int cells) {
        for (int i = 0; i < cells; i++) {
            map[i] = -map[i];
        }
    }

    private record Block(MapBlock block) implements MapBlock {
        @Override
        public int firstImage() {
            return block.firstImage();
        }

        @Override
        public int images() {
            return block.images();
        }

        @Override
        public int units() {
            return block.units();
        }

        @Override
        public GridSize map() {
            return block.map();
        }

        @Override
        public void read(int image, int unit, float[] target) {
            block.read(image, unit, target);
            negate(target, block.map().cells());
        }
    }
}

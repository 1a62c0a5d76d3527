package org.netdissect.baseline;

import java.util.ArrayList;
import java.util.List;

/**
 * A range of units of one layer.
 *
 * @param layer position of the layer
 * @param from the first unit
 * @param until the unit after the last
 */
record UnitRange(int layer, int from, int until) {

    /** Splits the units of all layers into groups of at most {@code most} units. */
    static List<List<UnitRange>> tiles(List<BaselineAnalysis.Layer> layers, int most) {
        List<List<UnitRange>> tiles = new ArrayList<>();
        int room = 0;
        for (int layer = 0; layer < layers.size(); layer++) {
            int units = layers.get(layer).counts().units();
            for (int from = 0; from < units; ) {
                if (room == 0) {
                    tiles.add(new ArrayList<>());
                    room = most;
                }
                int until = Math.min(units, from + room);
                tiles.get(tiles.size() - 1).add(new UnitRange(layer, from, until));
                room -= until - from;
                from = until;
            }
        }
        return tiles;
    }
}

package org.netdissect.chance;

import java.util.ArrayList;
import java.util.List;

/**
 * Some units of one layer.
 *
 * @param layer its position
 * @param from the first unit
 * @param until the unit after the last
 */
record Span(int layer, int from, int until) {

    /** All units of all layers, {@code most} or fewer together, as many as can be. */
    static List<List<Span>> tiles(List<ChanceAnalysis.Layer> layers, int most) {
        List<List<Span>> tiles = new ArrayList<>();
        int room = 0;
        for (int layer = 0; layer < layers.size(); layer++) {
            int units = layers.get(layer).counts().units();
            for (int from = 0; from < units; ) {
                if (room == 0) {
                    tiles.add(new ArrayList<>());
                    room = most;
                }
                int until = Math.min(units, from + room);
                tiles.get(tiles.size() - 1).add(new Span(layer, from, until));
                room -= until - from;
                from = until;
            }
        }
        return tiles;
    }
}

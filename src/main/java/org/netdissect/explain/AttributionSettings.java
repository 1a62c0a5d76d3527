package org.netdissect.explain;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a class's attribution in an explanation.
 *
 * @param name number or name of the class, or null for the network's first
 * @param units greatest number of units to show for the class, and against it, for a layer
 * @param visualizations folder that {@code visualize} wrote, or null for the run's
 * @param grid whether activation grids are made
 * @param steps of the ascent of a grid's images
 * @param threads calls of the engine side by side, for grids
 * @param seed of all random numbers, for grids
 */
public record AttributionSettings(
        @Nullable String name,
        int units,
        @Nullable Path visualizations,
        boolean grid,
        int steps,
        int threads,
        long seed) {}

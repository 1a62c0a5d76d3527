package org.netdissect.activation.threshold;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.netdissect.activation.ActivationBlock;
import org.netdissect.activation.ActivationShape;

/**
 * A {@link MapScan} for several threads: units are divided into groups, a group is scanned by one thread at a time, and
 * each block starts with the next group. Thresholds do not depend on the order of values.
 */
public final class SharedScan {
    private static final int GROUPS = 16;

    private final List<Group> groups = new ArrayList<>();
    private final AtomicInteger turn = new AtomicInteger();

    private record Group(MapScan scan, int from, int to) {}

    /** Scans one layer; without a selector the values are only checked. */
    public SharedScan(Optional<ThresholdSelector> selector, ActivationShape shape) {
        this(selector, shape, Optional.empty());
    }

    /**
     * A scan of one layer.
     *
     * @param candidates gets the layer's candidates; only with a selector for the upper tail
     */
    public SharedScan(Optional<ThresholdSelector> selector, ActivationShape shape, Optional<CandidateMaps> candidates) {
        int count = Math.min(GROUPS, shape.units());
        for (int group = 0; group < count; group++) {
            int from = (int) ((long) shape.units() * group / count);
            int to = (int) ((long) shape.units() * (group + 1) / count);
            CandidateUnits units = candidates.map(maps -> maps.part(from, to)).orElse(null);
            groups.add(new Group(new MapScan(selector, shape, units), from, to));
        }
    }

    /** Scans all maps of the block; returns its first non-finite value (by image, then unit), or null. */
    public MapScan.@Nullable NotFinite accept(ActivationBlock block) {
        int start = Math.floorMod(turn.getAndIncrement(), groups.size());
        MapScan.NotFinite first = null;
        for (int i = 0; i < groups.size(); i++) {
            Group group = groups.get((start + i) % groups.size());
            MapScan.NotFinite found;
            synchronized (group.scan()) {
                found = group.scan().accept(block, group.from(), group.to());
            }
            if (found != null && (first == null || isBefore(found, first))) {
                first = found;
            }
        }
        return first;
    }

    private static boolean isBefore(MapScan.NotFinite a, MapScan.NotFinite b) {
        return a.image() != b.image() ? a.image() < b.image() : a.unit() < b.unit();
    }
}

package org.netdissect.torchscript.field;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Operators that enlarge maps. Positions keep their order; receptive fields become unknown. */
final class EnlargingOperators {
    private EnlargingOperators() {}

    static void addTo(Map<String, Operators.Operator> table) {
        for (String kind : List.of("nearest1d", "nearest2d", "nearest3d", "_nearest_exact1d", "_nearest_exact2d")) {
            table.put("upsample_" + kind, call -> call.result(upsampled(call, 2)));
        }
        table.put("_upsample_nearest_exact2d", call -> call.result(upsampled(call, 2)));
        for (String kind : List.of("linear1d", "bilinear2d", "bicubic2d", "trilinear3d")) {
            table.put("upsample_" + kind, call -> call.result(upsampled(call, 3)));
        }
        table.put("_upsample_bilinear2d_aa", call -> call.result(upsampled(call, 3)));
        table.put("pixel_shuffle", EnlargingOperators::shuffled);
    }

    /** A dimension with another number of cells and unknown fields. */
    static Layout enlarged(Layout layout, int position, long cells) {
        Dim dim = layout.dim(position);
        if (dim.isConstant()) {
            return layout.with(position, Dim.plain(cells));
        }
        Axis.Places places = dim.places()
                .filter(Axis.Places::isWhole)
                .filter(all -> cells != Dim.UNKNOWN)
                .orElseThrow(() -> new Unfollowed("places that are no longer rows and columns"));
        return layout.with(position, Dim.of(places.resized(cells, Optional.empty())));
    }

    /** Arguments: input, size, align_corners for some kinds, factors; either size or factors is given */
    private static Layout upsampled(OperatorCall call, int factorsPlace) {
        Layout layout = call.layout(0);
        int spatial = layout.rank() - 2;
        List<Long> sizes = new ArrayList<>(call.integers(1));
        if (sizes.isEmpty() && call.arg(factorsPlace).orElse(Value.none()) instanceof Value.Items factors) {
            for (int i = 0; i < factors.list().size(); i++) {
                double factor = factors.list()
                        .get(i)
                        .as(Double.class)
                        .orElseThrow(() -> new Unfollowed("its factors, which only the run decides"));
                sizes.add((long) Math.floor(layout.dim(i - spatial).extent() * factor));
            }
        }
        if (sizes.size() != spatial) {
            throw new Unfollowed("its size");
        }
        for (int i = 0; i < spatial; i++) {
            layout = enlarged(layout, i - spatial, sizes.get(i));
        }
        return layout.withReason(call.title() + ": units between those before it");
    }

    /** Arguments: input [..., channels * factor * factor, height, width], factor */
    private static Value shuffled(OperatorCall call) {
        Layout layout = call.layout(0);
        long factor = call.integer(1);
        Dim channels = layout.dim(-3);
        if (!channels.isConstant() || channels.extent() == Dim.UNKNOWN || factor < 1) {
            throw new Unfollowed("its channels");
        }
        layout = layout.with(-3, Dim.plain(channels.extent() / (factor * factor)));
        for (int side = -2; side <= -1; side++) {
            layout = enlarged(layout, side, layout.dim(side).extent() * factor);
        }
        return call.result(layout.withReason(call.title() + ": units between those before it"));
    }
}

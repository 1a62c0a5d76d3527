package org.netdissect.torchscript.field;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Operators over windows: convolutions, poolings, padding. Arguments are those of native_functions.yaml. */
final class WindowOperators {
    private WindowOperators() {}

    static void addTo(Map<String, Operators.Operator> table) {
        for (int rank = 1; rank <= 3; rank++) {
            int spatial = rank;
            String suffix = rank + "d";
            table.put("conv" + suffix, WindowOperators::convolution);
            table.put("max_pool" + suffix, call -> call.result(pooled(call, spatial, 4, 5)));
            table.put(
                    "max_pool" + suffix + "_with_indices",
                    call -> call.items(
                            List.of(call.result(pooled(call, spatial, 4, 5)), Value.lost("indices of a maximum"))));
            table.put("avg_pool" + suffix, call -> call.result(pooled(call, spatial, -1, 4)));
            table.put("adaptive_avg_pool" + suffix, call -> call.result(adaptive(call, spatial)));
            table.put(
                    "adaptive_max_pool" + suffix,
                    call -> call.items(
                            List.of(call.result(adaptive(call, spatial)), Value.lost("indices of a maximum"))));
            table.put("reflection_pad" + suffix, call -> call.result(padded(call)));
            table.put("replication_pad" + suffix, call -> call.result(padded(call)));
        }
        for (int rank = 1; rank <= 3; rank++) {
            table.put("conv_transpose" + rank + "d", call -> transposed(call, 7, 5, 6));
        }
        table.put("_convolution", WindowOperators::either);
        table.put("convolution", WindowOperators::either);
        table.put("_convolution_mode", WindowOperators::convolution);
        table.put("constant_pad_nd", call -> call.result(padded(call)));
        table.put("pad", call -> call.result(padded(call)));
        EnlargingOperators.addTo(table);
    }

    /** Arguments: input, weight, bias, stride, padding, dilation, transposed, output_padding, groups */
    private static Value either(OperatorCall call) {
        return call.flag(6) ? transposed(call, 5, 7, 8) : convolution(call);
    }

    /** Arguments: input, weight [out, in/groups, kernel...], bias, stride, padding, dilation */
    private static Value convolution(OperatorCall call) {
        Layout input = call.layout(0);
        Layout weight = call.layout(1);
        int spatial = spatial(input, weight);
        List<Long> ones = Collections.nCopies(spatial, 1L);
        List<Long> stride = call.integers(3, spatial, ones);
        List<Long> dilation = call.integers(5, spatial, ones);
        Layout output = input;
        for (int i = 0; i < spatial; i++) {
            Window unpadded = new Window(weight.dim(2 + i).extent(), stride.get(i), 0, 0, dilation.get(i), false);
            Window window = padded(call, unpadded, spatial, i);
            output = output.with(i - spatial, dim -> dim.under(window));
        }
        return call.result(output(output, spatial, weight.dim(0).extent()));
    }

    private static int spatial(Layout input, Layout weight) {
        int spatial = weight.rank() - 2;
        if (weight.dependsOnImage() || spatial < 1 || input.rank() < spatial + 1) {
            throw new Unfollowed("its weight");
        }
        return spatial;
    }

    /** The layout with the operator's output channels in place of the input's, which are summed. */
    private static Layout output(Layout windows, int spatial, long channels) {
        Dim input = windows.dim(-spatial - 1);
        return windows.with(-spatial - 1, Dim.plain(channels)).summedOver(List.of(input));
    }

    /**
     * Arguments: input, weight [in, out/groups, kernel...], bias, stride, padding; positions of the others are given
     */
    private static Value transposed(OperatorCall call, int dilationPlace, int addedPlace, int groupsPlace) {
        Layout input = call.layout(0);
        Layout weight = call.layout(1);
        int spatial = spatial(input, weight);
        List<Long> ones = Collections.nCopies(spatial, 1L);
        List<Long> zeros = Collections.nCopies(spatial, 0L);
        List<Long> stride = call.integers(3, spatial, ones);
        List<Long> padding = call.integers(4, spatial, zeros);
        List<Long> dilation = call.integers(dilationPlace, spatial, ones);
        List<Long> added = call.integers(addedPlace, spatial, zeros);
        Layout output = input;
        for (int i = 0; i < spatial; i++) {
            long reach = dilation.get(i) * (weight.dim(2 + i).extent() - 1) + 1;
            long edge = reach - 1 - padding.get(i);
            if (stride.get(i) == 1) {
                Window window =
                        new Window(weight.dim(2 + i).extent(), 1, edge, edge + added.get(i), dilation.get(i), false);
                output = output.with(i - spatial, dim -> dim.under(window));
                continue;
            }
            long cells = input.dim(i - spatial).extent();
            long count = cells == Dim.UNKNOWN
                    ? Dim.UNKNOWN
                    : (cells - 1) * stride.get(i) - 2 * padding.get(i) + reach + added.get(i);
            output = EnlargingOperators.enlarged(output, i - spatial, count);
            output = output.withReason(call.title() + ": its stride, between whose steps units see different places");
        }
        long channels = weight.dim(1).extent() * call.integer(groupsPlace, 1);
        return call.result(output(output, spatial, weight.dim(1).extent() == Dim.UNKNOWN ? Dim.UNKNOWN : channels));
    }

    private static Window padded(OperatorCall call, Window window, int spatial, int axis) {
        String mode = call.arg(4).flatMap(value -> value.as(String.class)).orElse("");
        long before;
        long after;
        if (mode.equals("same")) {
            before = (window.reach() - 1) / 2;
            after = window.reach() - 1 - before;
        } else if (mode.equals("valid")) {
            before = 0;
            after = 0;
        } else {
            long padding =
                    call.integers(4, spatial, Collections.nCopies(spatial, 0L)).get(axis);
            before = padding;
            after = before;
        }
        return new Window(window.kernel(), window.stride(), before, after, window.dilation(), false);
    }

    /**
     * Arguments: input, kernel, stride (the kernel if empty), padding; then dilation and ceil_mode at the given
     * positions
     */
    private static Layout pooled(OperatorCall call, int spatial, int dilationPlace, int ceilPlace) {
        List<Long> ones = Collections.nCopies(spatial, 1L);
        List<Long> kernel = call.integers(1, spatial, ones);
        List<Long> stride = call.integers(2, spatial, kernel);
        List<Long> padding = call.integers(3, spatial, Collections.nCopies(spatial, 0L));
        List<Long> dilation = dilationPlace < 0 ? ones : call.integers(dilationPlace, spatial, ones);
        boolean ceil = call.flag(ceilPlace);
        Layout output = call.layout(0);
        for (int i = 0; i < spatial; i++) {
            Window window =
                    new Window(kernel.get(i), stride.get(i), padding.get(i), padding.get(i), dilation.get(i), ceil);
            output = output.with(i - spatial, dim -> dim.under(window));
        }
        return output;
    }

    private static Layout adaptive(OperatorCall call, int spatial) {
        Layout output = call.layout(0);
        List<Value> sizes = call.arg(1).orElseThrow(() -> new Unfollowed("its size")) instanceof Value.Items items
                ? items.list()
                : Collections.nCopies(spatial, call.args().get(1));
        if (sizes.size() != spatial) {
            throw new Unfollowed("its size");
        }
        for (int i = 0; i < spatial; i++) {
            if (!(sizes.get(i) instanceof Value.None)) {
                long cells = sizes.get(i).as(Long.class).orElseThrow(() -> new Unfollowed("its size"));
                output = adapted(call, output, i - spatial, cells);
            }
        }
        return output;
    }

    private static Layout adapted(OperatorCall call, Layout input, int position, long cells) {
        Dim dim = input.dim(position);
        if (cells == 1 && dim.extent() != 1) {
            return input.with(position, Dim.ONE).summedOver(List.of(dim));
        } else if (dim.extent() == cells) {
            return input;
        } else if (dim.extent() == Dim.UNKNOWN || cells < 1) {
            throw new Unfollowed("its windows of unequal sizes, " + dim.extent() + " cells becoming " + cells);
        } else if (dim.extent() % cells != 0) {
            return EnlargingOperators.enlarged(input, position, cells)
                    .withReason(call.title() + ": its windows of unequal sizes, " + dim.extent() + " cells becoming "
                            + cells);
        }
        long kernel = dim.extent() / cells;
        return input.with(position, dim.under(new Window(kernel, kernel, 0, 0, 1, false)));
    }

    /** Arguments: input, padding as [before, after] of the last dimension, then of the one before it, ... */
    private static Layout padded(OperatorCall call) {
        Layout output = call.layout(0);
        List<Long> padding = new ArrayList<>(call.integers(1));
        for (int i = 0; i + 1 < padding.size(); i += 2) {
            Window window = Window.padding(padding.get(i), padding.get(i + 1));
            output = output.with(-1 - i / 2, dim -> dim.under(window));
        }
        boolean circular =
                call.arg(2).flatMap(value -> value.as(String.class)).orElse("").equals("circular");
        return circular ? output.withoutFields(call.title() + ": its borders, which see the opposite ones") : output;
    }
}

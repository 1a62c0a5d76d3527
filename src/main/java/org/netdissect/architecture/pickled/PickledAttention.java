package org.netdissect.architecture.pickled;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.netdissect.torchscript.assembly.ModuleSpec;

/** Compares the settings of a pickled attention, which no tensor shows, with those of a family's code. */
final class PickledAttention {
    /** The statement of a family's code that parts heads; windows have their number of places, others "tokens". */
    private static final Pattern HEADS =
            Pattern.compile("qkv = torch\\.reshape\\(qkv, \\[-1, (tokens|\\d+), 3, (\\d+), \\d+\\]\\)");

    private PickledAttention() {}

    /** Refuses an attention with other settings; does nothing for other layers. */
    static void check(PickledLayer layer, ModuleSpec known) {
        known.body().stream()
                .map(HEADS::matcher)
                .filter(Matcher::matches)
                .findFirst()
                .ifPresent(heads -> check(layer, known, heads.group(1), Long.parseLong(heads.group(2))));
    }

    private static void check(PickledLayer layer, ModuleSpec known, String places, long heads) {
        if (layer.whole("num_heads") != heads) {
            throw layer.refused(
                    "its num_heads is " + layer.whole("num_heads") + ", the published network's is " + heads);
        }
        if (!places.equals("tokens")) {
            long side = Math.round(Math.sqrt(Integer.parseInt(places)));
            long shift = known.body().stream().anyMatch(line -> line.contains("torch.roll(")) ? side / 2 : 0;
            require(layer, "window_size", side);
            require(layer, "shift_size", shift);
        }
        if (known.type().endsWith(".MultiheadAttention")) {
            if (!layer.flag("batch_first")) {
                throw layer.refused("its batch_first is not True");
            } else if (layer.flag("add_zero_attn")) {
                throw layer.refused("its add_zero_attn is True");
            }
        }
    }

    private static void require(PickledLayer layer, String name, long value) {
        List<Long> numbers = layer.list(name);
        if (!numbers.equals(List.of(value, value))) {
            throw layer.refused(
                    "its " + name + " is " + numbers + ", the published network's is " + List.of(value, value));
        }
    }
}

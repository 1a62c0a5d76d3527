package org.netdissect.cli;

import java.util.ArrayList;
import java.util.List;
import org.netdissect.activation.Precision;
import org.netdissect.align.Interpolation;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;
import org.netdissect.network.ComputeDevice;
import org.netdissect.pipeline.Requirement;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

/** Option values that are more than text or a number. */
final class Converters {
    private Converters() {}

    static void register(CommandLine command) {
        command.registerConverter(GridSize.class, Converters::gridSize)
                .registerConverter(Interpolation.class, text -> named(Interpolation.values(), text))
                .registerConverter(Precision.class, text -> named(Precision.values(), text))
                .registerConverter(Triple.class, Converters::triple)
                .registerConverter(ComputeDevice.class, text -> plain(() -> new ComputeDevice(text)))
                .registerConverter(Requirement.class, text -> plain(() -> Requirement.parse(text)));
    }

    /** Three numbers, one per channel. */
    record Triple(List<Float> values) {}

    private static GridSize gridSize(String text) {
        String[] sides = text.split("[,x]", -1);
        try {
            if (sides.length <= 2) {
                int height = Integer.parseInt(sides[0].strip());
                return new GridSize(height, sides.length == 1 ? height : Integer.parseInt(sides[1].strip()));
            }
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException("'" + text + "': expected HEIGHT,WIDTH in pixels, such as 224,224");
        }
        throw new TypeConversionException("'" + text + "': expected HEIGHT,WIDTH in pixels, such as 224,224");
    }

    private static Triple triple(String text) {
        List<Float> values = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            try {
                values.add(Float.parseFloat(part.strip()));
            } catch (NumberFormatException e) {
                throw new TypeConversionException("'" + text + "': expected three numbers, such as 0.5,0.5,0.5");
            }
        }
        return new Triple(values);
    }

    private static <T> T named(T[] values, String text) {
        List<String> names = new ArrayList<>();
        for (T value : values) {
            if (value.toString().equals(text)) {
                return value;
            }
            names.add(value.toString());
        }
        throw new TypeConversionException("'" + text + "': expected " + String.join(" or ", names));
    }

    private static <T> T plain(java.util.function.Supplier<T> supplier) {
        try {
            return supplier.get();
        } catch (InputException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}

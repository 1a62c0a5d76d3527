package org.netdissect.cli;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.netdissect.base.ByteSize;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;
import org.netdissect.network.AxesSpec;
import org.netdissect.network.ChannelOrder;
import org.netdissect.network.ComputeDevice;
import org.netdissect.result.Requirement;
import org.netdissect.run.NamedPath;
import org.netdissect.visualize.UnitChoice;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.TypeConversionException;

/** Converts the text of options to values. */
final class Converters {
    private static final int MOST_DIGITS = 12;
    private static final int LARGEST_SIDE = 1 << 14;
    private static final Pattern AGE = Pattern.compile("([0-9]{1,5})([hdw])");

    private Converters() {}

    /** Registers a converter for each type of option; enums are spelled as their text. */
    static void register(CommandLine command) {
        for (ArgSpec argument : command.getCommandSpec().args()) {
            for (Class<?> type : argument.auxiliaryTypes()) {
                if (type.isEnum()) {
                    constants(command, type);
                }
            }
        }
        command.registerConverter(GridSize.class, Converters::gridSize)
                .registerConverter(Path.class, Converters::path)
                .registerConverter(NamedPath.class, Converters::namedPath)
                .registerConverter(BigDecimal.class, Converters::fraction)
                .registerConverter(AlphaList.class, AlphaList::parse)
                .registerConverter(ChannelOrder.class, Converters::channels)
                .registerConverter(ChannelValues.class, Converters::channelValues)
                .registerConverter(AxesSpec.class, text -> converted(() -> AxesSpec.parse(text)))
                .registerConverter(ComputeDevice.class, text -> converted(() -> new ComputeDevice(text)))
                .registerConverter(ByteSize.class, text -> converted(() -> ByteSize.parse(text)))
                .registerConverter(Duration.class, Converters::age)
                .registerConverter(Fractions.class, Converters::fractions)
                .registerConverter(Numbers.class, Converters::numbers)
                .registerConverter(UnitChoice.class, text -> converted(() -> UnitChoice.parse(text)))
                .registerConverter(Place.class, Converters::place)
                .registerConverter(Distance.class, Converters::distance)
                .registerConverter(Requirement.class, text -> converted(() -> Requirement.parse(text)));
    }

    private static <E> void constants(CommandLine command, Class<E> type) {
        command.registerConverter(type, text -> named(type.getEnumConstants(), text));
    }

    /** A number for each channel. */
    record ChannelValues(List<Float> values) {}

    /** Decimal numbers separated by commas, as they were written. */
    record Fractions(List<BigDecimal> values) {
        /** Spelt out, as picocli calls it at every start and the generated one is slow at first. */
        @Override
        public String toString() {
            return values.toString();
        }
    }

    record Numbers(List<Double> values) {}

    /** A place in a map. */
    record Place(int row, int column) {}

    /** A difference of pixels on the scale 0 to 1. */
    record Distance(double value) {}

    /** The value, or {@code otherwise} where it is null; throws {@link InputException} for less than 0. */
    static double notNegative(String option, @Nullable Double value, double otherwise) {
        if (value != null && !(value >= 0 && value < Double.POSITIVE_INFINITY)) {
            throw new InputException(option + " " + value + ": expected a number of at least 0");
        }
        return value == null ? otherwise : value;
    }

    /** Returns a given count, or {@code otherwise}; throws {@link InputException} for one below 1. */
    static int atLeastOne(String option, @Nullable Integer value, int otherwise) {
        if (value != null && value < 1) {
            throw new InputException(option + " " + value + ": expected at least 1");
        }
        return value == null ? otherwise : value;
    }

    /** Returns the IoU threshold; throws {@link InputException} outside 0 (included) to 1. */
    static double iou(String option, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new InputException(option + " " + value + ": expected at least 0 and less than 1, such as 0.04");
        }
        return value;
    }

    private static Path path(String text) {
        try {
            if (!text.isEmpty()) {
                return Path.of(text);
            }
        } catch (InvalidPathException e) {
            throw new TypeConversionException("'" + text + "': not a file name on this system (" + e.getReason()
                    + "); names beyond ASCII need a UTF-8 locale, such as LC_ALL=C.UTF-8");
        }
        throw new TypeConversionException("'': expected a file or folder");
    }

    /** Reads {@code NAME=PATH}, unless the whole text is an existing path. */
    private static NamedPath namedPath(String text) {
        int equals = text.indexOf('=');
        if (equals <= 0 || Files.exists(path(text))) {
            return new NamedPath(null, path(text));
        }
        return new NamedPath(text.substring(0, equals), path(text.substring(equals + 1)));
    }

    private static Fractions fractions(String text) {
        List<BigDecimal> values = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            values.add(fraction(part.strip()));
        }
        return new Fractions(values);
    }

    private static Numbers numbers(String text) {
        List<Double> values = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            try {
                values.add(Double.parseDouble(part.strip()));
            } catch (NumberFormatException e) {
                throw new TypeConversionException("'" + text + "': expected numbers such as 0.04, separated by commas");
            }
        }
        return new Numbers(values);
    }

    static BigDecimal fraction(String text) {
        try {
            BigDecimal number = new BigDecimal(text);
            if (Math.abs((long) number.scale()) <= MOST_DIGITS) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new TypeConversionException("'" + text + "': expected a number, such as 0.005");
        }
        throw new TypeConversionException(
                "'" + text + "': expected at most " + MOST_DIGITS + " digits after the point");
    }

    /** Reads an age in whole hours, days or weeks; months and years vary in length. */
    private static Duration age(String text) {
        Matcher form = AGE.matcher(text);
        if (!form.matches()) {
            throw new TypeConversionException(
                    "'" + text + "': expected an age in hours, days or weeks, such as 12h, 30d or 8w");
        }
        int hours = switch (form.group(2)) {
            case "h" -> 1;
            case "d" -> 24;
            default -> 7 * 24;
        };
        return Duration.ofHours(Long.parseLong(form.group(1)) * hours);
    }

    private static GridSize gridSize(String text) {
        String[] sides = text.split("[,x]", -1);
        try {
            if (sides.length <= 2) {
                int height = Integer.parseInt(sides[0].strip());
                int width = sides.length == 1 ? height : Integer.parseInt(sides[1].strip());
                if (height <= LARGEST_SIDE && width <= LARGEST_SIDE) {
                    return new GridSize(height, width);
                }
            }
        } catch (IllegalArgumentException e) {
            // refused below
        }
        throw new TypeConversionException(
                "'" + text + "': expected HEIGHT,WIDTH in pixels up to " + LARGEST_SIDE + ", such as 224,224");
    }

    private static Place place(String text) {
        String[] sides = text.split(",", -1);
        try {
            Place place = new Place(Integer.parseInt(sides[0].strip()), Integer.parseInt(sides[1].strip()));
            if (sides.length == 2 && place.row >= 0 && place.column >= 0) {
                return place;
            }
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            // refused below
        }
        throw new TypeConversionException("'" + text + "': expected ROW,COLUMN counted from 0, such as 6,6");
    }

    /** Reads {@code 8/255} or {@code 0.03}. */
    private static Distance distance(String text) {
        String[] parts = text.split("/", -1);
        try {
            double value = Double.parseDouble(parts[0]) / (parts.length == 2 ? Double.parseDouble(parts[1]) : 1);
            if (parts.length <= 2 && value > 0 && value <= 1) {
                return new Distance(value);
            }
        } catch (NumberFormatException e) {
            // refused below
        }
        throw new TypeConversionException("'" + text + "': expected a difference from 0 to 1, such as 8/255 or 0.03");
    }

    private static ChannelOrder channels(String text) {
        ChannelOrder order = ChannelOrder.named(text);
        if (order == null) {
            throw new TypeConversionException("'" + text + "': expected RGB, BGR or grey");
        }
        return order;
    }

    private static ChannelValues channelValues(String text) {
        List<Float> values = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            try {
                values.add(Float.parseFloat(part.strip()));
            } catch (NumberFormatException e) {
                throw new TypeConversionException("'" + text + "': expected three numbers, such as 0.5,0.5,0.5");
            }
        }
        return new ChannelValues(values);
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

    private static <T> T converted(Supplier<T> supplier) {
        try {
            return supplier.get();
        } catch (InputException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}

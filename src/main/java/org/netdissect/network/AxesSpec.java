package org.netdissect.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;
import org.netdissect.torchscript.field.MapReading;

/**
 * Axes of a layer's output as users give them: one letter for each dimension, {@code n} images, {@code u} units, {@code
 * y} rows, {@code x} columns, {@code t} tokens. Tokens to leave out and the grid of the remaining ones may follow, as
 * in {@code ntu,drop=0,grid=14x14}.
 *
 * @param letters one for each dimension
 * @param dropped positions of tokens that stand for no place; negative ones count from the end
 * @param grid of the remaining tokens; if absent, they are square patches of the input
 */
public record AxesSpec(String letters, List<Integer> dropped, Optional<GridSize> grid) {
    private static final Pattern LETTERS = Pattern.compile("[nuyxt]{2,8}");
    private static final Pattern RANGE = Pattern.compile("(-?\\d{1,6})(?:\\.\\.(-?\\d{1,6}))?");
    private static final Pattern GRID = Pattern.compile("(\\d{1,5})x(\\d{1,5})");
    private static final String EXPECTED = ": expected a letter for each dimension of the output (n images, u units, "
            + "y rows, x columns, t tokens), then tokens to leave out and their grid, as in nyxu or "
            + "ntu,drop=0,grid=14x14";

    /** Throws {@link InputException} for letters that make no map. */
    public AxesSpec {
        dropped = List.copyOf(dropped);
        boolean tokens = count(letters, 't') == 1;
        boolean places = count(letters, 'y') + count(letters, 'x') > 0;
        boolean sensible = LETTERS.matcher(letters).matches()
                && count(letters, 'n') == 1
                && count(letters, 'y') <= 1
                && count(letters, 'x') <= 1
                && count(letters, 't') <= 1
                && !(tokens && places)
                && (tokens || (dropped.isEmpty() && grid.isEmpty()));
        if (!sensible) {
            throw new InputException("axes '" + letters + "'" + EXPECTED);
        }
    }

    private static long count(String letters, char letter) {
        return letters.chars().filter(other -> other == letter).count();
    }

    /** Reads {@code nyxu} or {@code ntu,drop=0..4+-1,grid=14x14}. */
    public static AxesSpec parse(String text) {
        String[] parts = text.split(",", -1);
        List<Integer> dropped = new ArrayList<>();
        Optional<GridSize> grid = Optional.empty();
        for (String part : Arrays.asList(parts).subList(1, parts.length)) {
            Matcher size = GRID.matcher(part.startsWith("grid=") ? part.substring(5) : "");
            if (part.startsWith("drop=")) {
                for (String range : part.substring(5).split("\\+", -1)) {
                    drop(text, range, dropped);
                }
            } else if (size.matches() && Integer.parseInt(size.group(1)) * Integer.parseInt(size.group(2)) > 0) {
                grid = Optional.of(new GridSize(Integer.parseInt(size.group(1)), Integer.parseInt(size.group(2))));
            } else {
                throw new InputException("axes '" + text + "'" + EXPECTED);
            }
        }
        return new AxesSpec(parts[0], dropped, grid);
    }

    private static void drop(String text, String range, List<Integer> dropped) {
        Matcher matcher = RANGE.matcher(range);
        if (!matcher.matches()) {
            throw new InputException("axes '" + text + "'" + EXPECTED);
        }
        int first = Integer.parseInt(matcher.group(1));
        int last = matcher.group(2) == null ? first : Integer.parseInt(matcher.group(2));
        for (int token = first; token <= last; token++) {
            dropped.add(token);
        }
    }

    /** Whether these axes are those of {@code reading}; an absent grid agrees with any. */
    public boolean agreesWith(MapReading reading) {
        AxesSpec other;
        try {
            other = parse(reading.text());
        } catch (InputException e) {
            return false; // no letters exist for axes that share a dimension
        }
        return letters.equals(other.letters)
                && dropped.equals(other.dropped)
                && (grid.isEmpty() || grid.equals(other.grid));
    }

    /** Text that {@link #parse} takes. */
    @Override
    public String toString() {
        String tokens = dropped.isEmpty()
                ? ""
                : ",drop="
                        + String.join("+", dropped.stream().map(String::valueOf).toList());
        return letters + tokens + grid.map(size -> ",grid=" + size).orElse("");
    }

    /**
     * Reads these axes for an output of this shape.
     *
     * @param shape of the output for {@code images} images
     * @param input size of the network's input; its square patches are the tokens where no grid is given
     * @throws InputException where the shape does not fit; the message does not name the layer
     */
    MapReading reading(long[] shape, int images, GridSize input) {
        String all = "axes " + this + " do not fit an output " + Arrays.toString(shape);
        int imagesAt = letters.indexOf('n');
        if (shape.length != letters.length() || shape[imagesAt] != images) {
            throw new InputException(all + " of " + images + " images");
        }
        List<Long> lengths = new ArrayList<>();
        List<MapReading.Axis> axes = new ArrayList<>();
        for (int i = 0; i < shape.length; i++) {
            lengths.add(i == imagesAt ? 1 : shape[i]);
            axes.add(new MapReading.Axis(letters.charAt(i), shape[i]));
        }
        int tokensAt = letters.indexOf('t');
        Optional<MapReading.Tokens> tokens = Optional.empty();
        if (tokensAt >= 0) {
            List<MapReading.Range> kept = kept(shape[tokensAt], all);
            long count = kept.stream()
                    .mapToLong(range -> range.until() - range.from())
                    .sum();
            GridSize size = grid.or(() -> patches(count, input))
                    .orElseThrow(() -> new InputException(all + ": " + count + " tokens make no grid of square patches "
                            + "of an input of " + input + "; add grid=HxW"));
            if ((long) size.height() * size.width() != count) {
                throw new InputException(all + ": its " + count + " tokens are no grid of " + size);
            }
            tokens = Optional.of(new MapReading.Tokens(
                    kept, List.of(new MapReading.Axis('y', size.height()), new MapReading.Axis('x', size.width()))));
        }
        return MapReading.of(lengths, imagesAt, axes, tokens, toString());
    }

    private List<MapReading.Range> kept(long tokens, String all) {
        boolean[] gone = new boolean[Math.toIntExact(tokens)];
        for (int token : dropped) {
            long at = token < 0 ? token + tokens : token;
            if (at < 0 || at >= tokens) {
                throw new InputException(all + ": there is no token " + token);
            }
            gone[(int) at] = true;
        }
        List<MapReading.Range> kept = new ArrayList<>();
        for (int from = 0; from < gone.length; from++) {
            int until = from;
            while (until < gone.length && !gone[until]) {
                until++;
            }
            if (until > from) {
                kept.add(new MapReading.Range(from, until));
                from = until;
            }
        }
        return kept;
    }

    /** Finds the grid of square patches, whole pixels wide, that gives this many tokens. */
    static Optional<GridSize> patches(long tokens, GridSize input) {
        for (int patch = 1; patch <= Math.min(input.height(), input.width()); patch++) {
            int rows = input.height() / patch;
            int columns = input.width() / patch;
            boolean whole = rows * patch == input.height() && columns * patch == input.width();
            if (whole && (long) rows * columns == tokens) {
                return Optional.of(new GridSize(rows, columns));
            }
        }
        return Optional.empty();
    }
}

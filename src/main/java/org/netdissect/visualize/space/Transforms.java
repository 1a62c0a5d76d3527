package org.netdissect.visualize.space;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;

/**
 * Random moves of the image before each step, drawn anew for each image and step. They are composed to one affine
 * matrix and sampled once, bilinearly, grey outside the image; lucid samples once for each move, which blurs more.
 *
 * @param jitter greatest shift in pixels, both ways on both axes
 * @param scaleFrom least magnification
 * @param scaleTo greatest magnification
 * @param rotate greatest angle in degrees, both ways
 * @param pad grey border in pixels that the network sees around the image
 */
public record Transforms(double jitter, double scaleFrom, double scaleTo, double rotate, double pad) {
    public static final Transforms NONE = new Transforms(0, 1, 1, 0, 0);

    /** Numbers of one matrix. */
    public static final int NUMBERS = 6;

    private static final String EXPECTED = "expected standard, none, or moves such as "
            + "jitter=8,scale=0.9:1.1,rotate=10,pad=12 (pixels, factors, degrees, pixels)";

    /**
     * Reads the option {@code --transforms}.
     *
     * @param size of the image, to which the jitter of {@code standard} is proportional
     */
    public static Transforms parse(String text, GridSize size) {
        if (text.equals("standard")) {
            return new Transforms(Math.min(size.height(), size.width()) / 16.0, 0.9, 1.1, 10, 0);
        }
        Transforms moves = NONE;
        for (String part : text.equals("none") ? List.<String>of() : List.of(text.split(",", -1))) {
            String[] sides = part.split("=", 2);
            List<Double> numbers = numbers(text, sides.length < 2 ? "" : sides[1]);
            double number = numbers.get(0);
            boolean range = sides[0].equals("scale");
            if (numbers.size() != (range ? 2 : 1)
                    || number < 0
                    || (range && (number == 0 || number > numbers.get(1)))) {
                throw wrong(text);
            }
            moves = switch (sides[0]) {
                case "jitter" -> new Transforms(number, moves.scaleFrom, moves.scaleTo, moves.rotate, moves.pad);
                case "scale" -> new Transforms(moves.jitter, number, numbers.get(1), moves.rotate, moves.pad);
                case "rotate" -> new Transforms(moves.jitter, moves.scaleFrom, moves.scaleTo, number, moves.pad);
                case "pad" -> new Transforms(moves.jitter, moves.scaleFrom, moves.scaleTo, moves.rotate, number);
                default -> throw wrong(text);
            };
        }
        return moves;
    }

    private static List<Double> numbers(String text, String values) {
        List<Double> numbers = new ArrayList<>();
        for (String value : values.split(":", -1)) {
            try {
                double number = Double.parseDouble(value);
                if (!Double.isFinite(number)) {
                    throw wrong(text);
                }
                numbers.add(number);
            } catch (NumberFormatException e) {
                throw wrong(text);
            }
        }
        return numbers;
    }

    private static InputException wrong(String text) {
        return new InputException("--transforms " + text + ": " + EXPECTED);
    }

    /** Whether nothing moves, so that the image needs no sampling. */
    public boolean isNone() {
        return equals(NONE);
    }

    /**
     * Draws one move.
     *
     * @param matrix takes {@code [2][3]} from {@code at} on: from places of what the network sees to places of the
     *     image, both in half sides from the middle, as PyTorch's {@code affine_grid} has it
     */
    public void draw(Random random, GridSize size, float[] matrix, int at) {
        double angle = Math.toRadians(between(random, -rotate, rotate));
        double border = 1 + 2 * pad / Math.min(size.height(), size.width());
        double scale = border / between(random, scaleFrom, scaleTo);
        double aspect = (double) size.width() / size.height();
        double right = between(random, -jitter, jitter) * 2 / size.width();
        double down = between(random, -jitter, jitter) * 2 / size.height();
        double cos = StrictMath.cos(angle) * scale;
        double sin = StrictMath.sin(angle) * scale;
        matrix[at] = (float) cos;
        matrix[at + 1] = (float) (-sin / aspect);
        matrix[at + 2] = (float) right;
        matrix[at + 3] = (float) (sin * aspect);
        matrix[at + 4] = (float) cos;
        matrix[at + 5] = (float) down;
    }

    private static double between(Random random, double from, double to) {
        return from + (to - from) * random.nextDouble();
    }

    /** Text that {@link #parse} takes. */
    @Override
    public String toString() {
        return "jitter=" + jitter + ",scale=" + scaleFrom + ":" + scaleTo + ",rotate=" + rotate + ",pad=" + pad;
    }
}

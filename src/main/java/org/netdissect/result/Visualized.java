package org.netdissect.result;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.netdissect.base.Printable;
import org.netdissect.base.Spelling;

/**
 * One image made by optimisation, a row of {@code visualizations.csv}. Numbers that are missing or not finite are null;
 * name and note are kept as one printable line.
 *
 * @param image name of its PNG file without the ending, such as {@code channel-0007-negative}
 * @param channel 0-based, or null where the objective has none
 * @param name of the class or direction, else empty
 * @param negative whether the objective was minimised
 * @param variant 1, or the place among several diverse images
 * @param steps number of steps
 * @param start objective before the first step
 * @param end objective of the final image
 * @param probeBest greatest objective of an image of the probe set, the least where it was minimised
 * @param underMoves median objective under held-out moves
 * @param firstUnderMoves share of the moves under which the unit is first of its layer
 * @param spectrumDistance distance of the image's spectrum from the probe images', in their standard deviations
 * @param note reason of a failure, or other remark; else empty
 */
public record Visualized(
        String image,
        Objective objective,
        @Nullable Integer channel,
        String name,
        boolean negative,
        int variant,
        long seed,
        int steps,
        @Nullable Double start,
        @Nullable Double end,
        @Nullable Double probeBest,
        @Nullable Double underMoves,
        @Nullable Double firstUnderMoves,
        @Nullable Double spectrumDistance,
        State state,
        String note) {
    private static final int LONGEST_TEXT = 1000;
    /** Stands for undecodable bytes, which tables refuse. */
    private static final char REPLACEMENT = '\uFFFD';

    /** The quantity that an image maximises or minimises. */
    public enum Objective {
        /** Mean of a channel. */
        CHANNEL,
        /** A channel at one place. */
        NEURON,
        /** Mean square of a layer. */
        LAYER,
        /** Inner product of a layer with a vector. */
        DIRECTION,
        /** Score of a class. */
        LOGIT,
        /** Softmax of a class. */
        PROBABILITY;

        @Override
        public String toString() {
            return Spelling.of(this);
        }
    }

    /** The outcome of an optimisation. */
    public enum State {
        /** The objective rose from the start. */
        MOVED,
        /** The unit had no gradient at the start, and one from a ReLU with a leak. */
        WOKEN,
        /** The unit had no gradient. */
        DEAD,
        /** There is no image. */
        FAILED;

        @Override
        public String toString() {
            return Spelling.of(this);
        }
    }

    public Visualized {
        name = line(name);
        note = line(note);
        start = finite(start);
        end = finite(end);
        probeBest = finite(probeBest);
        underMoves = finite(underMoves);
        firstUnderMoves = finite(firstUnderMoves);
        spectrumDistance = finite(spectrumDistance);
        if (variant < 1 || steps < 0 || (channel != null && channel < 0)) {
            throw new IllegalArgumentException("variant " + variant + ", steps " + steps + ", channel " + channel);
        }
    }

    /** A text as tables hold it: without the characters that they refuse, strip or cannot encode. */
    private static String line(String text) {
        StringBuilder line = new StringBuilder(text.length());
        Printable.brief(Printable.of(text), LONGEST_TEXT).codePoints().forEach(c -> {
            boolean encoded = c != REPLACEMENT && Character.getType(c) != Character.SURROGATE;
            line.appendCodePoint(encoded ? c : '?');
        });
        return line.toString().strip();
    }

    private static @Nullable Double finite(@Nullable Double number) {
        return number != null && Double.isFinite(number) ? number : null;
    }

    /**
     * The name of an image's file without the ending, such as {@code channel-0007}, {@code class-0003-negative}, {@code
     * direction-0000-2} or {@code layer}.
     *
     * @param number of the channel, class or direction, 0-based; ignored for a layer
     */
    public static String image(Objective objective, int number, boolean negative, int variant) {
        String kind = switch (objective) {
            case CHANNEL, NEURON, DIRECTION -> String.format(Locale.ROOT, "%s-%04d", objective, number);
            case LOGIT, PROBABILITY -> String.format(Locale.ROOT, "class-%04d", number);
            case LAYER -> objective.toString();
        };
        return kind + (negative ? "-negative" : "") + (variant > 1 ? "-" + variant : "");
    }

    /** Name of the image's file. */
    public String file() {
        return image + ".png";
    }

    /** The name of the image without tail and variant, the same for all images of a unit, class or direction. */
    public String subject() {
        String end = (negative ? "-negative" : "") + (variant > 1 ? "-" + variant : "");
        return image.endsWith(end) ? image.substring(0, image.length() - end.length()) : image;
    }

    /** Number of the unit, from 1, or null where the objective has no channel. */
    public @Nullable Integer unit() {
        return channel == null ? null : channel + 1;
    }

    /** The objective divided by that of the best probe image, or null where the latter is not of the tail's sign. */
    public @Nullable Double aboveProbe() {
        return aboveProbe(end);
    }

    /** The objective under moves divided by that of the best probe image; null as {@link #aboveProbe()}. */
    public @Nullable Double underMovesAboveProbe() {
        return aboveProbe(underMoves);
    }

    private @Nullable Double aboveProbe(@Nullable Double value) {
        boolean reached = probeBest != null && (negative ? probeBest < 0 : probeBest > 0);
        return value == null || probeBest == null || !reached ? null : finite(value / probeBest);
    }
}

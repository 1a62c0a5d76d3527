package org.netdissect.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.netdissect.result.Visualized;

/** Sentences on images made by optimisation. */
final class VisualizationWording {
    private VisualizationWording() {}

    /** The image's unit, class or direction, such as {@code unit 8}; units are numbered from 1. */
    static String subject(Visualized row) {
        return switch (row.objective()) {
            case CHANNEL, NEURON -> "unit " + row.unit();
            case LOGIT, PROBABILITY -> "class " + number(row);
            case DIRECTION -> "direction " + number(row);
            case LAYER -> "the layer";
        };
    }

    /** Number of the unit, from 1, or of the class or direction, from 0. */
    static int number(Visualized row) {
        Integer unit = row.unit();
        if (unit != null) {
            return unit;
        }
        String digits = row.subject().replaceFirst("^[a-z]+-?", "");
        return digits.matches("[0-9]{1,9}") ? Integer.parseInt(digits) : 0;
    }

    /** The image among those of its unit: {@code negative}, {@code variant 2}; empty for the first. */
    static String kind(Visualized row) {
        List<String> words = new ArrayList<>();
        if (row.negative()) {
            words.add("negative");
        }
        if (row.variant() > 1) {
            words.add("variant " + row.variant());
        }
        return String.join(", ", words);
    }

    /** Several of them, such as {@code units}. */
    static String noun(Visualized row) {
        return switch (row.objective()) {
            case CHANNEL, NEURON -> "units";
            case LOGIT, PROBABILITY -> "classes";
            case DIRECTION -> "directions";
            case LAYER -> "layers";
        };
    }

    /** The quality of an image, as far as it is known. */
    static List<SheetUnit.Fact> quality(Visualized row) {
        List<SheetUnit.Fact> facts = new ArrayList<>();
        if (row.aboveProbe() != null) {
            facts.add(new SheetUnit.Fact("to best probe image", times(row.aboveProbe())));
        } else {
            add(facts, "objective", row.end());
            add(facts, "best probe image", row.probeBest());
        }
        if (row.underMovesAboveProbe() != null) {
            facts.add(new SheetUnit.Fact("the same if moved", times(row.underMovesAboveProbe())));
        } else {
            add(facts, "objective if moved", row.underMoves());
        }
        if (row.firstUnderMoves() != null) {
            facts.add(new SheetUnit.Fact(
                    "first of layer if moved", String.format(Locale.ROOT, "%.0f %%", 100 * row.firstUnderMoves())));
        }
        if (row.spectrumDistance() != null) {
            facts.add(new SheetUnit.Fact(
                    "spectrum off by", String.format(Locale.ROOT, "%.1f s.d.", row.spectrumDistance())));
        }
        return facts;
    }

    private static void add(List<SheetUnit.Fact> facts, String name, @Nullable Double value) {
        if (value != null) {
            facts.add(new SheetUnit.Fact(name, digits(value)));
        }
    }

    /** The outcome where it is worth a remark, and the note; empty for none. */
    static String outcome(Visualized row) {
        String state = switch (row.state()) {
            case MOVED -> "";
            case WOKEN -> "woken";
            case DEAD -> "dead";
            case FAILED -> "failed";
        };
        return state + (state.isEmpty() || row.note().isEmpty() ? "" : ": ") + row.note();
    }

    /** One word for the outcome, empty where the image moved. */
    static String state(Visualized row) {
        return row.state() == Visualized.State.MOVED ? "" : row.state().toString();
    }

    /** The text under an enlarged image. */
    static String text(Visualized row) {
        List<String> parts = new ArrayList<>();
        quality(row).forEach(fact -> parts.add(fact.name() + " " + fact.value()));
        if (!outcome(row).isEmpty()) {
            parts.add(outcome(row));
        }
        parts.add(row.objective() + ", " + row.steps() + " steps, seed " + row.seed());
        if (row.start() != null && row.end() != null) {
            parts.add("objective from " + digits(row.start()) + " to " + digits(row.end()));
        }
        return capital(String.join("; ", parts)) + ".";
    }

    /** The text with its first letter in upper case. */
    static String capital(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    private static String times(double ratio) {
        return (Math.abs(ratio) < 0.1 ? digits(ratio) : String.format(Locale.ROOT, "%.1f", ratio)) + " \u00d7";
    }

    private static String digits(double value) {
        return String.format(Locale.ROOT, "%.3g", value);
    }
}

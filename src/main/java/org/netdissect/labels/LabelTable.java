package org.netdissect.labels;

import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Meaning of the label numbers: names, and how much of the images each label covers by category. Numbers run from 1 to
 * 65,535, maybe with gaps; 0 is 'unlabelled' and never a label.
 */
public final class LabelTable {
    /** The greatest label number: a plane's pixel has 16 bits. */
    public static final int GREATEST_NUMBER = 0xFFFF;

    private final @Nullable Label[] labels;
    private final double[][] coverage; // [category][number]
    private final int[] primary; // [number]

    /** One label, as a row of label.csv gives it. */
    public record Label(String name, List<String> synonyms) {
        public Label {
            synonyms = List.copyOf(synonyms);
        }
    }

    /**
     * A table of these labels.
     *
     * @param byNumber labels by number, which is from 1 to {@link #GREATEST_NUMBER}
     * @param coverage share of the images that a label covers, in any unit, [category][number up to the greatest in
     *     use]
     */
    public LabelTable(SortedMap<Integer, Label> byNumber, double[][] coverage) {
        this(dense(byNumber), coverage);
    }

    private LabelTable(@Nullable Label[] labels, double[][] coverage) {
        this.labels = labels;
        this.coverage = coverage;
        this.primary = new int[labels.length];
        for (int number = 0; number < labels.length; number++) {
            for (int category = 0; category < coverage.length; category++) {
                // >=: the last of equal ones, as by NetDissect's max over (coverage, position)
                if (coverage[category][number] >= coverage[primary[number]][number]) {
                    primary[number] = category;
                }
            }
        }
    }

    private static @Nullable Label[] dense(SortedMap<Integer, Label> byNumber) {
        @Nullable Label[] labels = new @Nullable Label[byNumber.isEmpty() ? 1 : byNumber.lastKey() + 1];
        byNumber.forEach((number, label) -> labels[number] = label);
        return labels;
    }

    /** The table with these categories only, [new position] = old position. */
    public LabelTable withCategories(int[] positions) {
        double[][] kept = new double[positions.length][];
        for (int i = 0; i < positions.length; i++) {
            kept[i] = coverage[positions[i]];
        }
        return new LabelTable(labels, kept);
    }

    /** The greatest number + 1, the length of an array indexed by label number. */
    public int size() {
        return labels.length;
    }

    /** Whether a label has the number; false for 0, for gaps and for anything out of range. */
    public boolean isLabel(int number) {
        return number > 0 && number < labels.length && labels[number] != null;
    }

    /** The full name, such as {@code grey-c}. Throws {@link IllegalArgumentException} for no label. */
    public String name(int number) {
        return label(number).name();
    }

    /** The name without the {@code -c} of colours and the {@code -s} of scenes. */
    public String displayName(int number) {
        return displayName(name(number));
    }

    /** A name without the {@code -c} of colours and the {@code -s} of scenes. */
    public static String displayName(String name) {
        boolean suffixed = name.length() > 2 && (name.endsWith("-c") || name.endsWith("-s"));
        return suffixed ? name.substring(0, name.length() - 2) : name;
    }

    /** Other names; often none. */
    public List<String> synonyms(int number) {
        return label(number).synonyms();
    }

    /**
     * Position of the category in which the label has the greatest coverage, the last of equal ones. Coverage is 0 in
     * a category without the label.
     */
    public int primaryCategory(int number) {
        label(number);
        return primary[number];
    }

    private Label label(int number) {
        Label label = number > 0 && number < labels.length ? labels[number] : null;
        if (label == null) {
            throw new IllegalArgumentException("there is no label number " + number);
        }
        return label;
    }
}

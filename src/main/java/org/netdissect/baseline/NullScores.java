package org.netdissect.baseline;

import java.util.Arrays;
import org.netdissect.align.CountColumns;
import org.netdissect.align.LabelZero;
import org.netdissect.labels.LabelTable;

/** Finds the best concept of a unit in every draw, as {@link org.netdissect.align.LayerScores} does; for one thread. */
final class NullScores {
    /** Factor that keeps a rounded product at most as great as the exact one. */
    private static final double ROUNDED_DOWN = 1 - 0x1p-50;

    private final Pairing pairing;
    private final Draws draws;
    private final CountColumns columns;
    private final LabelTable table;
    private final LabelZero zero;
    /** [draws] greatest IoU and its label, 0 for none */
    private final double[] best;

    private final int[] label;
    /** the same under the labels of the same image */
    private double observedBest;

    private int observedLabel;
    /** result of the last {@link #score} */
    private double greatest;

    private int bestLabel;

    NullScores(Pairing pairing, Draws draws, CountColumns columns, LabelTable table, LabelZero zero) {
        this.pairing = pairing;
        this.draws = draws;
        this.columns = columns;
        this.table = table;
        this.zero = zero;
        this.best = new double[draws.count()];
        this.label = new int[draws.count()];
    }

    double[] best() {
        return best;
    }

    int[] label() {
        return label;
    }

    double observedBest() {
        return observedBest;
    }

    int observedLabel() {
        return observedLabel;
    }

    /** Scores every draw of a unit, and its masks under the labels of the same image. */
    void compute(PairingCounts part, int unit) {
        UnitColumns unitColumns = new UnitColumns(part, unit);
        int[] sums = new int[unitColumns.column.length];
        for (int draw = 0; draw < draws.count(); draw++) {
            unitColumns.sum(draw, sums);
            score(unitColumns, sums);
            best[draw] = greatest;
            label[draw] = bestLabel;
        }
        Arrays.setAll(sums, i -> part.observed(unit, unitColumns.column[i]));
        score(unitColumns, sums);
        observedBest = greatest;
        observedLabel = bestLabel;
    }

    /**
     * Goes through categories and labels in an order where the first of equal IoUs wins: later category, lower number.
     * Nearly no label is the best so far; a product rounded down shows that without a division.
     */
    private void score(UnitColumns unit, int[] sums) {
        greatest = 0;
        bestLabel = 0;
        for (int category = columns.categories() - 1; category >= 0; category--) {
            double activation = unit.activation(category, sums);
            double bound = greatest;
            int winner = 0;
            int end = unit.first[category];
            int i = unit.first[category + 1];
            if (i < end && unit.label[i] == 0) {
                bound = unit.zeroIou(i, sums[i], activation);
                i++;
            }
            for (; i < end; i++) {
                double intersect = sums[i];
                double union = unit.truth[i] + activation - intersect;
                if (intersect > bound * ROUNDED_DOWN * union) {
                    double iou = intersect / union;
                    if (iou > bound) {
                        bound = iou;
                        winner = unit.label[i];
                    }
                }
            }
            if (winner != 0) {
                greatest = bound;
                bestLabel = winner;
            }
        }
    }

    /** The columns of one unit without those that are always 0, sorted by category from the last to the first. */
    private final class UnitColumns {
        /** [columns] label columns, then those of activation */
        private final int[] column;
        /** [categories + 1] first label column of category c, at index c + 1; its end at index c */
        private final int[] first = new int[columns.categories() + 1];

        private final int[] label;
        private final double[] truth;
        private final double[] activation = new double[columns.categories()];
        /** [groups] first row of a group, which has one for each shift */
        private final int[] firstRow;
        /** [rows][columns] */
        private final int[] rows;

        UnitColumns(PairingCounts part, int unit) {
            boolean[] used = used(part, unit);
            int[] kept = new int[columns.width()];
            int[] numbers = new int[columns.width()];
            int count = 0;
            for (int category = columns.categories() - 1; category >= 0; category--) {
                activation[category] = part.activation(unit, category);
                first[category + 1] = count;
                for (int number = 0; number < columns.labels(); number++) {
                    if (used[columns.intersect(number)] && category(number) == category) {
                        numbers[count] = number;
                        kept[count++] = columns.intersect(number);
                    }
                }
                first[category] = count;
            }
            this.label = Arrays.copyOf(numbers, count);
            this.truth = Arrays.stream(label).mapToDouble(part::truth).toArray();
            for (int at = columns.activation(0); at < columns.width(); at++) {
                kept[count++] = at;
            }
            this.column = Arrays.copyOf(kept, count);
            this.firstRow = new int[pairing.groups().size()];
            this.rows = rows(part, unit);
        }

        private boolean[] used(PairingCounts part, int unit) {
            boolean[] used = new boolean[columns.width()];
            for (int at = 1; at < used.length; at++) {
                used[at] = part.observed(unit, at) > 0;
            }
            for (int group = 0; group < pairing.groups().size(); group++) {
                int[] counts = part.counts(group);
                for (int shift = 0; shift < pairing.groups().get(group).shifts(); shift++) {
                    int start = part.start(shift, unit);
                    for (int at = 1; at < used.length; at++) {
                        used[at] |= counts[start + at] > 0;
                    }
                }
            }
            return used;
        }

        private int[] rows(PairingCounts part, int unit) {
            int rowCount =
                    pairing.groups().stream().mapToInt(Pairing.Group::shifts).sum();
            int[] values = new int[rowCount * column.length];
            int at = 0;
            for (int group = 0; group < firstRow.length; group++) {
                firstRow[group] = at;
                int[] counts = part.counts(group);
                for (int shift = 0; shift < pairing.groups().get(group).shifts(); shift++) {
                    int start = part.start(shift, unit);
                    for (int each : column) {
                        values[at++] = counts[start + each];
                    }
                }
            }
            return values;
        }

        /** IoU of the number 0, which is never a unit's label but can beat other labels of its category. */
        double zeroIou(int i, int intersect, double activation) {
            double union = truth[i] + (zero == LabelZero.LABEL ? activation : 0) - intersect;
            return union == 0 ? 0 : intersect / union;
        }

        void sum(int draw, int[] sums) {
            Arrays.fill(sums, 0);
            for (int group = 0; group < firstRow.length; group++) {
                int row = firstRow[group] + draws.shift(draw, group) * sums.length;
                for (int i = 0; i < sums.length; i++) {
                    sums[i] += rows[row + i];
                }
            }
        }

        double activation(int category, int[] sums) {
            return columns.activations() ? sums[label.length + category] : activation[category];
        }
    }

    /** Category of a label; the number 0 belongs to the last. */
    private int category(int number) {
        return number == 0 ? columns.categories() - 1 : table.isLabel(number) ? table.primaryCategory(number) : -1;
    }
}

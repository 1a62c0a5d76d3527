package org.netdissect.base;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Finds the names that a mistyped name may stand for. */
public final class NearestNames {
    private static final int MOST = 3;

    private NearestNames() {}

    /**
     * Up to three of the names, nearest first: those that end with a dot and {@code wanted}, or the reverse; then those
     * within a few typing errors. Case is ignored.
     */
    public static List<String> of(String wanted, Collection<String> names) {
        record Near(String name, int distance) {}
        String lower = wanted.toLowerCase(Locale.ROOT);
        int tolerated = Math.max(2, lower.length() / 3);
        return names.stream()
                .map(name -> new Near(name, distance(lower, name.toLowerCase(Locale.ROOT))))
                .filter(near -> near.distance() <= tolerated)
                .sorted(Comparator.comparingInt(Near::distance))
                .limit(MOST)
                .map(Near::name)
                .toList();
    }

    private static int distance(String wanted, String candidate) {
        boolean suffix = candidate.endsWith("." + wanted) || wanted.endsWith("." + candidate);
        return suffix ? 0 : editDistance(wanted, candidate);
    }

    /** Levenshtein distance: insertions, deletions and replacements. */
    static int editDistance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}

package org.netdissect.visualize;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.netdissect.base.InputException;

/**
 * Units to visualise, as option {@code --units} takes them.
 *
 * @param kind all, the detectors of a run, or those listed
 * @param channels listed ones, from 0, by rising number
 */
public record UnitChoice(Kind kind, List<Integer> channels) {
    private static final int MOST = 1 << 20;

    /** Kinds of choices. */
    public enum Kind {
        ALL,
        DETECTORS,
        LISTED
    }

    /** Copies the list. */
    public UnitChoice {
        channels = List.copyOf(channels);
    }

    /** Reads {@code all}, {@code detectors} or numbers and ranges such as {@code 0-31,77}. */
    public static UnitChoice parse(String text) {
        if (text.equals("all") || text.equals("detectors")) {
            return new UnitChoice(text.equals("all") ? Kind.ALL : Kind.DETECTORS, List.of());
        }
        TreeSet<Integer> channels = new TreeSet<>();
        for (String part : text.split(",", -1)) {
            String[] ends = part.strip().split("-", -1);
            try {
                int from = Integer.parseInt(ends[0].strip());
                int to = Integer.parseInt(ends[ends.length - 1].strip());
                if (ends.length > 2 || from < 0 || to < from || to >= MOST) {
                    throw wrong(text);
                }
                for (int channel = from; channel <= to; channel++) {
                    channels.add(channel);
                }
            } catch (NumberFormatException e) {
                throw wrong(text);
            }
        }
        return new UnitChoice(Kind.LISTED, new ArrayList<>(channels));
    }

    private static InputException wrong(String text) {
        return new InputException("units '" + text
                + "': expected all, detectors, or channels counted from 0, such as 0-31,77 (unit - 1 in the tables)");
    }

    @Override
    public String toString() {
        return kind == Kind.LISTED
                ? String.join(",", channels.stream().map(String::valueOf).toList())
                : kind == Kind.ALL ? "all" : "detectors";
    }
}

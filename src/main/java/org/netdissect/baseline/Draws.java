package org.netdissect.baseline;

import java.util.List;

/**
 * The shift of every group in every draw. If the requested number of different draws does not exist, each draw is taken
 * exactly once, so that no p-value is smaller than they allow.
 */
final class Draws {
    /** [draws][groups] */
    private final byte[][] shifts;

    private Draws(byte[][] shifts) {
        this.shifts = shifts;
    }

    static Draws of(Pairing pairing, BaselineSettings settings) {
        List<Pairing.Group> groups = pairing.groups();
        int wanted = settings.permutations();
        int different = pairing.arrangements(wanted + 1);
        CountedRandom random = new CountedRandom(settings.seed(), CountedRandom.Use.SHIFT);
        byte[][] shifts = new byte[Math.min(wanted, different)][groups.size()];
        for (int draw = 0; draw < shifts.length; draw++) {
            int remaining = draw;
            for (int group = 0; group < groups.size(); group++) {
                int bound = groups.get(group).shifts();
                shifts[draw][group] =
                        (byte) (different <= wanted ? remaining % bound : random.below(bound, draw, group));
                remaining /= bound;
            }
        }
        return new Draws(shifts);
    }

    /** Number of draws; 0 if every image can only be paired with itself. */
    int count() {
        return shifts.length;
    }

    int shift(int draw, int group) {
        return shifts[draw][group];
    }
}

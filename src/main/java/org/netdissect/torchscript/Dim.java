package org.netdissect.torchscript;

import java.util.Optional;

/**
 * One dimension of a tensor.
 *
 * @param extent its length, or {@link #UNKNOWN}
 * @param kind what runs along it
 * @param field receptive fields along it; for rows and columns only
 */
record Dim(long extent, Kind kind, Optional<FieldAxis> field) {
    static final long UNKNOWN = -1;
    static final Dim ONE = plain(1);

    /** What runs along a dimension. */
    enum Kind {
        /** no places of the image: images, channels */
        PLAIN,
        ROWS,
        COLUMNS,
        /** places of the image in some order, such as tokens */
        MIXED
    }

    static Dim plain(long extent) {
        return new Dim(extent, Kind.PLAIN, Optional.empty());
    }

    static Dim mixed(long extent) {
        return new Dim(extent, Kind.MIXED, Optional.empty());
    }

    static Dim along(Kind kind, long extent, FieldAxis field) {
        return new Dim(extent, kind, Optional.of(field));
    }

    boolean isPlain() {
        return kind == Kind.PLAIN;
    }

    Dim withExtent(long other) {
        return new Dim(other, kind, field);
    }

    /** The dimension under windows; one without places just changes its length. */
    Dim under(Window window) {
        if (kind == Kind.MIXED) {
            throw new Unfollowed("windows over places that are no longer rows and columns");
        }
        return new Dim(window.count(extent), kind, field.map(axis -> axis.under(window)));
    }

    /**
     * Both in one, elementwise: an extent of 1 is repeated.
     *
     * @throws Disagreement where their fields have other strides or centres
     */
    Dim join(Dim other) {
        long joined = joinedExtent(extent, other.extent);
        if (isPlain() || other.isPlain()) {
            return (isPlain() ? other : this).withExtent(joined);
        } else if (kind != other.kind) {
            throw new Unfollowed("places of the image in another order");
        } else if (kind == Kind.MIXED) {
            return mixed(joined);
        }
        FieldAxis mine = field.orElseThrow();
        FieldAxis others = other.field.orElseThrow();
        return along(kind, joined, mine.union(others).orElseThrow(() -> new Disagreement(mine, others)));
    }

    private static long joinedExtent(long a, long b) {
        return a == 1 || (a == UNKNOWN && b != 1) ? b : a;
    }

    /** Thrown where two branches meet whose fields have other strides or centres. */
    static final class Disagreement extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient FieldAxis first;
        private final transient FieldAxis second;

        Disagreement(FieldAxis first, FieldAxis second) {
            super("branches disagree", null, false, false);
            this.first = first;
            this.second = second;
        }

        /** The same for people. */
        Unfollowed between(String firstBranch, String secondBranch) {
            return new Unfollowed("branches disagree, " + firstBranch + " with " + text(first) + " and " + secondBranch
                    + " with " + text(second));
        }

        private static String text(FieldAxis axis) {
            return "stride " + axis.stride() + " and centre " + axis.centre();
        }
    }
}

package org.netdissect.torchscript.field;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One dimension of a tensor.
 *
 * @param axes axes along the dimension, outermost first; several after merging, none for a length of 1
 */
record Dim(List<Axis> axes) {
    static final long UNKNOWN = -1;
    static final Dim ONE = plain(1);

    Dim {
        axes = joined(axes);
    }

    static Dim of(Axis axis) {
        return new Dim(List.of(axis));
    }

    static Dim plain(long extent) {
        return of(new Axis.Plain(extent));
    }

    static Dim mixed(long extent) {
        return of(new Axis.Mixed(extent));
    }

    static Dim images(long extent) {
        return of(new Axis.Images(extent));
    }

    static Dim along(Axis.Side side, long extent, FieldAxis field) {
        return of(new Axis.Places(side, extent, 1, extent, 0, Optional.of(field)));
    }

    /** Length, or {@link #UNKNOWN}. */
    long extent() {
        return product(axes);
    }

    static long product(List<Axis> axes) {
        long extent = 1;
        for (Axis axis : axes) {
            if (extent == UNKNOWN || axis.extent() == UNKNOWN) {
                return UNKNOWN;
            }
            extent = Math.multiplyExact(extent, axis.extent());
        }
        return extent;
    }

    /** Whether the dimension has no image positions. */
    boolean isPlain() {
        return axes.stream().allMatch(axis -> axis instanceof Axis.Plain || axis instanceof Axis.Images);
    }

    /** Whether the dimension has neither images nor image positions. */
    boolean isConstant() {
        return axes.stream().allMatch(Axis.Plain.class::isInstance);
    }

    /** The single axis of rows or columns, complete or a digit; empty for any other dimension. */
    Optional<Axis.Places> places() {
        return axes.size() == 1 && axes.get(0) instanceof Axis.Places places ? Optional.of(places) : Optional.empty();
    }

    /** The positions as tokens; empty if the dimension has other axes too or their order is unknown. */
    Optional<Axis.Tokens> tokens() {
        if (axes.size() == 1 && axes.get(0) instanceof Axis.Tokens tokens) {
            return Optional.of(tokens);
        }
        boolean known = !axes.isEmpty() && axes.stream().allMatch(Axis.Places.class::isInstance) && extent() != UNKNOWN;
        return known ? Optional.of(Axis.Tokens.of(axes)) : Optional.empty();
    }

    /** Merges neighbours that form one axis: channels and channels, digits of the same rows, all tokens of a map. */
    private static List<Axis> joined(List<Axis> axes) {
        List<Axis> joined = new ArrayList<>();
        for (Axis axis : axes) {
            if (axis instanceof Axis.Tokens tokens
                    && tokens.runs().equals(Axis.Tokens.of(tokens.places()).runs())) {
                tokens.places().forEach(place -> add(joined, place));
            } else {
                add(joined, axis);
            }
        }
        return List.copyOf(joined);
    }

    private static void add(List<Axis> axes, Axis next) {
        Axis last = axes.isEmpty() ? null : axes.get(axes.size() - 1);
        if (next instanceof Axis.Plain plain && plain.extent() == 1) {
            return;
        } else if (last instanceof Axis.Plain before && next instanceof Axis.Plain) {
            axes.set(axes.size() - 1, new Axis.Plain(product(List.of(before, next))));
        } else if (last instanceof Axis.Places outer && next instanceof Axis.Places inner && areDigits(outer, inner)) {
            long extent = outer.extent() * inner.extent();
            axes.set(
                    axes.size() - 1,
                    new Axis.Places(outer.side(), outer.whole(), inner.step(), extent, outer.rolled(), outer.field()));
        } else {
            axes.add(next);
        }
    }

    private static boolean areDigits(Axis.Places outer, Axis.Places inner) {
        boolean same = outer.side() == inner.side()
                && outer.whole() == inner.whole()
                && outer.rolled() == inner.rolled()
                && outer.field().equals(inner.field());
        return same && outer.step() == inner.step() * inner.extent();
    }

    /** Half of a dimension of channels. */
    Dim half() {
        if (!isConstant()) {
            throw new Unfollowed("half of the places of the image");
        }
        return plain(extent() == UNKNOWN ? UNKNOWN : extent() / 2);
    }

    /** The dimension with unknown fields. */
    Dim withoutFields() {
        return new Dim(axes.stream().map(Axis::withoutField).toList());
    }

    /** Whether receptive fields are known for all positions. */
    boolean hasFields() {
        return axes.stream().allMatch(Axis::hasField);
    }

    /**
     * The dimension under windows; without positions only the length changes. Centred windows keep merged positions,
     * but not their fields.
     */
    Dim under(Window window) {
        if (isConstant()) {
            return plain(window.count(extent()));
        }
        Optional<Axis.Places> places = places();
        if (places.filter(Axis.Places::isWhole).isPresent()) {
            Axis.Places all = places.get();
            return of(all.resized(window.count(all.extent()), all.field().map(axis -> axis.under(window))));
        } else if (window.isIdentity()) {
            return this;
        } else if (window.isCentred() && axes.stream().noneMatch(Axis.Mixed.class::isInstance)) {
            return withoutFields();
        }
        throw new Unfollowed("windows over places that are no longer rows and columns");
    }

    /**
     * Joins two dimensions elementwise; a length of 1 is repeated.
     *
     * @throws Disagreement if strides or centres of their fields differ
     */
    Dim join(Dim other) {
        long mine = extent();
        long others = other.extent();
        if (mine == 1 && others != 1) {
            return other.repeating(this);
        } else if (others == 1 && mine != 1) {
            return repeating(other);
        } else if (mine != others && mine != UNKNOWN && others != UNKNOWN) {
            throw new Unfollowed("sizes " + mine + " and " + others);
        } else if (isConstant()) {
            return other.isConstant() && others == UNKNOWN ? this : other;
        } else if (other.isConstant()) {
            return this;
        } else if (axes.size() != other.axes.size()) {
            throw new Unfollowed("places of the image in another order");
        }
        List<Axis> joined = new ArrayList<>();
        for (int i = 0; i < axes.size(); i++) {
            joined.add(join(axes.get(i), other.axes.get(i)));
        }
        return new Dim(joined);
    }

    /** Joins this dimension with one of length 1, repeated at all positions. */
    private Dim repeating(Dim single) {
        for (Axis axis : single.axes) {
            if (axis instanceof Axis.Places one) {
                Optional<FieldAxis> mine = places().flatMap(Axis.Places::field);
                if (one.field().isPresent() && mine.isPresent()) {
                    throw new Disagreement(mine.get(), one.field().get());
                }
                return withoutFields();
            } else if (axis instanceof Axis.Images) {
                throw new Unfollowed("one image at all places");
            }
        }
        return this;
    }

    private static Axis join(Axis a, Axis b) {
        if (a instanceof Axis.Places mine && b instanceof Axis.Places others) {
            boolean same = mine.withField(Optional.empty()).equals(others.withField(Optional.empty()));
            if (same && mine.field().isPresent() && others.field().isPresent()) {
                FieldAxis field = mine.field().get();
                FieldAxis other = others.field().get();
                return mine.withField(
                        Optional.of(field.union(other).orElseThrow(() -> new Disagreement(field, other))));
            } else if (same) {
                return mine.withField(Optional.empty());
            }
        } else if (a instanceof Axis.Tokens mine
                && b instanceof Axis.Tokens others
                && mine.runs().equals(others.runs())) {
            return new Axis.Tokens(
                    new Dim(mine.places()).join(new Dim(others.places())).axes(), mine.runs());
        } else if (a.equals(b)) {
            return a;
        } else if (a instanceof Axis.Plain && b instanceof Axis.Plain) {
            return a.extent() == UNKNOWN ? b : a;
        }
        throw new Unfollowed("places of the image in another order");
    }

    /** Thrown if two branches meet with different strides or centres. */
    static final class Disagreement extends Unfollowed {
        private static final long serialVersionUID = 1L;

        private final transient FieldAxis first;
        private final transient FieldAxis second;

        Disagreement(FieldAxis first, FieldAxis second) {
            super("branches disagree");
            this.first = first;
            this.second = second;
        }

        /** Text for the user. */
        String between(String firstBranch, String secondBranch) {
            return "branches disagree, " + firstBranch + " with " + text(first) + " and " + secondBranch + " with "
                    + text(second);
        }

        private static String text(FieldAxis axis) {
            return "stride " + axis.stride() + " and centre " + axis.centre();
        }
    }
}

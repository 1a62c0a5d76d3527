package org.netdissect.torchscript.field;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The meaning of a dimension of a tensor, or of one factor of a merged dimension. */
sealed interface Axis {
    /** Length of the axis, or {@link Dim#UNKNOWN}. */
    long extent();

    /** The axis with fields that are unknown from now on. */
    default Axis withoutField() {
        return this;
    }

    /** Whether receptive fields are known for all positions on it. */
    default boolean hasField() {
        return true;
    }

    /** Calls the visitor's method for this kind. */
    void accept(Visitor visitor);

    /** An operation on every kind of axes. */
    interface Visitor {
        void images(Images axis);

        void plain(Plain axis);

        void mixed(Mixed axis);

        void places(Places axis);

        void tokens(Tokens axis);
    }

    /** The images of the batch. */
    record Images(long extent) implements Axis {
        @Override
        public void accept(Visitor visitor) {
            visitor.images(this);
        }
    }

    /** An axis without image positions: channels, heads, classes. */
    record Plain(long extent) implements Axis {
        @Override
        public void accept(Visitor visitor) {
            visitor.plain(this);
        }
    }

    /** Image positions in an unknown order. */
    record Mixed(long extent) implements Axis {
        @Override
        public void accept(Visitor visitor) {
            visitor.mixed(this);
        }
    }

    /** A side of the image. */
    enum Side {
        ROWS,
        COLUMNS
    }

    /**
     * Rows or columns, complete or as one digit of their index: position i is the digit {@code i = r / step % extent}
     * of row r. Windows of 7 rows are thus two axes, one of step 7 and one of step 1 and extent 7.
     *
     * @param whole rows (or columns) of the complete map
     * @param rolled cells by which positions were rolled ({@code torch.roll})
     * @param field receptive fields of all rows; empty if unknown
     */
    record Places(Side side, long whole, long step, long extent, long rolled, Optional<FieldAxis> field)
            implements Axis {
        /** Whether the axis has all rows of the map in order. */
        boolean isWhole() {
            return step == 1 && extent == whole && rolled == 0;
        }

        Places withField(Optional<FieldAxis> other) {
            return new Places(side, whole, step, extent, rolled, other);
        }

        @Override
        public Axis withoutField() {
            return withField(Optional.empty());
        }

        @Override
        public boolean hasField() {
            return field.isPresent();
        }

        /** The complete axis of a map with another number of rows. */
        Places resized(long count, Optional<FieldAxis> other) {
            return new Places(side, count, 1, count, 0, other);
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.places(this);
        }
    }

    /**
     * Tokens: positions of a map in row order, with extra tokens such as class tokens anywhere among them.
     *
     * @param places axes of the map, outermost first
     * @param runs runs of tokens, in order
     */
    record Tokens(List<Axis> places, List<Run> runs) implements Axis {
        public Tokens {
            places = List.copyOf(places);
            runs = merged(runs);
        }

        /** All positions of a map, in order. */
        static Tokens of(List<Axis> places) {
            return new Tokens(places, List.of(new Run(0, Dim.product(places))));
        }

        @Override
        public long extent() {
            return runs.stream().mapToLong(Run::count).sum();
        }

        @Override
        public Axis withoutField() {
            return new Tokens(places.stream().map(Axis::withoutField).toList(), runs);
        }

        @Override
        public boolean hasField() {
            return places.stream().allMatch(Axis::hasField);
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.tokens(this);
        }

        private static List<Run> merged(List<Run> runs) {
            List<Run> merged = new ArrayList<>();
            for (Run run : runs) {
                Run last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
                if (last != null && last.continues(run)) {
                    merged.set(merged.size() - 1, new Run(last.from(), last.count() + run.count()));
                } else if (run.count() != 0) {
                    merged.add(run);
                }
            }
            return List.copyOf(merged);
        }

        /** The tokens {@code first .. past - 1}. */
        Tokens cut(long first, long past) {
            List<Run> cut = new ArrayList<>();
            long at = 0;
            for (Run run : runs) {
                long from = Math.max(first, at);
                long until = Math.min(past, at + run.count());
                if (from < until) {
                    cut.add(run.part(from - at, until - from));
                }
                at += run.count();
            }
            return new Tokens(places, cut);
        }

        Tokens followedBy(List<Run> others) {
            List<Run> all = new ArrayList<>(runs);
            all.addAll(others);
            return new Tokens(places, all);
        }

        /** Whether every position of the map occurs once and in order; extra tokens may stand between. */
        boolean holdsAllPlaces() {
            long next = 0;
            for (Run run : runs) {
                if (run.isExtra()) {
                    continue;
                } else if (run.from() != next) {
                    return false;
                }
                next += run.count();
            }
            return next == Dim.product(places);
        }
    }

    /**
     * Consecutive tokens.
     *
     * @param from map position of the first token, or {@link #EXTRA}
     */
    record Run(long from, long count) {
        /** Marks tokens without image position: class tokens, registers. */
        static final long EXTRA = -1;

        static Run extra(long count) {
            return new Run(EXTRA, count);
        }

        boolean isExtra() {
            return from == EXTRA;
        }

        boolean continues(Run next) {
            return isExtra() ? next.isExtra() : !next.isExtra() && from + count == next.from;
        }

        Run part(long skipped, long length) {
            return isExtra() ? extra(length) : new Run(from + skipped, length);
        }
    }
}

package org.netdissect.torchscript.field;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.netdissect.torchscript.Place;

/** Abstract value of an expression: what is known about it without running the network. */
sealed interface Value {
    /** {@code None}. */
    record None() implements Value {}

    /** TorchScript's filler for variables of branches that end elsewhere; no run ever reads it. */
    record Uninitialized() implements Value {}

    /** A {@link Long}, {@link Double}, {@link Boolean} or {@link String}. */
    record Plain(Object value) implements Value {}

    /** A module, with its path from the network. */
    record Module(Place place) implements Value {}

    /** A function of the archive, by qualified name. */
    record Function(String name) implements Value {}

    /** A list or tuple, which may change. */
    final class Items implements Value {
        private final List<Value> items;
        /** number of undecided conditions around its creation */
        private final int doubts;

        Items(List<Value> items, int doubts) {
            this.items = new ArrayList<>(items);
            this.doubts = doubts;
        }

        List<Value> list() {
            return items;
        }

        int doubts() {
            return doubts;
        }

        @Override
        public Optional<String> lostReason() {
            return items.stream().flatMap(item -> item.lostReason().stream()).findFirst();
        }

        @Override
        public boolean dependsOnImage() {
            return items.stream().anyMatch(Value::dependsOnImage);
        }
    }

    /** A tensor or an unknown value. It may change in place; {@link #state} is the current one. */
    final class Tensor implements Value {
        private final @Nullable Tensor base;
        private State state;

        /** A tensor that is a view of {@code base}, if given. */
        Tensor(State state, @Nullable Tensor base) {
            this.state = state;
            this.base = base;
        }

        State state() {
            return state;
        }

        @Override
        public Optional<String> lostReason() {
            return Optional.of(state.lost()).filter(lost -> !lost.isEmpty());
        }

        @Override
        public boolean dependsOnImage() {
            return state.dependsOnImage();
        }

        /** Changes in place; tensors that share its memory become unknown. */
        void become(State other) {
            boolean same = other.layout().equals(state.layout()) && other.lost().equals(state.lost());
            state = other;
            for (Tensor shared = base; shared != null && !same; shared = shared.base) {
                shared.state = State.lost("a tensor that is changed through a view of it");
            }
        }
    }

    /**
     * The knowledge about a tensor at one time.
     *
     * @param layout empty if unknown
     * @param lost reason for the unknown layout if the value may depend on the image; empty otherwise
     * @param origin path of the module that made it; empty for the network
     */
    record State(Optional<Layout> layout, String lost, String origin) {
        static final State UNKNOWN = new State(Optional.empty(), "", "");

        static State known(Layout layout, String origin) {
            return new State(Optional.of(layout), "", origin);
        }

        static State lost(String why) {
            return new State(Optional.empty(), why, "");
        }

        boolean dependsOnImage() {
            return layout.map(Layout::dependsOnImage).orElse(!lost.isEmpty());
        }
    }

    static Value none() {
        return new None();
    }

    static Value of(Object value) {
        return new Plain(value);
    }

    static Value of(Layout layout, String origin) {
        return new Tensor(State.known(layout, origin), null);
    }

    /** An unknown value that does not depend on the image. */
    static Value unknown() {
        return new Tensor(State.UNKNOWN, null);
    }

    /** An unknown value that may depend on the image. */
    static Value lost(String why) {
        return new Tensor(State.lost(why), null);
    }

    /** Reason for an unknown value that may depend on the image; empty for any other value. */
    default Optional<String> lostReason() {
        return Optional.empty();
    }

    /** Whether the value may depend on the image. */
    default boolean dependsOnImage() {
        return false;
    }

    /** The known value of the given Java type; empty for any other. */
    default <T> Optional<T> as(Class<T> type) {
        return this instanceof Plain plain && type.isInstance(plain.value())
                ? Optional.of(type.cast(plain.value()))
                : Optional.empty();
    }
}

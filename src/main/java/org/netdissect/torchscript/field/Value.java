package org.netdissect.torchscript.field;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.netdissect.torchscript.Place;

/** What the walk over the network's code knows of a value. */
sealed interface Value {
    /** {@code None}. */
    record None() implements Value {}

    /** What no run ever sees: TorchScript's filler on ways that end elsewhere. */
    record Uninitialized() implements Value {}

    /** A {@link Long}, {@link Double}, {@link Boolean} or {@link String}. */
    record Plain(Object value) implements Value {}

    /** A module; its path is that from the network on. */
    record Module(Place place) implements Value {}

    /** A function of the archive, by qualified name. */
    record Function(String name) implements Value {}

    /** A list or tuple, which may change. */
    final class Items implements Value {
        private final List<Value> items;
        /** conditions of unknown outcome around the place where it was made */
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

    /** A tensor, or anything else of which nothing is known. It may change in place; {@link #state} is as it is now. */
    final class Tensor implements Value {
        private final @Nullable Tensor base;
        private State state;

        /** A tensor; {@code base} is the one it is a view of. */
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

        /** Changes in place; what shares its memory is not known any more. */
        void become(State other) {
            boolean same = other.layout().equals(state.layout()) && other.lost().equals(state.lost());
            state = other;
            for (Tensor shared = base; shared != null && !same; shared = shared.base) {
                shared.state = State.lost("a tensor that is changed through a view of it");
            }
        }
    }

    /**
     * A tensor at one time.
     *
     * @param layout empty where it cannot be told
     * @param lost why, where the image may be in it; empty otherwise
     * @param origin the module that made it; empty for the network
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

    /** No image is in it, and no more is known. */
    static Value unknown() {
        return new Tensor(State.UNKNOWN, null);
    }

    /** The image may be in it, and no more is known. */
    static Value lost(String why) {
        return new Tensor(State.lost(why), null);
    }

    /** Why a value cannot be told that the image may be in; empty for any other. */
    default Optional<String> lostReason() {
        return Optional.empty();
    }

    /** Whether the image may be in it. */
    default boolean dependsOnImage() {
        return false;
    }

    /** The value as a number of that type, text or truth, if it is known to be one. */
    default <T> Optional<T> as(Class<T> type) {
        return this instanceof Plain plain && type.isInstance(plain.value())
                ? Optional.of(type.cast(plain.value()))
                : Optional.empty();
    }
}

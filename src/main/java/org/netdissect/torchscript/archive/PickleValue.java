package org.netdissect.torchscript.archive;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A value of a pickle; kinds without use here are opaque. Values may contain themselves. */
public sealed interface PickleValue {
    /** Sizes of a tensor and class of its storage, such as {@code torch.FloatStorage}; an unknown class is empty. */
    record TensorSizes(List<Long> sizes, String storage) implements PickleValue {}

    /**
     * A tensor of one number and no dimensions.
     *
     * @param type class of its storage, such as {@code torch.FloatStorage}
     * @param key name of the archive's entry with the storage, in the folder of the pickle
     * @param offset offset in its storage, in numbers
     */
    record ScalarTensor(String type, String key, long offset) implements PickleValue {}

    /** A {@link Long}, {@link Double}, {@link Boolean} or {@link String}. */
    record Plain(Object value) implements PickleValue {}

    /** {@code None}. */
    record None() implements PickleValue {}

    /**
     * A value of any other kind.
     *
     * @param name function that would make it; empty if none or of no interest
     */
    record Opaque(String name) implements PickleValue {}

    /**
     * A storage of a checkpoint.
     *
     * @param type its class, such as {@code torch.cuda.FloatStorage}
     * @param count its numbers
     * @param view the part of the storage that is meant; empty for all of it
     */
    record Storage(String type, String key, long count, Optional<Range> view) implements PickleValue {}

    /** Numbers of a storage. */
    record Range(long start, long count) {}

    /**
     * A tensor of a checkpoint, as the pickle says and unchecked. Offset and strides count numbers.
     *
     * @param type class of the storage, or number type such as {@code torch.uint16}
     */
    record Tensor(String type, Storage storage, long offset, List<Long> sizes, List<Long> strides)
            implements PickleValue {}

    /** The name of a class or function. */
    record Global(String name) implements PickleValue {}

    /** A list, tuple or set, which grows while being read. */
    final class Items implements PickleValue {
        private final List<PickleValue> items = new ArrayList<>();

        public List<PickleValue> list() {
            return items;
        }
    }

    /**
     * Entries of a dictionary, or attributes of an object; grows while being read. Keys are strings or whole numbers,
     * which are kept as text.
     */
    final class Entries implements PickleValue {
        private final String type;
        private final Map<String, PickleValue> entries = new LinkedHashMap<>();

        /** A dictionary. */
        public Entries() {
            this("");
        }

        /** An object of a class. */
        public Entries(String type) {
            this.type = type;
        }

        /** Class of the object; empty for a dictionary. */
        public String type() {
            return type;
        }

        public Map<String, PickleValue> map() {
            return entries;
        }
    }

    static PickleValue opaque() {
        return new Opaque("");
    }

    /** The whole numbers of a list or tuple of at most 64; empty if it is none, or holds anything else. */
    static Optional<List<Long>> wholeNumbers(PickleValue value) {
        // bounded, since a pickle may name one long list again and again; PyTorch's tensors have 64 dimensions at most
        if (!(value instanceof Items items) || items.list().size() > 64) {
            return Optional.empty();
        }
        List<Long> numbers = new ArrayList<>();
        for (PickleValue item : items.list()) {
            if (!(item instanceof Plain plain && plain.value() instanceof Long number)) {
                return Optional.empty();
            }
            numbers.add(number);
        }
        return Optional.of(List.copyOf(numbers));
    }

    /** The value at a dotted path of attributes; opaque if missing. */
    default PickleValue at(String path) {
        PickleValue value = this;
        for (String name : path.split("\\.")) {
            value = value instanceof Entries object ? object.map().getOrDefault(name, opaque()) : opaque();
        }
        return value;
    }
}

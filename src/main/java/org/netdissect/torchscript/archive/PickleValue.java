package org.netdissect.torchscript.archive;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

    /** A value of any other kind. */
    record Opaque() implements PickleValue {}

    /** The name of a class or function. */
    record Global(String name) implements PickleValue {}

    /** A list or tuple, which grows while being read. */
    final class Items implements PickleValue {
        private final List<PickleValue> items = new ArrayList<>();

        public List<PickleValue> list() {
            return items;
        }
    }

    /** Entries of a dictionary with string keys, or attributes of an object; grows while being read. */
    final class Entries implements PickleValue {
        private final Map<String, PickleValue> entries = new LinkedHashMap<>();

        public Map<String, PickleValue> map() {
            return entries;
        }
    }

    static PickleValue opaque() {
        return new Opaque();
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

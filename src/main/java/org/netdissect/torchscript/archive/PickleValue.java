package org.netdissect.torchscript.archive;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a pickle says of a value; whatever is of no use here is opaque. Values may hold themselves. */
public sealed interface PickleValue {
    /** A tensor: its sizes, and the class of its storage, such as {@code torch.FloatStorage}, or nothing. */
    record TensorSizes(List<Long> sizes, String storage) implements PickleValue {}

    /**
     * A tensor of one number and no dimensions.
     *
     * @param type class of its storage, such as {@code torch.FloatStorage}
     * @param key of its storage: name of the archive's entry in the folder of the pickle
     * @param offset numbers before it in its storage
     */
    record ScalarTensor(String type, String key, long offset) implements PickleValue {}

    /** A {@link Long}, {@link Double}, {@link Boolean} or {@link String}. */
    record Plain(Object value) implements PickleValue {}

    /** {@code None}. */
    record None() implements PickleValue {}

    /** A value that is not looked into. */
    record Opaque() implements PickleValue {}

    /** The name of a class or function. */
    record Global(String name) implements PickleValue {}

    /** A list or tuple; grows while it is read. */
    final class Items implements PickleValue {
        private final List<PickleValue> items = new ArrayList<>();

        public List<PickleValue> list() {
            return items;
        }
    }

    /** A dictionary's entries with strings as keys, or an object's attributes; grows while it is read. */
    final class Entries implements PickleValue {
        private final Map<String, PickleValue> entries = new LinkedHashMap<>();

        public Map<String, PickleValue> map() {
            return entries;
        }
    }

    static PickleValue opaque() {
        return new Opaque();
    }

    /** What is at the end of a dotted path of attributes; opaque where there is nothing. */
    default PickleValue at(String path) {
        PickleValue value = this;
        for (String name : path.split("\\.")) {
            value = value instanceof Entries object ? object.map().getOrDefault(name, opaque()) : opaque();
        }
        return value;
    }
}

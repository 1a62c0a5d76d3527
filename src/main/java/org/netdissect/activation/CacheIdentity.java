package org.netdissect.activation;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.netdissect.base.Digests;

/**
 * Everything that the activations of a run depend on, by name: model bytes, preprocessing, images, precision, engine,
 * cache format. The layer's name completes it.
 *
 * @param fields name to value, in order of names
 */
public record CacheIdentity(SortedMap<String, String> fields) {
    private static final int KEY_LENGTH = 32;

    /** Copies the map. */
    public CacheIdentity {
        fields = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(fields));
    }

    /** Returns a copy with one more field. */
    public CacheIdentity with(String name, String value) {
        TreeMap<String, String> more = new TreeMap<>(fields);
        more.put(name, value);
        return new CacheIdentity(more);
    }

    /** Name of the cache folder: the first 32 hexadecimal digits of the SHA-256 of all fields. */
    public String key() {
        StringBuilder text = new StringBuilder();
        fields.forEach(
                (name, value) -> text.append(name).append('=').append(value).append('\n'));
        return Digests.ofText(text.toString()).substring(0, KEY_LENGTH);
    }

    /** Lists the fields that differ, as {@code name: this value, that value}. */
    public List<String> differences(CacheIdentity that) {
        TreeMap<String, String> all = new TreeMap<>(fields);
        all.putAll(that.fields);
        List<String> differences = new ArrayList<>();
        for (String name : all.keySet()) {
            String mine = fields.get(name);
            String other = that.fields.get(name);
            if (!Objects.equals(mine, other)) {
                differences.add(name + ": " + mine + ", " + other);
            }
        }
        return differences;
    }
}

package org.netdissect.activation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Properties of a machine that select the engine's kernels, and with them the last digits of activations: processor or
 * GPU, instruction sets, environment variables. Machines with different fingerprints may run the same kernels.
 *
 * @param fields name to value, in order of names
 */
public record Fingerprint(SortedMap<String, String> fields) {
    /** Fingerprint of activations whose machine is unknown. */
    public static final Fingerprint UNKNOWN = new Fingerprint(new TreeMap<>());

    /** Field that names the processor or GPU. */
    public static final String NAME = "processor";

    /** Greatest number of words shown whole; of longer lists only the differences are shown. */
    private static final int FEW = 8;

    /** Copies the map. */
    public Fingerprint {
        fields = Collections.unmodifiableSortedMap(new TreeMap<>(fields));
    }

    /** Digest of all fields, 32 hexadecimal digits. */
    public String digest() {
        return new CacheIdentity(fields).key();
    }

    /** Lists how this machine differs from that one. */
    public List<String> differences(Fingerprint that) {
        TreeMap<String, String> names = new TreeMap<>(fields);
        names.putAll(that.fields);
        List<String> differences = new ArrayList<>();
        for (String name : names.keySet()) {
            String here = fields.getOrDefault(name, "");
            String there = that.fields.getOrDefault(name, "");
            if (!here.equals(there)) {
                differences.add(difference(name, words(there), words(here)));
            }
        }
        return differences;
    }

    private static String difference(String name, List<String> there, List<String> here) {
        if (there.size() <= FEW && here.size() <= FEW) {
            return name + ": " + text(there) + " there, " + text(here) + " here";
        }
        return name + ": only there " + brief(there, here) + ", only here " + brief(here, there);
    }

    private static List<String> words(String value) {
        return value.isEmpty() ? List.of() : Arrays.asList(value.split(" "));
    }

    private static String text(List<String> words) {
        return words.isEmpty() ? "not set" : String.join(" ", words);
    }

    private static String brief(List<String> words, List<String> others) {
        List<String> own = new ArrayList<>(words);
        own.removeAll(others);
        String shown = String.join(" ", own.subList(0, Math.min(FEW, own.size())));
        return own.isEmpty() ? "nothing" : own.size() > FEW ? shown + " ..." : shown;
    }

    /** Name of the processor or GPU, with digits of the digest. */
    @Override
    public String toString() {
        return fields.getOrDefault(NAME, "unknown") + " (" + digest().substring(0, FEW) + ")";
    }
}

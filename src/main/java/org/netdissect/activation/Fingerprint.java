package org.netdissect.activation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What of a machine decides which of the engine's kernels run, and so the last digits of activations: the processor or GPU,
 * its instruction sets, environment variables. Two fingerprints may well stand for the same kernels.
 *
 * @param fields name to value, in order of names
 */
public record Fingerprint(SortedMap<String, String> fields) {
    /** Of activations that no machine is known for. */
    public static final Fingerprint UNKNOWN = new Fingerprint(new TreeMap<>());

    /** Field of the processor's or GPU's name. */
    public static final String NAME = "processor";

    /** A field of more words is a list, of which only what differs is shown. */
    private static final int FEW = 8;

    /** Copies the map. */
    public Fingerprint {
        fields = Collections.unmodifiableSortedMap(new TreeMap<>(fields));
    }

    /** 32 hexadecimal digits of all fields. */
    public String digest() {
        return new CacheIdentity(fields).key();
    }

    /** How this machine differs from that one, on which the activations were computed; empty where it does not. */
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

    /** Its name, and digits that tell it from others of the same name. */
    @Override
    public String toString() {
        return fields.getOrDefault(NAME, "unknown") + " (" + digest().substring(0, FEW) + ")";
    }
}

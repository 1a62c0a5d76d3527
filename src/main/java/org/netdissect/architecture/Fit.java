package org.netdissect.architecture;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.netdissect.architecture.family.Architecture;
import org.netdissect.architecture.family.Family;
import org.netdissect.base.Wildcards;
import org.netdissect.torchscript.assembly.ModuleSpec;
import org.netdissect.torchscript.assembly.TensorSlot;

/**
 * How an architecture fits the tensors of a file.
 *
 * @param network the modules, with the file's number of classes
 * @param names of the file's tensors by the architecture's names
 * @param missing tensors that the file lacks
 * @param wrong tensors of other sizes, with both sizes
 * @param unknown tensors of the file that the architecture does not have
 */
public record Fit(
        Architecture architecture,
        ModuleSpec network,
        Map<String, String> names,
        List<String> missing,
        List<String> wrong,
        List<String> unknown) {
    /** Classes of the published networks, for a file without the tensor that shows them. */
    private static final int USUAL_CLASSES = 1000;

    private static final int MOST_CLASSES = 1 << 24;
    private static final int SHOWN = 3;

    static Fit of(Family family, Architecture architecture, Map<String, List<Long>> sizes) {
        Map<String, String> names = new LinkedHashMap<>();
        sizes.keySet().forEach(name -> names.putIfAbsent(family.canonical(name), name));
        ModuleSpec network = architecture.network().apply(classes(architecture, names, sizes));
        List<String> missing = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        Map<String, TensorSlot> slots = network.allTensors();
        slots.forEach((name, slot) -> {
            String own = names.get(name);
            if (own == null) {
                missing.add(name);
            } else if (!slot.sizes().equals(sizes.get(own))) {
                wrong.add(own + " " + sizes.get(own) + " for " + slot.sizes());
            }
        });
        List<String> unknown = new ArrayList<>();
        sizes.keySet().forEach(own -> {
            String name = family.canonical(own);
            boolean used = slots.containsKey(name) && own.equals(names.get(name));
            if (!used && !isExtra(architecture, name)) {
                unknown.add(own);
            }
        });
        return new Fit(architecture, network, names, missing, wrong, unknown);
    }

    private static int classes(Architecture architecture, Map<String, String> names, Map<String, List<Long>> sizes) {
        List<Long> head = sizes.getOrDefault(names.getOrDefault(architecture.head(), ""), List.of());
        boolean usable = !head.isEmpty() && head.get(0) >= 1 && head.get(0) <= MOST_CLASSES;
        return usable ? head.get(0).intValue() : USUAL_CLASSES;
    }

    private static boolean isExtra(Architecture architecture, String name) {
        return architecture.extras().stream().anyMatch(extra -> Wildcards.match(extra, name));
    }

    /** Whether files may have a tensor of this name that evaluation does not use. */
    boolean passesOver(String name) {
        return isExtra(architecture, name);
    }

    boolean isExact() {
        return differences() == 0;
    }

    int differences() {
        return missing.size() + wrong.size() + unknown.size();
    }

    /** Whether at least half of the architecture's tensors are in the file. */
    boolean isNear() {
        return 2 * (missing.size() + wrong.size()) <= network.allTensors().size();
    }

    /** Number of classes. */
    long classes() {
        TensorSlot head = network.allTensors().get(architecture.head());
        return head == null ? 0 : head.sizes().get(0);
    }

    /** What was recognised, for the user. */
    String title() {
        return architecture.name() + ", " + architecture.origin() + "; " + classes() + " classes";
    }

    /** What does not fit, to follow the architecture's name in a message. */
    String text() {
        List<String> parts = new ArrayList<>();
        add(parts, "it needs ", missing);
        add(parts, "it has other sizes: ", wrong);
        add(parts, "it does not have ", unknown);
        return String.join("; ", parts);
    }

    private static void add(List<String> parts, String what, List<String> names) {
        if (!names.isEmpty()) {
            String first = String.join(", ", names.subList(0, Math.min(SHOWN, names.size())));
            int more = names.size() - SHOWN;
            parts.add(what + first + (more > 0 ? " and " + more + " more" : ""));
        }
    }
}

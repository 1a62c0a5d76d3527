package org.netdissect.weights;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Takes the wrappers of networks off tensors' names. */
public final class TensorNames {
    // DataParallel; Lightning and others; torch.compile
    private static final List<String> WRAPPERS =
            List.of("module.", "model.", "net.", "network.", "backbone.", "_orig_mod.");

    private TensorNames() {}

    /**
     * The names without the prefixes that all of them share, among {@code module.}, {@code model.}, {@code net.},
     * {@code network.}, {@code backbone.} and {@code _orig_mod.}; then without {@code module.} and {@code _orig_mod.} inside
     * ({@code features.module.0.weight}), which data parallelism and compilation of a part add. A step that would make
     * two names equal is not taken.
     *
     * @return the bare name by the stored name, in order
     */
    public static Map<String, String> stripped(Collection<String> names) {
        Map<String, String> bare = new LinkedHashMap<>();
        names.forEach(name -> bare.put(name, name));
        Optional<String> prefix = sharedPrefix(bare.values());
        while (prefix.isPresent()) {
            int length = prefix.get().length();
            bare.replaceAll((stored, name) -> name.substring(length));
            prefix = sharedPrefix(bare.values());
        }
        Map<String, String> inner = new LinkedHashMap<>(bare);
        inner.replaceAll((stored, name) -> withoutInner(name));
        return inner.values().stream().distinct().count() == names.size() ? inner : bare;
    }

    private static Optional<String> sharedPrefix(Collection<String> names) {
        return names.isEmpty()
                ? Optional.empty()
                : WRAPPERS.stream()
                        .filter(prefix -> names.stream()
                                .allMatch(name -> name.startsWith(prefix) && name.length() > prefix.length()))
                        .findFirst();
    }

    private static String withoutInner(String name) {
        // twice, since neighbouring wrappers share a dot
        return name.replace("._orig_mod.", ".").replace(".module.", ".").replace(".module.", ".");
    }
}

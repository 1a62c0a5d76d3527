package org.netdissect.weights;

import java.util.Map;
import java.util.Optional;
import org.netdissect.torchscript.archive.ElementType;

/** Number types by the names that files give them. */
final class NumberTypes {
    // torch.dtype's names, of which a pickle has either
    private static final Map<String, ElementType> DTYPES = Map.ofEntries(
            Map.entry("float32", ElementType.FLOAT),
            Map.entry("float", ElementType.FLOAT),
            Map.entry("float64", ElementType.DOUBLE),
            Map.entry("double", ElementType.DOUBLE),
            Map.entry("float16", ElementType.HALF),
            Map.entry("half", ElementType.HALF),
            Map.entry("bfloat16", ElementType.BFLOAT16),
            Map.entry("int64", ElementType.LONG),
            Map.entry("long", ElementType.LONG),
            Map.entry("int32", ElementType.INT),
            Map.entry("int", ElementType.INT),
            Map.entry("int16", ElementType.SHORT),
            Map.entry("short", ElementType.SHORT),
            Map.entry("int8", ElementType.CHAR),
            Map.entry("uint8", ElementType.BYTE),
            Map.entry("bool", ElementType.BOOL));

    private NumberTypes() {}

    /** The type of a storage class such as {@code torch.cuda.FloatStorage}, or of a name such as {@code torch.int8}. */
    static Optional<ElementType> of(String name) {
        if (!name.startsWith("torch.")) {
            return Optional.empty();
        }
        String simple = name.substring(name.lastIndexOf('.') + 1);
        return ElementType.ofStorage(simple).or(() -> Optional.ofNullable(DTYPES.get(simple)));
    }

    /** Says why numbers of a type cannot be read, to follow "is ". */
    static String unreadable(String name) {
        String simple = name.substring(name.lastIndexOf('.') + 1);
        if (simple.startsWith("Complex") || simple.startsWith("complex")) {
            return "complex";
        } else if (simple.startsWith("Q") || simple.startsWith("q")) {
            return "quantised";
        }
        return "of type " + (name.isEmpty() ? "unknown" : name) + ", which is not read";
    }
}

package org.netdissect.exported;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Type and sizes of a tensor.
 *
 * @param type empty if none that can be computed with
 * @param sizes of dimensions, empty where the export left them open
 * @param strides in numbers, as many as sizes
 * @param offset in its storage, in numbers
 */
record TensorMeta(Optional<ScalarType> type, List<OptionalLong> sizes, List<Long> strides, long offset) {
    private static final int STRIDED = 7;

    TensorMeta {
        sizes = List.copyOf(sizes);
        strides = List.copyOf(strides);
    }

    static TensorMeta read(JsonPart part) {
        JsonPart meta = part.find("meta").orElse(part);
        List<OptionalLong> sizes = new ArrayList<>();
        meta.at("sizes").items().forEach(size -> sizes.add(dimension(size)));
        List<Long> strides = new ArrayList<>();
        meta.find("strides")
                .ifPresent(all -> all.items()
                        .forEach(stride -> strides.add(dimension(stride).orElse(0))));
        long offset = meta.find("storage_offset")
                .map(TensorMeta::dimension)
                .orElse(OptionalLong.of(0))
                .orElse(0);
        boolean strided = meta.find("layout").map(JsonPart::whole).orElse((long) STRIDED) == STRIDED;
        Optional<ScalarType> type = strided ? ScalarType.of(meta.at("dtype").whole()) : Optional.empty();
        return new TensorMeta(type, sizes, strides, offset);
    }

    private static OptionalLong dimension(JsonPart part) {
        if (part.isWhole()) {
            return OptionalLong.of(part.whole());
        }
        JsonPart.Choice choice = part.choice();
        return choice.kind().equals("as_int") ? OptionalLong.of(choice.value().whole()) : OptionalLong.empty();
    }

    /** All sizes; empty if one is open. */
    Optional<List<Long>> fixedSizes() {
        return sizes.stream().allMatch(OptionalLong::isPresent)
                ? Optional.of(sizes.stream().map(OptionalLong::getAsLong).toList())
                : Optional.empty();
    }
}

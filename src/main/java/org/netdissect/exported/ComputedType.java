package org.netdissect.exported;

import org.netdissect.torchscript.archive.ElementType;

/**
 * Number types that a network computes with: 32 bits in place of half precision, which CPUs are slow in or unable to
 * compute with, and in place of 64 bits if its images have them.
 *
 * @param narrow whether numbers of 64 bits become 32
 */
record ComputedType(boolean narrow) {
    ScalarType of(ScalarType type) {
        return switch (type) {
            case HALF, BFLOAT16 -> ScalarType.FLOAT;
            case DOUBLE -> narrow ? ScalarType.FLOAT : type;
            default -> type;
        };
    }

    ElementType of(ElementType type) {
        return switch (type) {
            case HALF, BFLOAT16 -> ElementType.FLOAT;
            case DOUBLE -> narrow ? ElementType.FLOAT : type;
            default -> type;
        };
    }
}

package org.netdissect.torchscript;

import java.util.OptionalInt;

/**
 * What a network takes as input, read from its archive.
 *
 * @param channels of the images, or empty where the code does not show it
 * @param type of the numbers
 */
public record InputContract(OptionalInt channels, NumberType type) {
    /** Where nothing is known: PyTorch's usual numbers. */
    static final InputContract UNKNOWN = new InputContract(OptionalInt.empty(), NumberType.FLOAT);

    /** Types of numbers a network computes in. */
    public enum NumberType {
        /** 32 bits. */
        FLOAT(6),
        /** 16 bits, IEEE 754. */
        HALF(5),
        /** 16 bits, of which 8 are exponent. */
        BFLOAT16(15),
        /** 64 bits. */
        DOUBLE(7);

        /** The number by which TorchScript knows it (c10/core/ScalarType.h). */
        final int code;

        NumberType(int code) {
            this.code = code;
        }

        /** The type of a storage as a pickle names it, such as {@code torch.HalfStorage}; null for others. */
        static @org.jspecify.annotations.Nullable NumberType ofStorage(String name) {
            return switch (name) {
                case "torch.FloatStorage" -> FLOAT;
                case "torch.HalfStorage" -> HALF;
                case "torch.BFloat16Storage" -> BFLOAT16;
                case "torch.DoubleStorage" -> DOUBLE;
                default -> null;
            };
        }
    }
}

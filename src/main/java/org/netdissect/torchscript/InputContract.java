package org.netdissect.torchscript;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Channels and number type of a network's input, read from its archive.
 *
 * @param channels channels of the images; empty if the code does not show them
 * @param type number type
 */
public record InputContract(OptionalInt channels, NumberType type) {
    /** The default if nothing is known: 32-bit numbers. */
    static final InputContract UNKNOWN = new InputContract(OptionalInt.empty(), NumberType.FLOAT);

    /** Number type of a network. */
    public enum NumberType {
        /** 32 bits. */
        FLOAT(6),
        /** 16 bits, IEEE 754. */
        HALF(5),
        /** 16 bits with 8 bits of exponent (bfloat16). */
        BFLOAT16(15),
        /** 64 bits. */
        DOUBLE(7);

        /** TorchScript's code of the type (c10/core/ScalarType.h). */
        final int code;

        NumberType(int code) {
            this.code = code;
        }

        /** The type of a storage class in a pickle, such as {@code torch.HalfStorage}; null for others. */
        static @Nullable NumberType ofStorage(String name) {
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

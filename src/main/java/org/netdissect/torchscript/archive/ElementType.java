package org.netdissect.torchscript.archive;

import java.util.Optional;
import java.util.stream.Stream;

/** Number types of tensors, by the storage class that names them in a pickle (torch/storage.py). */
public enum ElementType {
    FLOAT("FloatStorage", Float.BYTES),
    DOUBLE("DoubleStorage", Double.BYTES),
    HALF("HalfStorage", Short.BYTES),
    BFLOAT16("BFloat16Storage", Short.BYTES),
    LONG("LongStorage", Long.BYTES),
    INT("IntStorage", Integer.BYTES),
    SHORT("ShortStorage", Short.BYTES),
    /** Signed 8 bits. */
    CHAR("CharStorage", Byte.BYTES),
    /** Unsigned 8 bits. */
    BYTE("ByteStorage", Byte.BYTES),
    BOOL("BoolStorage", Byte.BYTES);

    private final String storage;
    private final int width;

    ElementType(String storage, int width) {
        this.storage = storage;
        this.width = width;
    }

    /** The type of a storage class, such as {@code FloatStorage}, without its module. */
    public static Optional<ElementType> ofStorage(String name) {
        return Stream.of(values()).filter(type -> type.storage.equals(name)).findFirst();
    }

    /** Class of its storages without module, such as {@code FloatStorage}. */
    public String storage() {
        return storage;
    }

    /** Bytes of one number. */
    public int width() {
        return width;
    }

    /** Whether its numbers are floating-point numbers. */
    public boolean isReal() {
        return this == FLOAT || this == DOUBLE || this == HALF || this == BFLOAT16;
    }
}

package org.netdissect.exported;

import java.util.Optional;
import java.util.stream.Stream;
import org.netdissect.torchscript.archive.ElementType;

/** Number types as archives number them (torch/_export/serde/schema.py), which is not as TorchScript does. */
enum ScalarType {
    BYTE(1, 0, ElementType.BYTE),
    CHAR(2, 1, ElementType.CHAR),
    SHORT(3, 2, ElementType.SHORT),
    INT(4, 3, ElementType.INT),
    LONG(5, 4, ElementType.LONG),
    HALF(6, 5, ElementType.HALF),
    FLOAT(7, 6, ElementType.FLOAT),
    DOUBLE(8, 7, ElementType.DOUBLE),
    BOOL(12, 11, ElementType.BOOL),
    BFLOAT16(13, 15, ElementType.BFLOAT16);

    private final int code;
    private final int torchScript;
    private final ElementType element;

    ScalarType(int code, int torchScript, ElementType element) {
        this.code = code;
        this.torchScript = torchScript;
        this.element = element;
    }

    /** The type of an archive's number; empty for complex and quantised ones and those of 8 bits or less. */
    static Optional<ScalarType> of(long code) {
        return Stream.of(values()).filter(type -> type.code == code).findFirst();
    }

    /** The number in TorchScript (c10/core/ScalarType.h). */
    int torchScript() {
        return torchScript;
    }

    ElementType element() {
        return element;
    }
}

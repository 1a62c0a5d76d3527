package org.netdissect.weights;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.netdissect.base.InputException;
import org.netdissect.torchscript.archive.ElementType;

/**
 * Reads files of safetensors: the length of the header in 64 bits, the header in JSON, the numbers without holes
 * (huggingface/safetensors, README and tensor.rs).
 */
final class Safetensors {
    /** Greatest header, a third of the reference's limit; the header of 10,000 tensors has 1 MB. */
    private static final int MAX_HEADER = 32 << 20;

    private static final Map<String, ElementType> TYPES = Map.of(
            "F64", ElementType.DOUBLE,
            "F32", ElementType.FLOAT,
            "F16", ElementType.HALF,
            "BF16", ElementType.BFLOAT16,
            "I64", ElementType.LONG,
            "I32", ElementType.INT,
            "I16", ElementType.SHORT,
            "I8", ElementType.CHAR,
            "U8", ElementType.BYTE,
            "BOOL", ElementType.BOOL);

    /** Bits of the types that the format has and PyTorch's networks of images do not use. */
    private static final Map<String, Integer> UNREAD = Map.ofEntries(
            Map.entry("U64", 64),
            Map.entry("U32", 32),
            Map.entry("U16", 16),
            Map.entry("C64", 64),
            Map.entry("F8_E5M2", 8),
            Map.entry("F8_E4M3", 8),
            Map.entry("F8_E8M0", 8),
            Map.entry("F8_E5M2FNUZ", 8),
            Map.entry("F8_E4M3FNUZ", 8),
            Map.entry("F6_E2M3", 6),
            Map.entry("F6_E3M2", 6),
            Map.entry("F4", 4));

    private final Path file;
    private final long dataStart;
    private final long dataSize;

    private Safetensors(Path file, long dataStart, long dataSize) {
        this.file = file;
        this.dataStart = dataStart;
        this.dataSize = dataSize;
    }

    /**
     * Reads the header and checks that it describes the file exactly.
     *
     * @throws InputException if it does not
     */
    static TensorSet read(Path file) throws IOException {
        long size = Files.size(file);
        try (InputStream in = Files.newInputStream(file)) {
            byte[] length = in.readNBytes(Long.BYTES);
            if (length.length < Long.BYTES) {
                throw new InputException(file + ": is too short for safetensors; copy or download it again");
            }
            long header = ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong();
            if (header < 2 || header > MAX_HEADER || header > size - Long.BYTES) {
                throw new InputException(file + ": says that its header has " + Long.toUnsignedString(header)
                        + " bytes, of a file of " + size + "; it is cut off, damaged or no safetensors");
            }
            Map<String, SafetensorsHeader.Entry> entries =
                    SafetensorsHeader.parse(file + ", header", in.readNBytes((int) header));
            long start = Long.BYTES + header;
            return new Safetensors(file, start, size - start).set(entries);
        }
    }

    private TensorSet set(Map<String, SafetensorsHeader.Entry> entries) {
        checkOrder(entries);
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        Map<String, String> unreadable = new LinkedHashMap<>();
        entries.forEach((name, entry) -> {
            checkSize(name, entry);
            Optional.ofNullable(TYPES.get(entry.type()))
                    .ifPresentOrElse(
                            type -> tensors.put(name, tensor(name, type, entry)),
                            () -> unreadable.put(name, "is of type " + entry.type() + ", which is not read"));
        });
        return TensorSet.of(file, "", tensors, unreadable);
    }

    private StoredTensor tensor(String name, ElementType type, SafetensorsHeader.Entry entry) {
        TensorBytes bytes =
                new FileBytes(file, dataStart + entry.begin(), entry.end() - entry.begin(), ByteOrder.LITTLE_ENDIAN);
        return StoredTensor.whole(Tensors.label(file, name), type, entry.sizes(), bytes);
    }

    /** Checks that the tensors follow each other without hole or overlap and fill the file. */
    private void checkOrder(Map<String, SafetensorsHeader.Entry> entries) {
        List<Map.Entry<String, SafetensorsHeader.Entry>> sorted = entries.entrySet().stream()
                .sorted(Comparator.comparingLong((Map.Entry<String, SafetensorsHeader.Entry> each) ->
                                each.getValue().begin())
                        .thenComparingLong(each -> each.getValue().end()))
                .toList();
        long expected = 0;
        for (Map.Entry<String, SafetensorsHeader.Entry> each : sorted) {
            SafetensorsHeader.Entry entry = each.getValue();
            if (entry.begin() != expected || entry.end() < entry.begin()) {
                throw new InputException(Tensors.label(file, each.getKey()) + ": lies from byte " + entry.begin()
                        + " to " + entry.end() + "; expected to start at " + expected
                        + ", where the one before it ends");
            }
            expected = entry.end();
        }
        if (expected != dataSize) {
            throw new InputException(file + ": has " + dataSize + " bytes of numbers where its header names " + expected
                    + "; it is cut off or damaged: copy or download it again");
        }
    }

    private void checkSize(String name, SafetensorsHeader.Entry entry) {
        ElementType type = TYPES.get(entry.type());
        Integer bits = type == null ? UNREAD.get(entry.type()) : Integer.valueOf(type.width() * Byte.SIZE);
        if (bits == null) {
            throw new InputException(Tensors.label(file, name) + ": has a dtype that is unknown; expected one of "
                    + TYPES.keySet().stream().sorted().toList());
        }
        long held = entry.end() - entry.begin();
        try {
            long needed = bits;
            for (long size : entry.sizes()) {
                needed = Math.multiplyExact(needed, size);
            }
            if (needed % Byte.SIZE == 0 && needed / Byte.SIZE == held) {
                return;
            }
        } catch (ArithmeticException e) {
            // more than 64 bits do not fit, either
        }
        throw new InputException(Tensors.label(file, name) + ": has " + held + " bytes, which is not what its shape "
                + entry.sizes() + " and dtype " + entry.type() + " need");
    }
}

package org.netdissect.torchscript.archive;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Finds the first class named in a pickle. Opcodes are those of Python's pickletools; no object is constructed. */
final class PickleReader {
    private final PickleBytes bytes;

    /** The last two pushed strings, for STACK_GLOBAL. */
    private String below = "";

    private String top = "";

    private final Map<Integer, String> memo = new HashMap<>();

    private PickleReader(String label, byte[] bytes) {
        this.bytes = new PickleBytes(label, bytes);
    }

    /**
     * The dotted name of the first GLOBAL or STACK_GLOBAL; empty if the pickle stops before one.
     *
     * @param label names the pickle in errors
     */
    static Optional<String> firstGlobal(String label, byte[] bytes) {
        PickleReader reader = new PickleReader(label, bytes);
        while (true) {
            int opcode = reader.bytes.unsigned(1);
            if (opcode == 'c') {
                return Optional.of(reader.bytes.line() + "." + reader.bytes.line());
            } else if (opcode == 0x93) {
                return Optional.of(reader.below + "." + reader.top);
            } else if (opcode == '.') {
                return Optional.empty();
            }
            reader.step(opcode);
        }
    }

    private void step(int opcode) {
        switch (opcode) {
            case 'X', 'T' -> push(bytes.string(bytes.unsigned(4)));
            case 0x8c, 'U' -> push(bytes.string(bytes.unsigned(1)));
            case 0x8d -> push(bytes.string(bytes.longLength()));
            case 'q' -> memo.put(bytes.unsigned(1), top);
            case 'r' -> memo.put(bytes.unsigned(4), top);
            case 0x94 -> memo.put(memo.size(), top);
            case 'h' -> push(memo.getOrDefault(bytes.unsigned(1), ""));
            case 'j' -> push(memo.getOrDefault(bytes.unsigned(4), ""));
            case 'V', 'S', 'I', 'L', 'F', 'g', 'p', 'P' -> bytes.line();
            case 0x80, 'K', 0x82 -> bytes.skip(1);
            case 'M', 0x83 -> bytes.skip(2);
            case 'J', 0x84 -> bytes.skip(4);
            case 'G', 0x95 -> bytes.skip(8);
            case 0x8a, 'C' -> bytes.skip(bytes.unsigned(1));
            case 0x8b, 'B' -> bytes.skip(bytes.unsigned(4));
            case 0x8e, 0x96 -> bytes.skip(bytes.longLength());
            case '(', ')', ']', '}', 't', 'l', 'd', 'e', 'a', 's', 'u', 'o', 'b', 'R', 'N', 'Q', '0', '1', '2' -> {}
            case 0x81, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8f, 0x90, 0x91, 0x92, 0x97, 0x98 -> {}
            default -> throw bytes.damaged("unknown opcode " + opcode);
        }
    }

    private void push(String string) {
        below = top;
        top = string;
    }
}

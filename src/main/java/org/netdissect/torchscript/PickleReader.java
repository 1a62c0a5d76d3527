package org.netdissect.torchscript;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.netdissect.base.InputException;

/**
 * Finds the first class that a pickle names. Opcodes are those of Python's pickletools; nothing is ever constructed.
 */
final class PickleReader {
    private final String label;
    private final byte[] bytes;
    private int at;

    /** The last two strings that were pushed, for STACK_GLOBAL. */
    private String below = "";

    private String top = "";

    private final Map<Integer, String> memo = new HashMap<>();

    private PickleReader(String label, byte[] bytes) {
        this.label = label;
        this.bytes = bytes;
    }

    /**
     * The dotted name of the first GLOBAL or STACK_GLOBAL; empty where the pickle stops before one.
     *
     * @param label names the pickle in errors
     */
    static Optional<String> firstGlobal(String label, byte[] bytes) {
        PickleReader reader = new PickleReader(label, bytes);
        while (true) {
            int opcode = reader.unsigned(1);
            if (opcode == 'c') {
                return Optional.of(reader.line() + "." + reader.line());
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
            case 'X', 'T' -> push(string(unsigned(4)));
            case 0x8c, 'U' -> push(string(unsigned(1)));
            case 0x8d -> push(string(longLength()));
            case 'q' -> memo.put(unsigned(1), top);
            case 'r' -> memo.put(unsigned(4), top);
            case 0x94 -> memo.put(memo.size(), top);
            case 'h' -> push(memo.getOrDefault(unsigned(1), ""));
            case 'j' -> push(memo.getOrDefault(unsigned(4), ""));
            case 'V', 'S', 'I', 'L', 'F', 'g', 'p', 'P' -> line();
            case 0x80, 'K', 0x82 -> skip(1);
            case 'M', 0x83 -> skip(2);
            case 'J', 0x84 -> skip(4);
            case 'G', 0x95 -> skip(8);
            case 0x8a, 'C' -> skip(unsigned(1));
            case 0x8b, 'B' -> skip(unsigned(4));
            case 0x8e, 0x96 -> skip(longLength());
            case '(', ')', ']', '}', 't', 'l', 'd', 'e', 'a', 's', 'u', 'o', 'b', 'R', 'N', 'Q', '0', '1', '2' -> {}
            case 0x81, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8f, 0x90, 0x91, 0x92, 0x97, 0x98 -> {}
            default -> throw damaged("unknown opcode " + opcode);
        }
    }

    private void push(String string) {
        below = top;
        top = string;
    }

    private int unsigned(int size) {
        int value = 0;
        need(size);
        for (int i = 0; i < size; i++) {
            value |= (bytes[at++] & 0xff) << (8 * i);
        }
        return value;
    }

    /** Eight bytes of length, of which the upper four must be zero here. */
    private int longLength() {
        int low = unsigned(4);
        if (unsigned(4) != 0) {
            throw damaged("an item runs past the end");
        }
        return low;
    }

    private String string(int size) {
        need(size);
        at += size;
        return new String(bytes, at - size, size, StandardCharsets.UTF_8);
    }

    private String line() {
        int start = at;
        while (unsigned(1) != '\n') {}
        return new String(bytes, start, at - 1 - start, StandardCharsets.UTF_8);
    }

    private void skip(int size) {
        need(size);
        at += size;
    }

    private void need(int size) {
        if (size < 0 || size > bytes.length - at) {
            throw damaged("an item runs past the end");
        }
    }

    private InputException damaged(String problem) {
        return new InputException(label + ": damaged pickle at byte " + at + ": " + problem);
    }
}

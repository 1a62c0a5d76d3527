package org.netdissect.torchscript.assembly;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.netdissect.torchscript.archive.TensorContent;

/**
 * Writes modules and their tensors as a pickle of protocol 2, as libtorch reads it
 * (torch/csrc/jit/serialization/unpickler.cpp). Opcodes are those of Python's pickletools.
 */
final class PickleWriter {
    private static final int LARGEST_BYTE = 0xff;
    private static final int LARGEST_SHORT = 0xffff;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    PickleWriter() {
        out.write(0x80);
        out.write(2);
    }

    /** Starts an object; its attributes follow. */
    void beginObject(String qualifiedClass) {
        global(qualifiedClass);
        text(")\u0081}(");
    }

    void endObject() {
        text("ub");
    }

    /** Writes a string: the name of an attribute, whose value follows. */
    void string(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        out.write('X');
        littleEndian(bytes.length, Integer.BYTES);
        out.writeBytes(bytes);
    }

    void bool(boolean value) {
        out.write(value ? 0x88 : 0x89);
    }

    /** Writes a tensor in C order that has a storage of its own. */
    void tensor(TensorContent tensor, int storage) {
        global("torch._utils._rebuild_tensor_v2");
        text("((");
        string("storage");
        global("torch." + tensor.type().storage());
        string(Integer.toString(storage));
        string("cpu");
        number(tensor.count());
        text("tQ");
        number(0);
        numbers(tensor.sizes());
        numbers(strides(tensor.sizes()));
        bool(false);
        global("collections.OrderedDict");
        text(")RtR");
    }

    byte[] finished() {
        out.write('.');
        return out.toByteArray();
    }

    private static List<Long> strides(List<Long> sizes) {
        Long[] strides = new Long[sizes.size()];
        long stride = 1;
        for (int i = strides.length - 1; i >= 0; i--) {
            strides[i] = stride;
            stride *= Math.max(1, sizes.get(i));
        }
        return List.of(strides);
    }

    private void numbers(List<Long> values) {
        out.write('(');
        values.forEach(this::number);
        out.write('t');
    }

    private void number(long value) {
        if (value <= LARGEST_BYTE) {
            out.write('K');
            out.write((int) value);
        } else if (value <= LARGEST_SHORT) {
            out.write('M');
            littleEndian(value, Short.BYTES);
        } else if (value <= Integer.MAX_VALUE) {
            out.write('J');
            littleEndian(value, Integer.BYTES);
        } else {
            out.write(0x8a);
            out.write(Long.BYTES);
            littleEndian(value, Long.BYTES);
        }
    }

    private void littleEndian(long value, int bytes) {
        for (int i = 0; i < bytes; i++) {
            out.write((int) (value >> (8 * i)));
        }
    }

    private void global(String qualified) {
        int dot = qualified.lastIndexOf('.');
        text("c" + qualified.substring(0, dot) + "\n" + qualified.substring(dot + 1) + "\n");
    }

    private void text(String opcodes) {
        out.writeBytes(opcodes.getBytes(StandardCharsets.ISO_8859_1));
    }
}

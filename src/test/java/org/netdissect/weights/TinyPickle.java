package org.netdissect.weights;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes small checkpoints byte by byte, as torch.save does. Values are the opcodes that push them, in Latin-1. */
public final class TinyPickle {
    private TinyPickle() {}

    public static String text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return "X" + little(4, bytes.length) + new String(bytes, StandardCharsets.ISO_8859_1);
    }

    public static String number(long value) {
        return "\u008a\u0008" + little(8, value);
    }

    public static String real(double value) {
        return "G" + new String(ByteBuffer.allocate(8).putDouble(value).array(), StandardCharsets.ISO_8859_1);
    }

    public static String little(int size, long value) {
        byte[] bytes = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
        return new String(bytes, 0, size, StandardCharsets.ISO_8859_1);
    }

    public static String global(String module, String name) {
        return "c" + module + "\n" + name + "\n";
    }

    public static String tuple(String... items) {
        return "(" + String.join("", items) + "t";
    }

    public static String list(String... items) {
        return "](" + String.join("", items) + "e";
    }

    public static String longs(long... numbers) {
        StringBuilder items = new StringBuilder("(");
        for (long number : numbers) {
            items.append(number(number));
        }
        return items + "t";
    }

    /** Names and values, in turn. */
    public static String dict(String... entries) {
        StringBuilder items = new StringBuilder("}(");
        for (int i = 0; i < entries.length; i += 2) {
            items.append(text(entries[i])).append(entries[i + 1]);
        }
        return items + "u";
    }

    public static String call(String module, String function, String... args) {
        return global(module, function) + tuple(args) + "R";
    }

    /** An object with attributes. */
    public static String object(String module, String type, String attributes) {
        return global(module, type) + ")\u0081" + attributes + "b";
    }

    public static String storage(String type, String key, long count) {
        return tuple(text("storage"), global("torch", type), text(key), text("cpu"), number(count)) + "Q";
    }

    /** A contiguous tensor that fills a storage of 32-bit numbers. */
    public static String tensor(String key, long... sizes) {
        long count = 1;
        for (long size : sizes) {
            count *= size;
        }
        long[] strides = new long[sizes.length];
        long stride = 1;
        for (int i = sizes.length - 1; i >= 0; i--) {
            strides[i] = stride;
            stride *= sizes[i];
        }
        return view(storage("FloatStorage", key, count), 0, longs(sizes), longs(strides));
    }

    public static String view(String storage, long offset, String sizes, String strides) {
        return call(
                "torch._utils",
                "_rebuild_tensor_v2",
                storage,
                number(offset),
                sizes,
                strides,
                "\u0089",
                call("collections", "OrderedDict"));
    }

    public static byte[] bytes(String latin1) {
        return latin1.getBytes(StandardCharsets.ISO_8859_1);
    }

    public static byte[] pickle(String value) {
        return bytes("\u0080\u0002" + value + ".");
    }

    public static byte[] floats(float... numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(numbers.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        for (float number : numbers) {
            bytes.putFloat(number);
        }
        return bytes.array();
    }

    /** A checkpoint as PyTorch 1.6 and later write it. */
    public static Path zip(Path file, String value, Map<String, byte[]> storages) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("archive/data.pkl"));
            zip.write(pickle(value));
            for (Map.Entry<String, byte[]> storage : storages.entrySet()) {
                zip.putNextEntry(new ZipEntry("archive/data/" + storage.getKey()));
                zip.write(storage.getValue());
            }
        }
        return Files.write(file, out.toByteArray());
    }

    /** A checkpoint as earlier versions write it; storages of 32-bit numbers. */
    public static byte[] legacy(String value, List<String> keys, List<byte[]> storages) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(bytes("\u0080\u0002\u008a\nl\u00fc\u009cF\u00f9 j\u00a8P\u0019."));
        out.write(pickle(number(1001)));
        out.write(pickle(dict("little_endian", "\u0088")));
        out.write(pickle(value));
        out.write(pickle(list(keys.stream().map(TinyPickle::text).toArray(String[]::new))));
        for (byte[] storage : storages) {
            out.write(bytes(little(8, storage.length / 4)));
            out.write(storage);
        }
        return out.toByteArray();
    }
}

package org.netdissect.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A small NumPy array of float32, read whole. */
final class Npy {
    private static final Pattern HEADER =
            Pattern.compile("\\{'descr': '<f4', 'fortran_order': False, 'shape': \\(([0-9, ]+)\\),? *\\}");

    private final int[] shape;
    private final float[] values;

    private Npy(int[] shape, float[] values) {
        this.shape = shape;
        this.values = values;
    }

    int[] shape() {
        return shape;
    }

    float[] values() {
        return values;
    }

    static Npy read(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        boolean old = bytes.get(6) == 1;
        int start = old ? 10 : 12;
        int length = old ? bytes.getShort(8) : bytes.getInt(8);
        String header = new String(bytes.array(), start, length, StandardCharsets.US_ASCII).strip();
        Matcher matcher = HEADER.matcher(header);
        if (!matcher.matches()) {
            throw new IOException(file + ": " + header);
        }
        int[] shape = Arrays.stream(matcher.group(1).split(", *", 0))
                .mapToInt(Integer::parseInt)
                .toArray();
        bytes.position(start + length);
        float[] values = new float[bytes.remaining() / Float.BYTES];
        bytes.asFloatBuffer().get(values);
        return new Npy(shape, values);
    }

    /** Activations of a layer of a run, from its cache. */
    static Npy activations(Path run, String layer) throws IOException {
        JsonNode json = new ObjectMapper().readTree(run.resolve("run.json").toFile());
        for (JsonNode row : json.path("layers")) {
            if (row.path("name").asText().equals(layer)) {
                return read(Path.of(row.path("activations").asText()));
            }
        }
        throw new IOException("no layer " + layer + " in " + json.path("layers"));
    }
}

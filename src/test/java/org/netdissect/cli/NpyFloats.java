package org.netdissect.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Float32 array in NumPy's file format, version 1.0: shape as in the header, and values. */
record NpyFloats(String shape, FloatBuffer values) {

    static NpyFloats read(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int length = bytes.getShort(8);
        String header = new String(bytes.array(), 10, length, StandardCharsets.US_ASCII);
        assertTrue(header.contains("<f4"), header);
        FloatBuffer values = bytes.position(10 + length)
                .slice()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        return new NpyFloats(header.substring(header.indexOf('('), header.indexOf(')') + 1), values);
    }

    /** Activations of a cache that has one layer. */
    static NpyFloats cached(Path cache) throws IOException {
        try (Stream<Path> files = Files.walk(cache)) {
            return read(files.filter(file -> file.endsWith("activations.npy"))
                    .reduce((one, other) -> {
                        throw new AssertionError("several activations: " + one + ", " + other);
                    })
                    .orElseThrow());
        }
    }

    /** Activations of a layer of a run, from its cache. */
    static NpyFloats activations(Path run, String layer) throws IOException {
        for (JsonNode row :
                new ObjectMapper().readTree(run.resolve("run.json").toFile()).path("layers")) {
            if (row.path("name").asText().equals(layer)) {
                return read(Path.of(row.path("activations").asText()));
            }
        }
        throw new AssertionError("no layer " + layer + " in " + run);
    }

    void expectCloseTo(NpyFloats right, double tolerance) {
        assertEquals(right.shape, shape);
        for (int i = 0; i < values.capacity(); i++) {
            assertEquals(right.values.get(i), values.get(i), tolerance, "value " + i);
        }
    }
}

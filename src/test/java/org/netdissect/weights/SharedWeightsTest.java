package org.netdissect.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.netdissect.base.InputException;
import org.netdissect.base.Json;
import org.netdissect.base.SharedData;
import org.netdissect.torchscript.archive.ElementType;

/** Real files of weights against the values that PyTorch reads, and hostile files. */
class SharedWeightsTest {
    private static final String FOLDER = "checkpoints/";

    private static Map<String, ElementType> types() {
        return Map.of(
                "float32", ElementType.FLOAT,
                "float64", ElementType.DOUBLE,
                "float16", ElementType.HALF,
                "bfloat16", ElementType.BFLOAT16,
                "int64", ElementType.LONG,
                "int32", ElementType.INT,
                "int16", ElementType.SHORT,
                "int8", ElementType.CHAR,
                "uint8", ElementType.BYTE,
                "bool", ElementType.BOOL);
    }

    private static List<Long> longs(JsonNode array) {
        List<Long> numbers = new ArrayList<>();
        array.forEach(number -> numbers.add(number.asLong()));
        return numbers;
    }

    @ParameterizedTest
    @CsvSource({
        "real/cifar10-resnet20.legacy.th, cifar10-resnet20, state_dict, true, true",
        "forms/state_dict.pth, cifar10-resnet20, '', true, true",
        "forms/state_dict.legacy.pth, cifar10-resnet20, '', true, true",
        "forms/checkpoint.pth.tar, cifar10-resnet20, state_dict, true, true",
        "forms/lightning.ckpt, cifar10-resnet20, state_dict, true, true",
        "forms/python2.pth.tar, cifar10-resnet20, state_dict, true, true",
        "forms/model.safetensors, cifar10-resnet20, '', true, true",
        "forms/half.pth, cifar10-resnet20, '', false, true",
        "forms/bfloat16.safetensors, cifar10-resnet20, '', false, true",
        "forms/whole_module.shufflenet_v2_x0_5.pt, shufflenet_v2_x0_5, '', true, true",
        "layouts/views.pth, views, '', true, true",
        "layouts/views.protocol4.pth, views, '', true, true",
        "layouts/views.legacy.pth, views, '', true, true",
        "layouts/views.big_endian.pth, views, '', true, true",
        "layouts/dtypes.pth, dtypes, '', true, true",
        "layouts/dtypes.legacy.pth, dtypes, '', true, true",
        "layouts/dtypes.safetensors, dtypes, '', true, false"
    })
    void tensorsAreThoseThatPytorchReads(String name, String expected, String key, boolean exact, boolean ordered)
            throws IOException {
        Path file = SharedData.require(FOLDER + name);
        JsonNode tensors = Json.read(Files.readAllBytes(SharedData.require(FOLDER + "expected/" + expected + ".json")))
                .get("tensors");
        try (WeightsFile weights = WeightsFile.open(file)) {
            TensorSet set = weights.tensors(null);
            assertEquals(key, set.key());
            assertEquals(Map.of(), set.unreadable());
            Map<String, String> names = TensorNames.stripped(set.tensors().keySet());
            List<String> found = new ArrayList<>();
            for (Map.Entry<String, StoredTensor> entry : set.tensors().entrySet()) {
                String bare = Objects.requireNonNull(names.get(entry.getKey()));
                if (!bare.equals("extreme") && tensors.has(bare)) {
                    found.add(bare);
                    check(tensors.get(bare), entry.getValue(), exact, ordered);
                } else {
                    assertTrue(bare.equals("extreme") || bare.endsWith("num_batches_tracked"), bare);
                }
            }
            List<String> all = new ArrayList<>();
            tensors.fieldNames().forEachRemaining(all::add);
            if (ordered && !name.endsWith(".safetensors")) {
                assertEquals(all, found);
            }
            assertEquals(Set.copyOf(all), Set.copyOf(found));
        }
    }

    private static void check(JsonNode expected, StoredTensor tensor, boolean exact, boolean strides)
            throws IOException {
        String label = tensor.label();
        assertEquals(longs(expected.get("shape")), tensor.sizes(), label);
        double[] values = doubles(tensor);
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        double tolerance = exact ? 1e-9 : 2e-2;
        double wanted = expected.get("sum").asDouble();
        assertEquals(wanted, sum, tolerance * (1 + Math.abs(wanted)), label);
        for (int i = 0; i < expected.get("first").size(); i++) {
            double first = expected.get("first").get(i).asDouble();
            assertEquals(first, values[i], (exact ? 0 : 1e-2) * Math.abs(first), label + ", number " + i);
        }
        if (exact) {
            assertEquals(types().get(expected.get("dtype").asText()), tensor.type(), label);
            if (strides) {
                assertEquals(longs(expected.get("stride")), tensor.strides(), label);
            }
        }
    }

    /** All numbers, read independently of the conversion that is tested elsewhere where they have 32 or 64 bits. */
    private static double[] doubles(StoredTensor tensor) throws IOException {
        if (tensor.type() != ElementType.FLOAT) {
            float[] narrow = tensor.values();
            double[] values = new double[narrow.length];
            for (int i = 0; i < narrow.length; i++) {
                values[i] = narrow[i];
            }
            return values;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        tensor.writeTo(out);
        assertEquals(tensor.bytes(), out.size(), tensor.label());
        ByteBuffer bytes = ByteBuffer.wrap(out.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
        double[] values = new double[(int) tensor.count()];
        for (int i = 0; i < values.length; i++) {
            values[i] = bytes.getFloat();
        }
        return values;
    }

    @Test
    void extremeNumbersKeepTheirBits() throws IOException {
        for (String name : List.of("dtypes.pth", "dtypes.legacy.pth", "dtypes.safetensors")) {
            StoredTensor extreme =
                    Objects.requireNonNull(WeightsFile.open(SharedData.require(FOLDER + "layouts/" + name))
                            .tensors(null)
                            .tensors()
                            .get("extreme"));
            float[] expected = {
                0f, -0f, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN, Float.MIN_VALUE, 3.4028235e38f
            };
            assertEquals(List.of(box(expected)), List.of(box(extreme.values())), name);
        }
    }

    private static Float[] box(float[] values) {
        Float[] boxed = new Float[values.length];
        for (int i = 0; i < values.length; i++) {
            boxed[i] = values[i];
        }
        return boxed;
    }

    @Test
    void unreadableKindsAreNamed() throws IOException {
        InputException complex = refused("layouts/complex.pth", null);
        assertTrue(String.valueOf(complex.getMessage()).contains("tensor complex: is complex"), complex.getMessage());
        InputException sparse = refused("layouts/sparse.pth", null);
        assertTrue(String.valueOf(sparse.getMessage()).contains("tensor sparse: is sparse"), sparse.getMessage());
    }

    @Test
    void nestedValuesAreFoundByKey() throws IOException {
        Path file = SharedData.require(FOLDER + "layouts/nested.pth");
        assertEquals(Set.of("0"), WeightsFile.open(file).tensors(".").tensors().keySet());
        assertTrue(String.valueOf(refused("layouts/nested.pth", "no.such").getMessage())
                .contains("expected one of . (1 tensor)"));
    }

    private static InputException refused(String name, @Nullable String key) throws IOException {
        WeightsFile file = WeightsFile.open(SharedData.require(FOLDER + name));
        return assertThrows(InputException.class, () -> file.tensors(key));
    }

    /** Bytes after the end, and a tensor beside a call that is not made. */
    private static final Set<String> MAY_BE_READ = Set.of("trailing.legacy.pth", "os_system_after_tensor.pth");

    @TestFactory
    Stream<DynamicTest> hostileFilesAreRefusedInOneLine() throws IOException {
        Path folder = SharedData.require(FOLDER + "hostile");
        List<Path> files;
        try (Stream<Path> listed = Files.list(folder)) {
            files = listed.sorted().toList();
        }
        assertTrue(files.size() > 70, "only " + files.size());
        return files.stream()
                .map(file -> DynamicTest.dynamicTest(
                        file.getFileName().toString(),
                        () -> assertTimeoutPreemptively(Duration.ofSeconds(20), () -> hostile(file))));
    }

    private static void hostile(Path file) throws IOException {
        try (WeightsFile weights = WeightsFile.open(file)) {
            for (StoredTensor tensor : weights.tensors(null).tensors().values()) {
                tensor.values();
            }
            assertTrue(MAY_BE_READ.contains(file.getFileName().toString()), file + " was read");
        } catch (InputException e) {
            String message = String.valueOf(e.getMessage());
            assertTrue(message.startsWith(file.toString()), message);
            assertEquals(1, message.lines().count(), message);
            assertTrue(message.length() < 600, message);
        }
        assertFalse(Files.exists(Path.of("netdissect-hostile-pickle-was-executed")));
    }
}

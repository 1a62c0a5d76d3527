package org.netdissect.exported;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.netdissect.base.InputException;
import org.netdissect.base.SharedData;
import org.netdissect.torchscript.TorchScriptArchive;
import org.netdissect.torchscript.archive.Provenance;
import org.netdissect.torchscript.archive.TensorContent;
import org.netdissect.torchscript.assembly.Assembly;

/**
 * Damaged documents of real archives are read or refused, and what is read becomes TorchScript. The property {@code
 * netdissect.mutations} makes it longer.
 */
class MutatedProgramTest {
    // PyTorch 2.6 writes -Infinity without quotes
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
            .build();
    private static final int MUTATIONS = Integer.getInteger("netdissect.mutations", 40);

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"vit.v2.14.1.any", "vit.v2.6.0.core", "swin.v2.14.1.batch1"})
    void damageIsTakenOrRefused(String name) throws IOException {
        Path real = SharedData.require("checkpoints/pt2/" + name + ".pt2");
        Map<String, byte[]> entries = entries(real);
        String graph = entries.keySet().stream()
                .filter(entry -> entry.endsWith("models/model.json") || entry.endsWith("exported_program.json"))
                .findFirst()
                .orElseThrow();
        List<String> lists = entries.keySet().stream()
                .filter(entry -> entry.endsWith("_config.json"))
                .toList();
        int refused = 0;
        for (int seed = 0; seed < MUTATIONS; seed++) {
            Random random = new Random(seed);
            boolean weights = !lists.isEmpty() && random.nextInt(4) == 0;
            String document = weights ? lists.get(random.nextInt(lists.size())) : graph;
            JsonNode tree = MAPPER.readTree(entries.get(document));
            for (int i = random.nextInt(3); i >= 0; i--) {
                mutate(tree, random);
            }
            Map<String, byte[]> changed = new LinkedHashMap<>(entries);
            changed.put(document, MAPPER.writeValueAsBytes(tree));
            Path file = folder.resolve("mutated.pt2");
            TinyProgram.zip(file, "", changed);
            refused += isRefused(file, name + ", seed " + seed) ? 1 : 0;
        }
        assertTrue(refused > MUTATIONS / 10, "only " + refused + " were refused");
    }

    private static boolean isRefused(Path file, String label) throws IOException {
        ExportedProgram program;
        try {
            program = ExportedProgram.open(file);
            for (TensorContent tensor : program.tensors().values()) {
                tensor.writeTo(OutputStream.nullOutputStream());
            }
        } catch (InputException e) {
            String message = String.valueOf(e.getMessage());
            assertTrue(message.startsWith(file.toString()), label + ": " + message);
            assertEquals(1, message.lines().count(), label + ": " + message);
            return true;
        }
        Provenance provenance = new Provenance("", 1, program.batch(), program.inputSize());
        TorchScriptArchive.of(Assembly.of(file, program.network(), program.tensors()::get, provenance));
        return false;
    }

    private static Map<String, byte[]> entries(Path real) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(real.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                try (InputStream in = zip.getInputStream(entry)) {
                    entries.put(entry.getName(), in.readAllBytes());
                }
            }
        }
        return entries;
    }

    /** Removes, replaces or copies a value somewhere in a document. */
    private static void mutate(JsonNode root, Random random) {
        List<JsonNode> containers = new ArrayList<>();
        collect(root, containers);
        JsonNode container = containers.get(random.nextInt(containers.size()));
        JsonNode other = containers.get(random.nextInt(containers.size()));
        JsonNode value = random.nextInt(3) == 0 ? other.deepCopy() : scalar(random);
        if (container instanceof ArrayNode array) {
            int at = array.isEmpty() ? 0 : random.nextInt(array.size());
            switch (array.isEmpty() ? 2 : random.nextInt(3)) {
                case 0 -> array.remove(at);
                case 1 -> array.set(at, value);
                default -> array.insert(at, value);
            }
        } else if (container instanceof ObjectNode object && !object.isEmpty()) {
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            String name = names.get(random.nextInt(names.size()));
            if (random.nextBoolean()) {
                object.remove(name);
            } else {
                object.set(name, value);
            }
        }
    }

    private static void collect(JsonNode node, List<JsonNode> containers) {
        if (node.isContainerNode()) {
            containers.add(node);
            node.forEach(child -> collect(child, containers));
        }
    }

    private static JsonNode scalar(Random random) {
        JsonNodeFactory factory = JsonNodeFactory.instance;
        long[] numbers = {0, -1, 1, 7, 1L << 31, Long.MAX_VALUE, Long.MIN_VALUE};
        String[] texts = {
            "", "x", "as_tensor", "torch.ops.aten.relu_.default", "a,b,c;d", "../../x", "\u0000\n\"'", "self"
        };
        return switch (random.nextInt(5)) {
            case 0 -> factory.nullNode();
            case 1 -> factory.booleanNode(random.nextBoolean());
            case 2 -> factory.textNode(texts[random.nextInt(texts.length)]);
            case 3 -> factory.numberNode(random.nextDouble());
            default -> factory.numberNode(numbers[random.nextInt(numbers.length)]);
        };
    }
}

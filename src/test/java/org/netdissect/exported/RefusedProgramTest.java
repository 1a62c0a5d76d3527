package org.netdissect.exported;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.netdissect.exported.TinyProgram.tensor;
import static org.netdissect.exported.TinyProgram.value;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.base.Failures;
import org.netdissect.base.InputException;
import org.netdissect.base.SharedData;

/** Archives that cannot be run are refused in one line that says why. */
class RefusedProgramTest {
    private static final String META = "{\"path_name\": \"weight_0\", \"tensor_meta\": ";

    @TempDir
    Path folder;

    private String message(TinyProgram program) throws IOException {
        Path file = program.write(folder.resolve("tiny.pt2"));
        String message = Failures.message(InputException.class, () -> ExportedProgram.open(file));
        assertEquals(1, message.lines().count(), message);
        assertTrue(message.startsWith(file.toString()), message);
        return message.substring(file.toString().length());
    }

    private static TinyProgram relu() {
        return new TinyProgram().node("aten.relu.default", "", "relu", "self", tensor("x"));
    }

    private static TinyProgram call(String target, String... more) {
        String[] arguments =
                Stream.concat(Stream.of("self", tensor("x")), Stream.of(more)).toArray(String[]::new);
        return new TinyProgram().node(target, "features features.norm", "out", arguments);
    }

    private static TinyProgram weight(String config) {
        return new TinyProgram()
                .parameter("w", 4)
                .config("w", config)
                .node("aten.add.Tensor", "", "add", "self", tensor("x"), "other", tensor("p_w"));
    }

    @TestFactory
    Stream<DynamicTest> reasonsAreNamed() {
        Map<String, TinyProgram> refused = new LinkedHashMap<>();
        refused.put("schema version 9;", relu().schema("{\"major\": 9, \"minor\": 1}"));
        refused.put("schema version 0;", relu().schema("0"));
        refused.put("schema_version is no object", relu().schema("\"8\""));
        refused.put(
                "training mode (dropout in features.norm is switched to training)",
                call("aten.dropout.default", "p", value("as_float", 0.5), "train", value("as_bool", "true")));
        refused.put(
                "training mode (batch_norm in features.norm",
                call("aten.batch_norm.default", "running_mean", tensor("x"), "training", value("as_bool", "true")));
        refused.put(
                "training mode (scaled_dot_product_attention",
                call("aten.scaled_dot_product_attention.default", "dropout_p", value("as_float", 0.1)));
        refused.put(
                "training mode (add_ changes w)",
                new TinyProgram()
                        .parameter("w", 4)
                        .node("aten.add_.Tensor", "", "a", "self", tensor("p_w"), "other", value("as_int", 1))
                        .node("aten.add.Tensor", "", "b", "self", tensor("x"), "other", tensor("a")));
        refused.put("custom operator other.scale.default in features.norm", call("other.scale.default"));
        refused.put("control flow (higher_order.cond", call("higher_order.cond", "", value("as_graph", "{}")));
        refused.put("is quantised (quantized_decomposed.quantize", call("quantized_decomposed.quantize.default"));
        refused.put("calls prims.iota.default", call("prims.iota.default"));
        refused.put("calls aten.from_file.default", call("aten.from_file.default", "a", value("as_string", "\"x\"")));
        refused.put("an argument mode that", call("aten.pad.default", "mode", value("as_string", "\"/etc\"")));
        refused.put("an argument dtype that", call("aten.to.dtype", "dtype", value("as_scalar_type", 10)));
        refused.put("an argument other that", call("aten.mul.Tensor", "other", value("as_complex", "{}")));
        refused.put("an argument layout that", call("aten.to.dtype", "layout", value("as_layout", 1)));
        refused.put("calls aten.if.default", call("aten.if.default"));
        refused.put("calls aten.a(b.default", call("aten.a(b.default"));
        refused.put("an argument a=b that", call("aten.add.Tensor", "alpha", value("as_int", 1), "a=b", tensor("x")));
        refused.put("takes 2 tensors (x, y)", relu().input("{\"user_input\": {\"arg\": " + tensor("y") + "}}"));
        refused.put("takes a tensor of 2 dimensions", relu().meta("x", TinyProgram.meta(7, 1, 2)));
        refused.put("takes no real numbers", relu().meta("x", TinyProgram.meta(1, 1, 2, 4, 4)));
        refused.put("images of sizes 0", relu().meta("x", TinyProgram.meta(7, 0, 2, 4, 4)));
        refused.put("its output none is never computed", relu().output("none"));
        refused.put("uses gone, which nothing before it gives", call("aten.add.Tensor", "other", tensor("gone")));
        refused.put("two values are called relu", relu().node("aten.relu.default", "", "relu", "self", tensor("x")));
        refused.put(
                "which gives nothing",
                relu().node("aten.relu.default", "", "", "self", tensor("x")).output("relu"));
        refused.put(
                "w: its numbers are missing",
                weight("{\"path_name\": \"../../w\", \"tensor_meta\": " + TinyProgram.meta(7, 4) + "}"));
        refused.put("expects [4]", weight(META + TinyProgram.meta(7, 2) + "}"));
        refused.put("reaches past the end", weight(META + TinyProgram.meta(8, 4) + "}"));
        refused.put("a negative size", weight(META + TinyProgram.meta(7, -4) + "}"));
        refused.put("a negative offset", weight(META + TinyProgram.meta(7, new long[] {4}, new long[] {1}, -1) + "}"));
        refused.put(
                "beyond 64 bits",
                weight(META + TinyProgram.meta(7, new long[] {1L << 62, 4}, new long[] {0, 1}, 0) + "}"));
        refused.put(
                "far more than the file",
                weight(META + TinyProgram.meta(7, new long[] {1L << 40}, new long[] {0}, 0) + "}")
                        .meta("p_w", TinyProgram.meta(7, 1L << 40)));
        refused.put("complex, quantised, sparse", weight(META + TinyProgram.meta(10, 4) + "}"));
        refused.put("an object of Python", weight("{\"path_name\": \"weight_0\", \"use_pickle\": true}"));
        refused.put("has no \"path_name\"", weight("{\"path\": 3}"));
        return refused.entrySet().stream()
                .map(each -> DynamicTest.dynamicTest(each.getKey(), () -> {
                    String message = message(each.getValue());
                    assertTrue(message.contains(each.getKey()), message);
                }));
    }

    @Test
    void documentsThatAreDamagedOrTooLarge() throws IOException {
        Map<String, String> documents = Map.of(
                "cannot be read as JSON", "{\"graph_module\": ",
                "is empty", " ",
                "goes on behind its end", "{} {}",
                "graph_module", "{\"schema_version\": 8, \"graph_module\": []}",
                "Duplicate", "{\"schema_version\": 8, \"schema_version\": 8}",
                "nesting depth", "[".repeat(100_000),
                "out of range of long", "{\"schema_version\": 123456789012345678901234567890}");
        documents.forEach((reason, json) -> {
            try {
                String message = message(relu().entry("models/model.json", json.getBytes(StandardCharsets.UTF_8)));
                assertTrue(message.contains(reason), message);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void compiledPackagesAreNone() throws IOException {
        Path file = folder.resolve("compiled.pt2");
        TinyProgram.zip(
                file,
                "tiny/",
                Map.of(
                        "archive_format",
                        "pt2".getBytes(StandardCharsets.UTF_8),
                        "data/aotinductor/model/a.so",
                        new byte[4]));
        String message = Failures.message(InputException.class, () -> ExportedProgram.isExported(file));
        assertTrue(message.contains("AOTInductor"), message);
    }

    /** Real archives whose names say so. */
    @TestFactory
    Stream<DynamicTest> realArchives() {
        Path real = SharedData.require("checkpoints/pt2");
        Map<String, String> reasons = Map.of(
                "two-inputs.v%s.refuse.pt2", "takes 2 tensors (a, b)",
                "condition.v%s.refuse.pt2", "control flow",
                "custom-operator.v%s.refuse.pt2", "custom operator other.scale",
                "densenet.v%s.train.pt2", "training mode");
        return reasons.entrySet().stream()
                .flatMap(each -> List.of("2.6.0", "2.14.1").stream()
                        .map(version -> real.resolve(String.format(each.getKey(), version)))
                        .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> {
                            assertTrue(ExportedProgram.isExported(file));
                            String message = Failures.message(InputException.class, () -> ExportedProgram.open(file));
                            assertTrue(message.contains(each.getValue()), message);
                            assertEquals(1, message.lines().count(), message);
                        })));
    }

    @Test
    void otherFilesAreNone() {
        Path checkpoint = SharedData.require("checkpoints/forms/state_dict.pth");
        try {
            assertFalse(ExportedProgram.isExported(checkpoint));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        assertTrue(Files.exists(checkpoint));
    }
}

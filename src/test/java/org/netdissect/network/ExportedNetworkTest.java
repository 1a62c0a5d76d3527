package org.netdissect.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.netdissect.exported.TinyProgram.size;
import static org.netdissect.exported.TinyProgram.tensor;
import static org.netdissect.exported.TinyProgram.tensors;
import static org.netdissect.exported.TinyProgram.value;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.netdissect.base.GridSize;
import org.netdissect.base.Json;
import org.netdissect.base.SharedData;
import org.netdissect.exported.ExportedProgram;
import org.netdissect.exported.TinyProgram;
import org.netdissect.torchscript.ModuleNode;
import org.netdissect.torchscript.TorchScriptArchive;
import org.netdissect.torchscript.archive.Provenance;
import org.netdissect.torchscript.assembly.Assembly;
import org.netdissect.torchscript.field.ReceptiveFields;

/** Networks of torch.export compute what PyTorch computed, at every module. */
class ExportedNetworkTest {
    private static final double TOLERANCE = 1e-4;

    /** Half precision has 11 binary digits; the expected values are those of 32-bit weights. */
    private static final double HALF_TOLERANCE = 5e-3;

    private static final int IMAGES = 2;
    private static final List<String> STOCHASTIC_DEPTHS = List.of(
            "features.1.0.stochastic_depth",
            "features.1.1.stochastic_depth",
            "features.3.0.stochastic_depth",
            "features.3.1.stochastic_depth");

    /**
     * Modules that pass their input on in evaluation, and so leave no operator in a graph: dropouts in decomposed graphs,
     * and torchvision's stochastic depth.
     */
    private static final Map<String, List<String>> WITHOUT_NODES = Map.of(
            "mobilenet_v3.core", List.of("classifier.2"),
            "swin.any", STOCHASTIC_DEPTHS,
            "swin.batch1", STOCHASTIC_DEPTHS);

    @TempDir
    Path scratch;

    @TestFactory
    Stream<DynamicTest> everyArchiveComputesWhatPyTorchDid() throws IOException {
        Path folder = SharedData.require("checkpoints/pt2");
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(file -> file.toString().endsWith(".pt2"))
                    .filter(file -> !file.toString().contains(".refuse.")
                            && !file.toString().contains(".train."))
                    .sorted()
                    .toList();
        }
        assertTrue(files.size() > 30, files.toString());
        return files.stream()
                .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> check(file)));
    }

    private void check(Path file) throws IOException {
        String name = file.getFileName().toString();
        String network = name.substring(0, name.indexOf(".v"));
        JsonNode expected = Json.read(Files.readAllBytes(file.resolveSibling(network + ".json")));
        double tolerance = name.contains(".half.") ? HALF_TOLERANCE : TOLERANCE;
        TorchScriptArchive archive = archive(file);
        GridSize size = new GridSize(
                expected.get("size").intValue(), expected.get("size").intValue());
        List<String> layers = archive.modules().stream()
                .filter(ModuleNode::tappable)
                .map(ModuleNode::name)
                .toList();
        JsonNode outputs = expected.get("outputs");
        List<String> missing = new ArrayList<>();
        outputs.fieldNames().forEachRemaining(missing::add);
        missing.removeAll(layers);
        try (LoadedNetwork loaded = LoadedNetwork.load(archive, layers, ComputeDevice.CPU, scratch);
                NDManager manager = loaded.newManager()) {
            InputBatch images = images(size);
            close(logits(file.resolveSibling(network + ".logits.npy")), BareForward.values(loaded, images), tolerance);
            NDList taps = loaded.run(manager, TorchScriptArchive.TAPPED_METHOD, images);
            for (String layer : layers) {
                JsonNode wanted = outputs.get(layer);
                assertTrue(wanted != null, layer + " has an output that PyTorch's has not");
                same(layer, wanted, Objects.requireNonNull(LayerReader.byName(taps, layer)), tolerance);
            }
        }
        String kind = name.substring(0, name.length() - ".pt2".length());
        kind = network + kind.substring(kind.lastIndexOf('.'));
        assertEquals(WITHOUT_NODES.getOrDefault(kind, List.of()), missing);
    }

    /** Written after the specification, not by PyTorch, of the network that has another file's logits. */
    @Test
    void theLayoutOfTheSpecification() throws IOException {
        Path file = SharedData.require("checkpoints/forms/exported.synthetic.pt2");
        GridSize size = new GridSize(32, 32);
        Path expected = SharedData.require("checkpoints/pt2/cifar-resnet20.logits.npy");
        try (LoadedNetwork loaded = LoadedNetwork.load(archive(file), List.of(), ComputeDevice.CPU, scratch)) {
            close(logits(expected), BareForward.values(loaded, images(size)), TOLERANCE);
        }
    }

    /** Decomposed graphs and those with symbolic sizes have the fields that PyTorch's trace of the network has. */
    @ParameterizedTest
    @ValueSource(
            strings = {"cifar-resnet20.v2.6.0.core", "cifar-resnet20.v2.14.1.any", "vit.v2.14.1.core", "vit.v2.6.0.any"
            })
    void fieldsAreKnown(String name) throws IOException {
        boolean residual = name.startsWith("cifar");
        int side = residual ? 32 : 64;
        TorchScriptArchive archive = archive(SharedData.require("checkpoints/pt2/" + name + ".pt2"));
        ReceptiveFields fields = ReceptiveFields.of(archive, new GridSize(side, side));
        // 3 + 2 * 2 pixels after three convolutions; 8 pixels and, by attention, all others
        String layer = residual ? "layer1.0.conv2" : "blocks.1";
        assertTrue(fields.of(layer).isPresent(), fields.obstacle(layer));
        assertEquals(residual ? 7 : 8, fields.of(layer).get().rows().size());
        assertEquals(!residual, fields.of(layer).get().wholeImage());
    }

    /** libtorch finds an operator for each spelling. */
    @Test
    void spellingsAreTaken() throws IOException {
        TinyProgram program = new TinyProgram()
                .parameter("w", 2, 2, 3, 3)
                .node("aten.sym_size.int", "", size("s"), "self", tensor("x"), "dim", value("as_int", 3))
                .node("_operator.mul", "", size("m"), "a", size("s"), "b", value("as_int", 3))
                .node("_operator.floordiv", "", size("h"), "a", size("m"), "b", value("as_int", 6))
                .node("torch.sym_max", "", size("n"), "a", size("h"), "b", size("s"))
                .node(
                        "_operator.truediv",
                        "",
                        value("as_sym_float", "{\"as_name\": \"q\"}"),
                        "a",
                        size("n"),
                        "b",
                        size("s"))
                .node("torch.sym_int", "", size("k"), "a", value("as_sym_float", "{\"as_name\": \"q\"}"))
                .node(
                        "aten.arange.default",
                        "",
                        "i",
                        "end",
                        size("h"),
                        "dtype",
                        value("as_scalar_type", 5),
                        "layout",
                        value("as_layout", 7),
                        "device",
                        value("as_device", "{\"type\": \"cpu\"}"),
                        "pin_memory",
                        value("as_bool", "false"))
                .node(
                        "aten.index.Tensor",
                        "a",
                        "t1",
                        "self",
                        tensor("x"),
                        "indices",
                        value("as_optional_tensors", "[{\"as_none\": true}, " + tensor("i") + "]"))
                .node(
                        "aten.conv2d.padding",
                        "a",
                        "t2",
                        "input",
                        tensor("t1"),
                        "weight",
                        tensor("p_w"),
                        "bias",
                        value("as_none", "true"),
                        "stride",
                        value("as_ints", "[1, 1]"),
                        "padding",
                        value("as_string", "\"same\""))
                .node(
                        "aten.add_.Tensor",
                        "b",
                        "t3",
                        "self",
                        tensor("t2"),
                        "other",
                        tensor("x"),
                        "alpha",
                        value("as_int", 2))
                .node("aten.eq.Scalar", "", "e", "self", tensor("t3"), "other", value("as_float", "\"-Infinity\""))
                .node(
                        "aten.masked_fill.Scalar",
                        "",
                        "t4",
                        "self",
                        tensor("t3"),
                        "mask",
                        tensor("e"),
                        "value",
                        value("as_float", "\"Infinity\""))
                .node(
                        "aten.clamp.default",
                        "",
                        "t5",
                        "self",
                        tensor("t4"),
                        "min",
                        value("as_none", "true"),
                        "max",
                        value("as_float", 6.0))
                .node(
                        "aten.avg_pool2d.default",
                        "",
                        "t6",
                        "self",
                        tensor("t5"),
                        "kernel_size",
                        value("as_ints", "[2, 2]"),
                        "stride",
                        value("as_ints", "[]"))
                .node(
                        "aten.upsample_nearest2d.vec",
                        "",
                        "t7",
                        "input",
                        tensor("t6"),
                        "output_size",
                        value("as_none", "true"),
                        "scale_factors",
                        value("as_floats", "[2.0, 2.0]"))
                .node(
                        "aten.chunk.default",
                        "",
                        tensors("c1", "c2"),
                        "self",
                        tensor("t7"),
                        "chunks",
                        value("as_int", 2),
                        "dim",
                        value("as_int", 1))
                .node(
                        "aten.max.dim",
                        "",
                        tensor("t8") + ", " + tensor("where"),
                        "self",
                        tensor("c2"),
                        "dim",
                        value("as_int", 1),
                        "keepdim",
                        value("as_bool", "true"))
                .node(
                        "aten.native_layer_norm.default",
                        "",
                        tensor("t9") + ", " + tensor("mean") + ", " + tensor("rstd"),
                        "input",
                        tensor("t8"),
                        "normalized_shape",
                        value("as_sym_ints", "[{\"as_name\": \"s\"}]"),
                        "weight",
                        value("as_none", "true"),
                        "bias",
                        value("as_none", "true"),
                        "eps",
                        value("as_float", 1e-5))
                .node(
                        "aten.addcmul.default",
                        "",
                        "t10",
                        "self",
                        tensor("t9"),
                        "tensor1",
                        tensor("mean"),
                        "tensor2",
                        tensor("rstd"),
                        "value",
                        value("as_int", 2))
                .node(
                        "aten.to.dtype",
                        "",
                        "t11",
                        "self",
                        tensor("t10"),
                        "dtype",
                        value("as_scalar_type", 8),
                        "non_blocking",
                        value("as_bool", "false"))
                .node("aten._to_copy.default", "", "t12", "self", tensor("t11"), "dtype", value("as_scalar_type", 7))
                .node(
                        "aten.std.correction",
                        "",
                        "t13",
                        "self",
                        tensor("t12"),
                        "dim",
                        value("as_ints", "[3]"),
                        "correction",
                        value("as_int", 0),
                        "keepdim",
                        value("as_bool", "true"))
                .node(
                        "aten.einsum.default",
                        "",
                        "t14",
                        "equation",
                        value("as_string", "\"bchw,bchw->bhc\""),
                        "tensors",
                        tensors("t12", "t13"))
                .node(
                        "aten.view.default",
                        "",
                        "t15",
                        "self",
                        tensor("t14"),
                        "size",
                        value("as_sym_ints", "[{\"as_name\": \"k\"}, {\"as_int\": -1}]"));
        Path file = program.write(scratch.resolve("spellings.pt2"));
        try (LoadedNetwork loaded = LoadedNetwork.load(archive(file), List.of("a", "b"), ComputeDevice.CPU, scratch)) {
            InputBatch image = new InputBatch(
                    ByteBuffer.allocateDirect(32 * Float.BYTES).order(ByteOrder.nativeOrder()),
                    1,
                    2,
                    new GridSize(4, 4));
            assertEquals(4, BareForward.values(loaded, image).length);
            loaded.tryPass(image);
        }
    }

    private static TorchScriptArchive archive(Path file) throws IOException {
        assertTrue(ExportedProgram.isExported(file));
        ExportedProgram program = ExportedProgram.open(file);
        Map<String, ?> tensors = program.tensors();
        assertEquals(program.network().allTensors().keySet(), tensors.keySet());
        Provenance provenance = new Provenance("exported", 1, program.batch(), program.inputSize());
        return TorchScriptArchive.of(Assembly.of(file, program.network(), program.tensors()::get, provenance));
    }

    private static void same(String layer, JsonNode wanted, NDArray found, double tolerance) {
        List<Long> shape = new ArrayList<>();
        for (long side : found.getShape().getShape()) {
            shape.add(side);
        }
        List<Long> shapeWanted = new ArrayList<>();
        wanted.get("shape").forEach(side -> shapeWanted.add(side.longValue()));
        assertEquals(shapeWanted, shape, layer);
        double sum = 0;
        double absolute = 0;
        for (float value : found.toFloatArray()) {
            sum += value;
            absolute += Math.abs(value);
        }
        double scale = wanted.get("abs").doubleValue();
        assertEquals(scale, absolute, tolerance * scale, layer);
        assertEquals(wanted.get("sum").doubleValue(), sum, tolerance * scale, layer);
    }

    private static void close(float[] wanted, float[] found, double tolerance) {
        assertEquals(wanted.length, found.length);
        float greatest = 0;
        for (float value : wanted) {
            greatest = Math.max(greatest, Math.abs(value));
        }
        for (int i = 0; i < wanted.length; i++) {
            assertEquals(wanted[i], found[i], tolerance * greatest, "logit " + i);
        }
    }

    /** The images of the formula: a multiple of the position, modulo 2^32, spread over -2 to 2. */
    private static InputBatch images(GridSize size) {
        int count = IMAGES * 3 * size.cells();
        ByteBuffer values = ByteBuffer.allocateDirect(count * Float.BYTES).order(ByteOrder.nativeOrder());
        for (long i = 0; i < count; i++) {
            values.putFloat((float) ((i * 2654435761L & 0xffffffffL) / 4294967296.0 * 4 - 2));
        }
        return new InputBatch(values.flip(), IMAGES, 3, size);
    }

    private static float[] logits(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        bytes.position(10 + bytes.getShort(8));
        float[] numbers = new float[bytes.remaining() / Float.BYTES];
        bytes.asFloatBuffer().get(numbers);
        return numbers;
    }
}

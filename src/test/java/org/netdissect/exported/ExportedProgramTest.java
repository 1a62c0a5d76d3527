package org.netdissect.exported;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.netdissect.exported.TinyProgram.size;
import static org.netdissect.exported.TinyProgram.tensor;
import static org.netdissect.exported.TinyProgram.tensors;
import static org.netdissect.exported.TinyProgram.value;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.base.GridSize;
import org.netdissect.torchscript.archive.ElementType;
import org.netdissect.torchscript.archive.TensorContent;

/** Graphs become code line by line. */
class ExportedProgramTest {
    @TempDir
    Path folder;

    private ExportedProgram open(TinyProgram program) throws IOException {
        return ExportedProgram.open(program.write(folder.resolve("tiny.pt2")));
    }

    private List<String> code(TinyProgram program) throws IOException {
        return open(program).network().body();
    }

    private static float[] values(ExportedProgram program, String name) throws IOException {
        TensorContent content = Objects.requireNonNull(program.tensors().get(name), name);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        content.writeTo(bytes);
        assertEquals(content.bytes(), bytes.size());
        float[] numbers = new float[bytes.size() / Float.BYTES];
        ByteBuffer.wrap(bytes.toByteArray())
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(numbers);
        return numbers;
    }

    @Test
    void aModulesOutputPassesThroughIt() throws IOException {
        ExportedProgram program = open(new TinyProgram()
                .parameter("layer1.0.fc.weight", 3, 4)
                .node(
                        "aten.linear.default",
                        "layer1 layer1.0 layer1.0.fc",
                        "linear",
                        "input",
                        tensor("x"),
                        "weight",
                        tensor("p_layer1_0_fc_weight"))
                .node("aten.relu.default", "layer1 layer1.0", "relu", "self", tensor("linear"))
                .node("aten.add.Tensor", "", "add", "self", tensor("relu"), "other", tensor("relu")));
        assertEquals(
                List.of(
                        "v0 = torch.linear(x, getattr(self.layer1, \"0\").fc.weight)",
                        "v1 = (getattr(self.layer1, \"0\").fc).forward(v0, )",
                        "v2 = torch.relu(v1)",
                        "v3 = (getattr(self.layer1, \"0\")).forward(v2, )",
                        "v4 = (self.layer1).forward(v3, )",
                        "v5 = torch.add(v4, v4)",
                        "return v5"),
                program.network().body());
        assertEquals("test.Net", program.network().type());
        assertEquals(
                List.of("return x"),
                Objects.requireNonNull(program.network().submodules().get("layer1"))
                        .body());
        assertEquals(program.network().allTensors().keySet(), program.tensors().keySet());
        assertEquals(OptionalInt.of(1), program.batch());
        assertEquals(Optional.of(new GridSize(4, 4)), program.inputSize());
        assertEquals(Map.of(), program.obstacles());
    }

    /** A rectifier used twice runs twice; what changes a tensor in place comes after the module that made it. */
    @Test
    void callsAndChangesInPlaceKeepTheirOrder() throws IOException {
        assertEquals(
                List.of(
                        "v0 = torch.neg(x)",
                        "v1 = (self.a).forward(v0, )",
                        "v2 = torch.relu_(v1)",
                        "v3 = (self.act).forward(v2, )",
                        "v4 = torch.neg(v3)",
                        "v5 = torch.relu_(v4)",
                        "v6 = (self.act).forward(v5, )",
                        // the first name of a tensor that was changed in place
                        "v7 = torch.add(v6, v3)",
                        "return v7"),
                code(new TinyProgram()
                        .node("aten.neg.default", "a", "neg", "self", tensor("x"))
                        .node("aten.relu_.default", "act", "relu_", "self", tensor("neg"))
                        .node("aten.neg.default", "", "neg_1", "self", tensor("relu_"))
                        .node("aten.relu_.default", "act@1", "relu__1", "self", tensor("neg_1"))
                        .node("aten.add.Tensor", "", "add", "self", tensor("neg_1"), "other", tensor("neg"))));
    }

    @Test
    void modulesWithSeveralOutputsOrNoneHaveAReason() throws IOException {
        ExportedProgram program = open(new TinyProgram()
                .node("aten.neg.default", "two", "a", "self", tensor("x"))
                .node("aten.abs.default", "two", "b", "self", tensor("x"))
                .node("aten.exp.default", "none", "c", "self", tensor("x"))
                .node("aten.add.Tensor", "", "add", "self", tensor("a"), "other", tensor("b")));
        assertEquals(
                Map.of("two", "gives several tensors: a, b", "none", "gives no tensor that the network uses"),
                program.obstacles());
        assertEquals(
                List.of("two", "none"),
                List.copyOf(program.network().submodules().keySet()));
    }

    /** Nodes without modules do not end the modules around them. */
    @Test
    void sizesLieInTheModulesAroundThem() throws IOException {
        TinyProgram program = new TinyProgram()
                .meta(
                        "x",
                        "{\"dtype\": 7, \"sizes\": [{\"as_expr\": {\"expr_str\": \"Symbol('s0')\"}}, {\"as_int\": 2},"
                                + " {\"as_int\": 4}, {\"as_expr\": {\"expr_str\": \"Symbol('s1')\"}}]}")
                .node("aten.neg.default", "a", "neg", "self", tensor("x"))
                .node("aten.sym_size.int", "", size("s"), "self", tensor("x"), "dim", value("as_int", 0))
                .node("_operator.mul", "", size("m"), "a", size("s"), "b", value("as_int", 8))
                .node(
                        "aten.view.default",
                        "a",
                        "view",
                        "self",
                        tensor("neg"),
                        "size",
                        value("as_sym_ints", "[{\"as_name\": \"m\"}, {\"as_int\": -1}]"));
        String json = program.json()
                .replace("L__self__,,test.Net\", \"stack_trace\"", "_empty_nn_module_stack_x,_e,_e\", \"s\"");
        ExportedProgram opened = open(program.entry("models/model.json", json.getBytes(StandardCharsets.UTF_8)));
        assertEquals(
                List.of(
                        "v0 = torch.neg(x)",
                        "v1 = torch.size(x, 0)",
                        "v2 = torch.mul(v1, 8)",
                        "v3 = torch.view(v0, [v2, -1])",
                        "v4 = (self.a).forward(v3, )",
                        "return v4"),
                opened.network().body());
        assertEquals(OptionalInt.empty(), opened.batch());
        assertEquals(Optional.empty(), opened.inputSize());
    }

    @Test
    void argumentsAreSpelledAsTorchScriptDoes() throws IOException {
        TinyProgram program = new TinyProgram()
                .node(
                        "aten.add.Tensor",
                        "",
                        "a",
                        "self",
                        tensor("x"),
                        "other",
                        tensor("x"),
                        "alpha",
                        value("as_int", 2))
                .node(
                        "aten.index.Tensor",
                        "",
                        "b",
                        "self",
                        tensor("a"),
                        "indices",
                        value("as_optional_tensors", "[{\"as_none\": true}, " + tensor("x") + "]"))
                .node(
                        "aten.to.dtype",
                        "",
                        "c",
                        "self",
                        tensor("b"),
                        "dtype",
                        value("as_scalar_type", 6),
                        "non_blocking",
                        value("as_bool", "false"))
                .node("aten.clone.default", "", "d", "self", tensor("c"), "memory_format", value("as_memory_format", 4))
                .node(
                        "aten.masked_fill.Scalar",
                        "",
                        "e",
                        "self",
                        tensor("d"),
                        "mask",
                        tensor("d"),
                        "value",
                        value("as_float", "\"-Infinity\""))
                .node(
                        "aten.avg_pool2d.default",
                        "",
                        "f",
                        "self",
                        tensor("e"),
                        "kernel_size",
                        value("as_ints", "[2, 2]"),
                        "stride",
                        value("as_ints", "[]"))
                .node(
                        "aten.new_zeros.default",
                        "",
                        "g",
                        "self",
                        tensor("f"),
                        "size",
                        value("as_ints", "[2]"),
                        "layout",
                        value("as_layout", 7),
                        "device",
                        value("as_device", "{\"type\": \"cuda\", \"index\": 0}"),
                        "pin_memory",
                        value("as_bool", "false"))
                .node("aten.gelu.default", "", "h", "self", tensor("g"), "approximate", value("as_string", "\"tanh\""))
                .node(
                        "aten.slice.Tensor",
                        "",
                        "i",
                        "self",
                        tensor("h"),
                        "dim",
                        value("as_int", 0),
                        "start",
                        value("as_none", "true"),
                        "end",
                        value("as_int", "9223372036854775807"))
                .node(
                        "aten.layer_norm.default",
                        "",
                        "j",
                        "input",
                        tensor("i"),
                        "normalized_shape",
                        value("as_ints", "[2]"),
                        "weight",
                        value("as_none", "true"),
                        "bias",
                        value("as_none", "true"),
                        "eps",
                        value("as_float", "1e-05"));
        assertEquals(
                List.of(
                        "v0 = torch.add(x, x, alpha=2)",
                        "v1 = torch.index(v0, annotate(List[Optional[Tensor]], [None, x]))",
                        "v2 = torch.to(v1, dtype=6, non_blocking=False)",
                        "v3 = torch.clone(v2, memory_format=1)",
                        "v4 = torch.masked_fill(v3, v3, -inf)",
                        "v5 = torch.avg_pool2d(v4, [2, 2], annotate(List[int], []))",
                        "v6 = torch.new_zeros(v5, [2], device=torch.device(\"cpu\"))",
                        "v7 = torch.gelu(v6, approximate=\"tanh\")",
                        "v8 = torch.slice(v7, 0, None, 9223372036854775807)",
                        "v9 = torch.layer_norm(v8, [2], None, None, 1.0e-5)",
                        "return v9"),
                code(program));
    }

    @Test
    void severalOutputsAreTakenApartWhereTheyAreUsed() throws IOException {
        TinyProgram program = new TinyProgram()
                .node(
                        "aten.chunk.default",
                        "",
                        tensors("a", "b", "c"),
                        "self",
                        tensor("x"),
                        "chunks",
                        value("as_int", 3))
                .node(
                        "aten.native_layer_norm.default",
                        "",
                        tensor("n") + ", " + tensor("mean") + ", " + tensor("rstd"),
                        "input",
                        tensor("c"),
                        "normalized_shape",
                        value("as_ints", "[4]"),
                        "weight",
                        value("as_none", "true"),
                        "bias",
                        value("as_none", "true"),
                        "eps",
                        value("as_float", 0.5))
                .node(
                        "aten.native_layer_norm.default",
                        "",
                        tensor("n2") + ", " + tensor("mean2") + ", " + tensor("rstd2"),
                        "input",
                        tensor("a"),
                        "normalized_shape",
                        value("as_ints", "[4]"),
                        "weight",
                        value("as_none", "true"),
                        "bias",
                        value("as_none", "true"),
                        "eps",
                        value("as_float", 0.5))
                .node("aten.add.Tensor", "", "add", "self", tensor("n"), "other", tensor("rstd2"));
        assertEquals(
                List.of(
                        "v0 = torch.chunk(x, 3)",
                        "v1 = v0[0]",
                        "v2 = v0[2]",
                        "v3 = torch.layer_norm(v2, [4], None, None, 0.5)",
                        "v4, v5, v6 = torch.native_layer_norm(v1, [4], None, None, 0.5)",
                        "v7 = torch.add(v3, v6)",
                        "return v7"),
                code(program));
    }

    /** PyTorch 2.1 and 2.2 write all alternatives, null but one; 2.1 writes the signature as lists of names. */
    @Test
    void formsOfTheFirstSchemas() throws IOException {
        TinyProgram program = new TinyProgram()
                .schema("1")
                .parameter("w", 4)
                .node(
                        "aten.add.Tensor",
                        "",
                        "add",
                        "self",
                        "{\"as_none\": null, " + tensor("x").substring(1),
                        "other",
                        "{\"as_int\": null, " + tensor("p_w").substring(1));
        String json = program.json()
                .replaceAll(
                        "\"signature\": .*, \"schema_version\"",
                        "\"signature\": {\"inputs_to_parameters\": {\"p_w\": \"w\"}, \"inputs_to_buffers\": {},"
                                + " \"user_inputs\": [\"x\"], \"user_outputs\": [\"add\"]}}, \"schema_version\"");
        assertEquals(
                List.of("v0 = torch.add(x, self.w)", "return v0"),
                code(program.entry("models/model.json", json.getBytes(StandardCharsets.UTF_8))));
    }

    @Test
    void namesThatTorchScriptHasNot() throws IOException {
        ExportedProgram program = open(new TinyProgram()
                .parameter("if.weight-1", 4)
                .parameter("list.0", 4)
                .node("aten.add.Tensor", "if if.a:b", "a", "self", tensor("x"), "other", tensor("p_if_weight-1"))
                .node("aten.add.Tensor", "", "b", "self", tensor("a"), "other", tensor("p_list_0")));
        assertEquals(
                List.of(
                        "v0 = torch.add(x, self.if_.weight_1)",
                        "v1 = (self.if_.a_b).forward(v0, )",
                        "v2 = (self.if_).forward(v1, )",
                        "v3 = torch.add(v2, self.list.p0)",
                        "return v3"),
                program.network().body());
        assertEquals(
                List.of("if_.weight_1", "list.p0"),
                List.copyOf(program.tensors().keySet()));
        assertArrayEquals(new float[] {0, 1, 2, 3}, values(program, "list.p0"));
    }

    /** A storage may hold several tensors, in any order of their numbers, of other types. */
    @Test
    void tensorsAreViewsOfStorages() throws IOException {
        long[] sizes = {2, 2};
        TinyProgram program = new TinyProgram()
                .parameter("whole", 2, 3)
                .stored("part", TinyProgram.meta(7, sizes, new long[] {1, 3}, 1), new byte[24])
                .stored("half", TinyProgram.meta(6, 2), new byte[] {0, 0x3c, 0, (byte) 0xc0})
                .node("aten.add.Tensor", "", "a", "self", tensor("x"), "other", tensor("p_whole"))
                .node("aten.add.Tensor", "", "b", "self", tensor("a"), "other", tensor("p_part"))
                .node("aten.add.Tensor", "", "c", "self", tensor("b"), "other", tensor("p_half"));
        program.config(
                "part",
                "{\"path_name\": \"weight_0\", \"tensor_meta\": " + TinyProgram.meta(7, sizes, new long[] {1, 3}, 1)
                        + "}");
        ExportedProgram opened = open(program);
        assertArrayEquals(new float[] {1, 4, 2, 5}, values(opened, "part"));
        assertArrayEquals(new float[] {1, -2}, values(opened, "half"));
        assertEquals(
                ElementType.FLOAT,
                Objects.requireNonNull(opened.network().tensors().get("half")).type());
    }

    @Test
    void networksOfHalfPrecisionComputeInSingle() throws IOException {
        ExportedProgram program = open(new TinyProgram()
                .meta("x", TinyProgram.meta(6, 1, 2, 4, 4))
                .node(
                        "aten.zeros.default",
                        "",
                        "z",
                        "size",
                        value("as_ints", "[2]"),
                        "dtype",
                        value("as_scalar_type", 6))
                .node("aten.add.Tensor", "", "a", "self", tensor("x"), "other", tensor("z")));
        assertEquals(ElementType.HALF, program.type());
        assertTrue(program.network().body().contains("v0 = torch.zeros([2], dtype=6)"));
    }
}

package org.netdissect.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.netdissect.weights.TinyPickle.call;
import static org.netdissect.weights.TinyPickle.dict;
import static org.netdissect.weights.TinyPickle.floats;
import static org.netdissect.weights.TinyPickle.global;
import static org.netdissect.weights.TinyPickle.list;
import static org.netdissect.weights.TinyPickle.longs;
import static org.netdissect.weights.TinyPickle.number;
import static org.netdissect.weights.TinyPickle.storage;
import static org.netdissect.weights.TinyPickle.tensor;
import static org.netdissect.weights.TinyPickle.text;
import static org.netdissect.weights.TinyPickle.tuple;
import static org.netdissect.weights.TinyPickle.view;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netdissect.base.InputException;

class WeightsFileTest {
    @TempDir
    Path folder;

    /** Weights of two numbers, {@code a} and {@code b}. */
    private static final String STATE = dict("a", tensor("0", 2), "b", tensor("0", 2));

    private WeightsFile open(String value) throws IOException {
        return WeightsFile.open(
                TinyPickle.zip(folder.resolve("m.pth"), value, Map.of("0", floats(1, 2), "1", floats(3, 4, 5, 6))));
    }

    private void assertFound(String key, String value) throws IOException {
        TensorSet set = open(value).tensors(null);
        assertEquals(key, set.key());
        assertEquals(Set.of("a", "b"), set.tensors().keySet());
        assertArrayEquals(
                new float[] {1, 2},
                Objects.requireNonNull(set.tensors().get("b")).values());
    }

    private void assertRefused(String expected, String value, @Nullable String key) throws IOException {
        WeightsFile file = open(value);
        InputException e = assertThrows(InputException.class, () -> file.tensors(key));
        assertTrue(String.valueOf(e.getMessage()).contains(expected), e.getMessage());
        assertTrue(String.valueOf(e.getMessage()).startsWith(file.file().toString()), e.getMessage());
    }

    @Test
    void weightsAreFoundAtAnyPath() throws IOException {
        assertFound("", STATE);
        assertFound("state_dict", dict("epoch", number(3), "state_dict", STATE));
        assertFound("model.state_dict", dict("model", dict("state_dict", STATE), "args", dict("lr", number(1))));
        assertFound("0", tuple(STATE, dict("state", dict(), "param_groups", list())));
        assertFound("params", dict("params", STATE, "best", tensor("1", 4)));
    }

    @Test
    void optimizersAreNoWeights() throws IOException {
        String state = dict("state", dict("x", dict("exp_avg", tensor("1", 4))), "param_groups", list());
        assertFound("model", dict("model", STATE, "optimizer", state, "anything", state));
        assertFound("model", dict("model", STATE, "optimizer_g", dict("momentum", tensor("1", 4))));
        assertFound("model", dict("model", STATE, "rng_state", dict("cpu", tensor("1", 4))));
    }

    @Test
    void severalSetsNeedAKey() throws IOException {
        String gan = dict("generator", STATE, "discriminator", dict("c", tensor("1", 4)));
        assertRefused(
                "holds several sets of weights, generator (2 tensors), discriminator (1 tensor); choose one with"
                        + " --key",
                gan,
                null);
        TensorSet set = open(gan).tensors("discriminator");
        assertEquals("discriminator", set.key());
        assertEquals(List.of(4L), Objects.requireNonNull(set.tensors().get("c")).sizes());
        assertRefused(
                "holds no tensors at --key disc; expected one of generator (2 tensors), discriminator", gan, "disc");
        String nested = dict("ema", dict("state.dict", STATE), "net", STATE);
        assertEquals("ema.state.dict", open(nested).tensors("ema").key());
        assertEquals("ema.state.dict", open(nested).tensors("ema.state.dict").key());
    }

    @Test
    void theTopIsADot() throws IOException {
        String value = dict("top", tensor("0", 2), "inner", STATE);
        assertEquals("inner", open(value).tensors(null).key());
        assertEquals(Set.of("top"), open(value).tensors(".").tensors().keySet());
    }

    /** Attributes of an OrderedDict, such as _metadata, are no entries. */
    @Test
    void metadataOfAStateDictIsNoTensor() throws IOException {
        String ordered = global("collections", "OrderedDict") + ")R(" + text("a") + tensor("0", 2) + text("b")
                + tensor("0", 2) + "u";
        assertFound("", ordered + dict("_metadata", dict("c", tensor("1", 4))) + "b");
    }

    @Test
    void formsOfTensorsAreRead() throws IOException {
        String storage = storage("FloatStorage", "1", 4);
        String parameter = call("torch._utils", "_rebuild_parameter", tensor("0", 2), "\u0088", dict());
        String old = call("torch._utils", "_rebuild_tensor", storage, number(1), longs(2), longs(2));
        String typed = call(
                "torch._utils",
                "_rebuild_tensor_v3",
                tuple(text("storage"), global("torch.storage", "UntypedStorage"), text("0"), text("cpu"), number(8))
                        + "Q",
                number(1),
                longs(1),
                longs(1),
                "\u0089",
                dict(),
                global("torch", "float32"));
        String subclass = call(
                "torch._tensor",
                "_rebuild_from_type_v2",
                global("torch._utils", "_rebuild_tensor_v2"),
                global("torch", "Tensor"),
                tuple(storage, number(0), longs(4), longs(1), "\u0089", dict()),
                dict());
        Map<String, StoredTensor> tensors = open(dict("p", parameter, "o", old, "s", subclass))
                .tensors(null)
                .tensors();
        assertArrayEquals(
                new float[] {1, 2}, Objects.requireNonNull(tensors.get("p")).values());
        assertArrayEquals(
                new float[] {4, 6}, Objects.requireNonNull(tensors.get("o")).values());
        assertArrayEquals(
                new float[] {3, 4, 5, 6},
                Objects.requireNonNull(tensors.get("s")).values());
        StoredTensor last = Objects.requireNonNull(
                open(dict("t", typed)).tensors(null).tensors().get("t"));
        assertArrayEquals(new float[] {2}, last.values());
    }

    @Test
    void otherKindsAreRefusedWhenTheyAreUsed() throws IOException {
        String sparse = call("torch._utils", "_rebuild_sparse_tensor", number(0), tuple());
        String quantised = call("torch._utils", "_rebuild_qtensor", storage("QInt8Storage", "1", 4));
        String complex = view(storage("ComplexFloatStorage", "9", 4), 0, longs(4), longs(1));
        String float8 = call(
                "torch._utils",
                "_rebuild_tensor_v3",
                storage("ByteStorage", "1", 16),
                number(0),
                longs(16),
                longs(1),
                "\u0089",
                dict(),
                global("torch", "float8_e4m3fn"));
        String shapeless = call("torch._utils", "_rebuild_tensor_v2", storage("FloatStorage", "1", 4));
        TensorSet set = open(dict(
                        "w", tensor("0", 2), "s", sparse, "q", quantised, "c", complex, "f", float8, "n", shapeless))
                .tensors(null);
        assertEquals(Set.of("w"), set.tensors().keySet());
        assertEquals(
                Map.of(
                        "s", "is sparse",
                        "q", "is quantised",
                        "c", "is complex",
                        "f", "is of type torch.float8_e4m3fn, which is not read",
                        "n", "has no storage, sizes and strides that make sense"),
                set.unreadable());
    }

    /** Self-containing and nested arguments end in one line or are passed over. */
    @Test
    void hostileValuesDoNoHarm() throws IOException {
        String rebuild = global("torch._tensor", "_rebuild_from_type_v2");
        String inItself = "]q\u0000(" + rebuild + rebuild + "h\u0000h\u0000e" + "0" + rebuild + "h\u0000R";
        assertRefused("rebuild_from_type", dict("w", inItself), null);
        String state = "}q\u0001(" + text("self") + "h\u0001" + text("w") + tensor("0", 2) + "u";
        assertEquals(Set.of("w"), open(state).tensors(null).tensors().keySet());
        String module = global("a", "Net") + ")\u0081q\u0002}(" + text("_parameters") + "}" + text("_modules") + "}("
                + text("x") + "h\u0002uub";
        assertRefused("contains itself", module, null);
        String doubled = "}q\u0003";
        for (int i = 0; i < 60; i++) {
            doubled = TinyPickle.object(
                    "a", "Net", dict("_parameters", "}", "_modules", dict("l", doubled, "r", "h\u0003")));
            doubled += "q\u0003";
        }
        assertRefused("", doubled, null);
    }

    @Test
    void storagesOfAnyNameAreEntriesOnly() throws IOException {
        assertRefused("is not in the file", dict("w", tensor("../data.pkl", 2)), null);
        assertRefused("is not in the file", dict("w", tensor("5", 2)), null);
        assertRefused("instead of 3 numbers", dict("w", tensor("0", 3)), null);
        assertRefused("is not in the file", dict("w", tensor("", 2)), null);
    }

    @Test
    void earlierFilesAreRead() throws IOException {
        String old = tuple(
                        text("storage"),
                        global("torch.cuda", "FloatStorage"),
                        text("k"),
                        text("cuda:0"),
                        number(4),
                        tuple(text("v"), number(1), number(2)))
                + "Q";
        String value = dict("w", view(old, 0, longs(2), longs(1)));
        byte[] bytes = TinyPickle.legacy(value, List.of("k"), List.of(floats(3, 4, 5, 6)));
        Path file = Files.write(folder.resolve("old.pth"), bytes);
        assertArrayEquals(
                new float[] {4, 5},
                Objects.requireNonNull(
                                WeightsFile.open(file).tensors(null).tensors().get("w"))
                        .values());

        String past = dict("w", view(old, 1, longs(2), longs(1)));
        WeightsFile wrong = WeightsFile.open(Files.write(
                folder.resolve("past.pth"), TinyPickle.legacy(past, List.of("k"), List.of(floats(3, 4, 5, 6)))));
        assertTrue(String.valueOf(assertThrows(InputException.class, () -> wrong.tensors(null))
                        .getMessage())
                .contains("reaches past the end of its storage of 2 numbers"));
    }

    @Test
    void everyCutOfAnEarlierFileIsRefused() throws IOException {
        byte[] whole = TinyPickle.legacy(dict("w", tensor("k", 4)), List.of("k"), List.of(floats(3, 4, 5, 6)));
        for (int length = 0; length < whole.length; length++) {
            Path file = Files.write(folder.resolve("cut.pth"), Arrays.copyOf(whole, length));
            InputException e = assertThrows(
                    InputException.class, () -> WeightsFile.open(file).tensors(null));
            assertTrue(String.valueOf(e.getMessage()).startsWith(file.toString()), e.getMessage());
        }
    }

    @Test
    void pickledNetworksGiveTheirState() throws IOException {
        String leaf = TinyPickle.object(
                "torch.nn.modules.batchnorm",
                "BatchNorm2d",
                dict(
                        "_parameters",
                        dict("weight", tensor("0", 2), "bias", "N"),
                        "_buffers",
                        dict("mean", tensor("0", 2), "passing", tensor("0", 2)),
                        "_non_persistent_buffers_set",
                        call("builtins", "set", list(text("passing"))),
                        "_modules",
                        dict(),
                        "eps",
                        TinyPickle.real(0.001)));
        String net = TinyPickle.object(
                "__main__", "Net", dict("_parameters", dict(), "_modules", dict("bn", leaf), "_buffers", dict()));
        String parallel = TinyPickle.object(
                "torch.nn.parallel.data_parallel",
                "DataParallel",
                dict("_parameters", dict(), "_modules", dict("module", net), "_buffers", dict()));
        for (String value : List.of(net, parallel, dict("model", parallel, "ema", "N"))) {
            WeightsFile file = open(value);
            assertEquals(
                    Set.of("bn.weight", "bn.mean"), file.tensors(null).tensors().keySet());
            PickledModule module = file.module(null).orElseThrow();
            assertEquals("__main__.Net", module.type());
            assertEquals(
                    "Plain[value=0.001]",
                    Objects.requireNonNull(module.children().get("bn"))
                            .attribute("eps")
                            .toString());
        }
        assertTrue(open(STATE).module(null).isEmpty());
    }

    private Path shard(String name, String... tensors) throws IOException {
        StringBuilder header = new StringBuilder("{");
        for (int i = 0; i < tensors.length; i++) {
            header.append(i == 0 ? "" : ",").append("\"" + tensors[i] + "\":{\"dtype\":\"F32\",\"shape\":[1],");
            header.append("\"data_offsets\":[" + 4 * i + "," + 4 * (i + 1) + "]}");
        }
        byte[] json = TinyPickle.bytes(header + "}");
        float[] numbers = new float[tensors.length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = i + name.length();
        }
        byte[] bytes = TinyPickle.bytes(TinyPickle.little(8, json.length)
                + new String(json, StandardCharsets.ISO_8859_1)
                + new String(floats(numbers), StandardCharsets.ISO_8859_1));
        return Files.write(folder.resolve(name), bytes);
    }

    private InputException refusedIndex(String json) throws IOException {
        Path index = Files.writeString(folder.resolve("model.safetensors.index.json"), json);
        InputException e = assertThrows(InputException.class, () -> WeightsFile.open(index));
        assertTrue(String.valueOf(e.getMessage()).startsWith(folder.toString()), e.getMessage());
        return e;
    }

    @Test
    void indexesLeadToSeveralFiles() throws IOException {
        Path one = shard("1.safetensors", "a");
        Path two = shard("22.safetensors", "b");
        Path index = Files.writeString(folder.resolve("model.safetensors.index.json"), """
                {"metadata": {"total_size": 8}, "weight_map": {"b": "22.safetensors", "a": "1.safetensors"}}""");
        WeightsFile file = WeightsFile.open(index);
        assertEquals(List.of(index, two, one), file.files());
        assertEquals("[b, a]", file.tensors(null).tensors().keySet().toString());
        assertArrayEquals(
                new float[] {14},
                Objects.requireNonNull(file.tensors(null).tensors().get("b")).values());
        assertRefusedIndex(
                "does not have: c", "{\"weight_map\": {\"a\": \"1.safetensors\", \"c\": \"1.safetensors\"}}");
        assertRefusedIndex(
                "1.safetensors: has a tensor a that the index does not name",
                "{\"weight_map\": {\"b\": \"1.safetensors\"}}");
        assertRefusedIndex("no such file", "{\"weight_map\": {\"c\": \"3.safetensors\"}}");
        assertRefusedIndex("expected files beside", "{\"weight_map\": {\"c\": \"../1.safetensors\"}}");
        assertRefusedIndex("expected files beside", "{\"weight_map\": {\"c\": \"/etc/passwd\"}}");
        assertRefusedIndex("no object of file names", "{\"weight_map\": {\"c\": 1}}");
        assertRefusedIndex("no object of file names", "{\"weight_map\": []}");
        assertRefusedIndex("Duplicate field", "{\"weight_map\": {\"a\": \"1.safetensors\", \"a\": \"b\"}}");
        assertRefusedIndex("expected a weight_map", "{\"layers\": 3}");
        assertRefusedIndex("no JSON", "{\"weight_map\"");
        assertRefusedIndex("an index in an index", "{\"weight_map\": {\"a\": \"model.safetensors.index.json\"}}");
    }

    private void assertRefusedIndex(String expected, String json) throws IOException {
        InputException e = refusedIndex(json);
        assertTrue(String.valueOf(e.getMessage()).contains(expected), e.getMessage());
    }

    @Test
    void flatFilesHaveNoKeys() throws IOException {
        WeightsFile file = WeightsFile.open(shard("m.safetensors", "a"));
        assertEquals(Set.of("a"), file.tensors(".").tensors().keySet());
        InputException e = assertThrows(InputException.class, () -> file.tensors("model"));
        assertTrue(String.valueOf(e.getMessage()).contains("leave the option out"), e.getMessage());
    }

    @Test
    void numbersAreReadAfterClosing() throws IOException {
        WeightsFile file = open(STATE);
        StoredTensor tensor =
                Objects.requireNonNull(file.tensors(null).tensors().get("a"));
        file.close();
        assertArrayEquals(new float[] {1, 2}, tensor.values());
        file.close();
        assertArrayEquals(new float[] {1, 2}, tensor.values());
        file.close();
    }

    /** Files that this process has open, where the system says so. */
    private boolean isOpen(Path file) throws IOException {
        Path descriptors = Path.of("/proc/self/fd");
        assumeTrue(Files.isDirectory(descriptors), "the system does not list open files");
        try (Stream<Path> all = Files.list(descriptors)) {
            return all.anyMatch(each -> {
                try {
                    return Files.readSymbolicLink(each).equals(file.toAbsolutePath());
                } catch (IOException e) {
                    return false;
                }
            });
        }
    }

    @Test
    void readingAfterClosingLeavesNothingOpen() throws IOException {
        WeightsFile file = open(STATE);
        StoredTensor tensor =
                Objects.requireNonNull(file.tensors(null).tensors().get("a"));
        assertTrue(isOpen(file.file()));
        file.close();
        assertArrayEquals(new float[] {1, 2}, tensor.values());
        assertEquals(Set.of("a", "b"), file.tensors(null).tensors().keySet());
        assertFalse(isOpen(file.file()));
    }

    @Test
    void refusedShardsAreClosed() throws IOException {
        Path shard = TinyPickle.zip(folder.resolve("m.pth"), dict("w", tensor("9", 2)), Map.of("0", floats(1, 2)));
        assertRefusedIndex("is not in the file", "{\"weight_map\": {\"w\": \"m.pth\"}}");
        assertFalse(isOpen(shard));
    }

    private static String expanded(String type, long count) {
        return view(storage(type, "0", type.startsWith("Half") ? 4 : 2), 0, longs(count), longs(0));
    }

    /** Each is of 250 bytes in the file. */
    @Test
    void expandedTensorsHaveABound() throws IOException {
        long half = 1L << 27;
        String both = dict("v", expanded("FloatStorage", half), "w", expanded("FloatStorage", half));
        assertEquals(2, open(both).tensors(null).tensors().size());
        String more = dict("v", expanded("FloatStorage", half), "w", expanded("FloatStorage", half + 1));
        assertRefused("tensor w: with it, the tensors have more than 1024 MiB, far more than the file", more, null);
        // numbers of 16 bits become 32 bits wide
        assertRefused("tensor w: with it", dict("w", expanded("HalfStorage", 2 * half + 1)), null);
        assertRefused("tensor w: with it", dict("w", expanded("HalfStorage", 1L << 61)), null);
        TinyPickle.zip(folder.resolve("s.pth"), more, Map.of("0", floats(1, 2)));
        Path index =
                Files.writeString(folder.resolve("i.json"), "{\"weight_map\": {\"v\": \"s.pth\", \"w\": \"s.pth\"}}");
        WeightsFile sharded = WeightsFile.open(index);
        assertThrows(InputException.class, () -> sharded.tensors(null));
    }

    @Test
    void longNamesAreRefused() throws IOException {
        String most = "n".repeat(1000);
        assertEquals(
                Set.of(most),
                open(dict(most, tensor("0", 2))).tensors(null).tensors().keySet());
        assertRefused("has a name of 1001 characters", dict(most + "n", tensor("0", 2)), null);
        assertFound("n", dict("n", STATE, most, STATE));
        assertRefused("holds no tensors", dict(most, STATE), null);
        String leaf = module(dict(), dict("w", tensor("0", 2)));
        assertRefused("names that are too long", module(dict(most, leaf), dict()), null);
    }

    private static String module(String modules, String parameters) {
        return TinyPickle.object("a", "Net", dict("_parameters", parameters, "_modules", modules));
    }

    /** Small pickles whose paths would fill the memory. */
    @Test
    void pathsHaveABound() throws IOException {
        String doubled = module(dict(), dict("w", tensor("0", 2))) + "q\u0003";
        for (int i = 0; i < 18; i++) {
            String name = "n".repeat(40);
            doubled = module(dict(name, doubled, name + "m", "h\u0003"), dict()) + "q\u0003";
        }
        assertRefused("too many modules", doubled, null);

        StringBuilder dictionaries = new StringBuilder("}(");
        for (int i = 0; i < 40_000; i++) {
            dictionaries.append(text(Integer.toString(i))).append("}");
        }
        assertRefused("too many modules or dictionaries", dict("n".repeat(900), dictionaries + "u"), null);
    }

    /** Each module of a dictionary counts, with all that is in it. */
    @Test
    void modulesOfADictionaryHaveABoundTogether() throws IOException {
        StringBuilder parameters = new StringBuilder("}(");
        for (int i = 0; i < 1000; i++) {
            parameters.append(text(Integer.toString(i))).append("N");
        }
        StringBuilder modules = new StringBuilder("}(");
        for (int i = 0; i < 3000; i++) {
            String large = i == 0 ? module(dict(), parameters + "u") + "q\u0003" : "h\u0003";
            modules.append(text(Integer.toString(i))).append(module(dict("m", large), dict()));
        }
        assertRefused("too many modules", modules + "u", null);
    }

    @Test
    void dictionariesOfTensorsHaveABound() throws IOException {
        StringBuilder all = new StringBuilder("}(");
        for (int i = 0; i < 6000; i++) {
            String tensor = i == 0 ? tensor("0", 2) + "q\u0003" : "h\u0003";
            all.append(text(Integer.toString(i))).append(dict("w", tensor));
        }
        assertRefused("too many modules or dictionaries", all + "u", null);
    }
}

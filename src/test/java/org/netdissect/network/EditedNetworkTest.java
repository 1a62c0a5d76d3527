package org.netdissect.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.netdissect.base.SharedData;
import org.netdissect.torchscript.Edit;
import org.netdissect.torchscript.TorchScriptArchive;

/** Edited networks run in the engine. */
class EditedNetworkTest {
    private static final Path SAMPLE = Path.of("broden-sample", "scenenet.pt");
    private static final Shape INPUT = new Shape(2, 3, 64, 64);

    @TempDir
    Path scratch;

    /** Runs an archive with edits; {@code run} asks for methods by name. */
    private void edited(Path file, List<Edit> edits, Question question) throws Exception {
        Path rewritten = scratch.resolve("edited.pt");
        try (OutputStream out = Files.newOutputStream(rewritten)) {
            TorchScriptArchive.open(file).rewrite(edits, "cpu", out);
        }
        Engines.get();
        try (Model model = Model.newInstance("edited", Device.cpu(), "PyTorch")) {
            model.load(rewritten);
            NDManager manager = model.getNDManager();
            question.ask(new Run(model, manager.create(noise(), INPUT)));
        }
    }

    private interface Question {
        void ask(Run run);
    }

    private record Run(Model model, NDArray input) {
        NDList outputs(String method, NDArray... tensors) {
            NDList inputs = new NDList(input);
            inputs.addAll(Arrays.asList(tensors));
            NDArray name = input.getManager().create(0f);
            name.setName("module_method:" + method);
            inputs.add(name);
            return model.getBlock().forward(new ParameterStore(input.getManager(), false), inputs, false);
        }

        float[] output(String method, NDArray... tensors) {
            return outputs(method, tensors).get(0).toFloatArray();
        }
    }

    private static float[] noise() {
        float[] noise = new float[(int) INPUT.size()];
        Random random = new Random(1);
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (float) random.nextGaussian();
        }
        return noise;
    }

    private void changesOf(Path file, String layer) throws Exception {
        edited(file, List.of(new Edit.Tap(layer), new Edit.Scale(layer, "mask")), run -> {
            NDArray ones = run.input().getManager().ones(new Shape(1, 1, 1));
            float[] plain = run.output("forward");
            assertArrayEquals(plain, run.output(TorchScriptArchive.EDITED_METHOD, ones));
            assertFalse(Arrays.equals(plain, run.output(TorchScriptArchive.EDITED_METHOD, ones.mul(0))));
            NDArray tapped =
                    run.outputs(TorchScriptArchive.TAPPED_METHOD, ones.mul(0)).get(0);
            assertEquals(layer, tapped.getName());
            assertFalse(tapped.eq(0).all().getBoolean(), "a tap before the change sees the change");
        });
        edited(file, List.of(new Edit.Replace(layer, "value"), new Edit.Tap(layer)), run -> {
            float[] plain = run.output("forward");
            NDArray value = tap(run, file, layer);
            float[] before = value.toFloatArray();
            assertArrayEquals(plain, run.output(TorchScriptArchive.EDITED_METHOD, value));
            assertArrayEquals(before, value.toFloatArray(), "the caller's tensor changed");
            assertArrayEquals(before, run.output(TorchScriptArchive.TAPPED_METHOD, value));
            NDArray zeros = value.mul(0);
            assertArrayEquals(zeros.toFloatArray(), run.output(TorchScriptArchive.TAPPED_METHOD, zeros));
            assertFalse(Arrays.equals(plain, run.output(TorchScriptArchive.EDITED_METHOD, zeros)));
        });
    }

    /** Output of the layer in the original network. */
    private NDArray tap(Run other, Path file, String layer) {
        NDArray[] value = new NDArray[1];
        try {
            edited(file, List.of(new Edit.Tap(layer)), run -> {
                NDArray tapped = run.outputs(TorchScriptArchive.TAPPED_METHOD).get(0);
                value[0] = other.input().getManager().create(tapped.toFloatArray(), tapped.getShape());
            });
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        return value[0];
    }

    @ParameterizedTest
    @ValueSource(strings = {"layer1", "layer2"})
    void changesOfTheSample(String layer) throws Exception {
        changesOf(SAMPLE, layer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"traced", "scripted"})
    void changesOfARealNetwork(String form) throws Exception {
        changesOf(SharedData.require("models/squeezenet1_0-imagenet." + form + ".pt"), "features.5");
    }

    /** One unit is set to zero: later layers see zeros there, and all other units unchanged. */
    @Test
    void aMaskTurnsOffOneUnit() throws Exception {
        edited(SAMPLE, List.of(new Edit.Scale("layer2", "mask"), new Edit.Tap("layer2")), run -> {
            NDArray ones = run.input().getManager().ones(new Shape(1, 1, 1));
            NDArray all = run.outputs(TorchScriptArchive.TAPPED_METHOD, ones).get(0);
            long units = all.getShape().get(1);
            float[] mask = new float[(int) units];
            Arrays.fill(mask, 1);
            mask[1] = 0;
            NDArray scaled = run.outputs(
                            TorchScriptArchive.TAPPED_METHOD,
                            run.input().getManager().create(mask, new Shape(units, 1, 1)))
                    .get(0);
            assertArrayEquals(all.get(":, 0").toFloatArray(), scaled.get(":, 0").toFloatArray());
            assertArrayEquals(
                    all.get(":, 1").mul(0).toFloatArray(), scaled.get(":, 1").toFloatArray());
        });
    }
}

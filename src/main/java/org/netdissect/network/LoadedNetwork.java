package org.netdissect.network;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.ParameterStore;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.netdissect.base.InputException;
import org.netdissect.base.RunException;
import org.netdissect.torchscript.Edit;
import org.netdissect.torchscript.InputContract;
import org.netdissect.torchscript.Rewrite;
import org.netdissect.torchscript.TorchScriptArchive;

/**
 * A network in the engine. TorchScript has no hooks, so the archive is rewritten before it is loaded (see {@link
 * TorchScriptArchive#write}); the methods that the rewriting adds are called by name.
 *
 * <p>Each question asked of a network is a class of its own: {@link TappedForward}, {@link NetworkOutput}, {@link
 * LayerInspection}. Thread-safe: passes run side by side on a CPU, one at a time on a GPU.
 */
public final class LoadedNetwork implements AutoCloseable {
    private static final String ENGINE = "PyTorch";
    /** DJL runs the method that an argument of this name asks for (IValueUtils.getInputs). */
    private static final String METHOD = "module_method:";

    /** Moves weights and constants to the device, wherever they were saved (PtModel.load). */
    private static final Map<String, String> TO_DEVICE = Map.of("mapLocation", "true");

    /** Weights that are no inference tensors, through which gradients may pass (PtModel.load). */
    private static final Map<String, String> FOR_GRADIENTS = Map.of("mapLocation", "true", "trainParam", "true");

    private final Model model;
    private final List<String> layers;
    private final List<String> inputTypes;
    private final InputContract.NumberType type;
    private final OptionalInt fixedBatch;
    private final boolean gpu;
    private final ParameterStore parameters;
    private final Lock oneAtATime = new ReentrantLock();

    private LoadedNetwork(Model model, List<String> layers, TorchScriptArchive archive) throws IOException {
        this.model = model;
        this.layers = List.copyOf(layers);
        this.inputTypes = archive.inputTypes();
        this.type = archive.input().type();
        this.fixedBatch = archive.fixedBatch();
        this.gpu = model.getNDManager().getDevice().isGpu();
        this.parameters = new ParameterStore(model.getNDManager(), false);
    }

    /**
     * Loads a network.
     *
     * @param layers to be tapped; none leaves the network untouched
     * @param scratch folder of the caller alone, for the rewritten archive; the file is deleted once loaded, and one
     *     that a killed process left is overwritten
     * @throws InputException where a layer cannot be tapped or the engine does not take the archive
     */
    public static LoadedNetwork load(
            TorchScriptArchive archive, List<String> layers, ComputeDevice device, Path scratch) throws IOException {
        Rewrite taps = Rewrite.of(
                archive.select(layers).stream().<Edit>map(Edit.Tap::new).toList());
        return load(archive, taps, TO_DEVICE, device, scratch);
    }

    /**
     * Loads a network whose methods {@link GradientMethod} runs; passes without gradients run too.
     *
     * @param rewrite edits and methods to add
     * @param scratch as in {@link #load(TorchScriptArchive, List, ComputeDevice, Path)}
     * @throws InputException where an edit cannot be made or the engine does not take the archive
     */
    public static LoadedNetwork loadForGradients(
            TorchScriptArchive archive, Rewrite rewrite, ComputeDevice device, Path scratch) throws IOException {
        return load(archive, rewrite, FOR_GRADIENTS, device, scratch);
    }

    private static LoadedNetwork load(
            TorchScriptArchive archive,
            Rewrite rewrite,
            Map<String, String> options,
            ComputeDevice device,
            Path scratch)
            throws IOException {
        Engine engine = Engines.get();
        Device where = device.resolve(engine);
        Path file = scratch.resolve("tapped.pt");
        Model model = Model.newInstance("tapped", where, ENGINE);
        boolean loaded = false;
        try {
            String place = where.isGpu() ? "cuda:" + where.getDeviceId() : "cpu";
            if (rewrite.equals(Rewrite.of(List.of())) && archive.runsAsStored(place)) {
                model.load(archive.file(), null, options);
            } else {
                write(archive, rewrite, place, file);
                model.load(file, null, options);
            }
            loaded = true;
            return new LoadedNetwork(model, taps(rewrite), archive);
        } catch (EngineException | MalformedModelException e) {
            throw new InputException(
                    archive.file() + ": the engine " + Engines.version() + " cannot load it: "
                            + EngineErrors.oneLine(e),
                    e);
        } finally {
            if (!loaded) {
                model.close();
            }
            Files.deleteIfExists(file);
        }
    }

    private static List<String> taps(Rewrite rewrite) {
        return rewrite.edits().stream()
                .filter(Edit.Tap.class::isInstance)
                .map(Edit::layer)
                .toList();
    }

    private static void write(TorchScriptArchive archive, Rewrite rewrite, String device, Path file)
            throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            archive.rewrite(rewrite, device, out);
        } catch (IOException e) {
            throw new RunException(
                    "the archive with taps, about as large as " + archive.file() + ", cannot be written to " + file
                            + " (" + e + ")",
                    e);
        }
    }

    /** The tapped layers, in the order they were asked for. */
    List<String> layers() {
        return layers;
    }

    /** The number of images that the network takes at a time, if its code is made for one. */
    public OptionalInt fixedBatch() {
        return fixedBatch;
    }

    /** Number type of the network's input. */
    InputContract.NumberType type() {
        return type;
    }

    /** A manager for the arrays of one question; closing it frees them. */
    NDManager newManager() {
        return model.getNDManager().newSubManager();
    }

    /** Runs the network's own {@code forward} on a batch; results belong to {@code manager}. */
    NDList forward(NDManager manager, InputBatch batch) {
        return run(manager, type == InputContract.NumberType.FLOAT ? "forward" : TorchScriptArchive.CAST_METHOD, batch);
    }

    /**
     * Runs a batch up to the last tapped layer, and drops the outputs.
     *
     * @throws RunException where the network fails
     */
    public void tryPass(InputBatch batch) {
        try (NDManager manager = newManager()) {
            run(manager, TorchScriptArchive.TAPPED_METHOD, batch);
        }
    }

    /**
     * Runs a method on a batch; results belong to {@code manager} and have the names that the method gives them.
     *
     * @throws RunException where the network fails
     * @throws InputException where it takes another number of channels
     */
    NDList run(NDManager manager, String method, InputBatch batch) {
        int fixed = fixedBatch.orElse(batch.images());
        return fixed == batch.images()
                ? runWhole(manager, method, batch)
                : FixedBatches.run(batch, fixed, part -> runWhole(manager, method, part));
    }

    private NDList runWhole(NDManager manager, String method, InputBatch batch) {
        Shape shape = new Shape(
                batch.images(),
                batch.channels(),
                batch.size().height(),
                batch.size().width());
        ByteBuffer values = batch.values().duplicate().order(batch.values().order());
        try {
            return run(manager, method, new NDList(manager.create(values, shape, DataType.FLOAT32)));
        } catch (EngineException e) {
            throw EngineErrors.failure(e, batch.images(), batch.size(), inputTypes);
        }
    }

    /**
     * Runs a method with tensors as its arguments, in the order of its parameters. DJL gathers arguments named {@code
     * d.key} into one {@code Dict[str, Tensor]}; all others must have no name.
     *
     * @throws EngineException where the method fails
     */
    NDList run(NDManager manager, String method, NDList arguments) {
        NDArray name = manager.create(0f);
        name.setName(METHOD + method);
        NDList inputs = new NDList(arguments);
        inputs.add(name);
        if (gpu) {
            oneAtATime.lock();
        }
        try {
            return model.getBlock().forward(parameters, inputs, false);
        } finally {
            if (gpu) {
                oneAtATime.unlock();
            }
        }
    }

    /**
     * Runs a method as {@link #run(NDManager, String, NDList)} does, for a network loaded for gradients; its results
     * must be detached.
     *
     * @param gradients whether the method computes some
     * @throws EngineException where the method fails
     */
    NDList runMethod(NDManager manager, String method, NDList arguments, boolean gradients) {
        NDArray name = manager.create(0f);
        name.setName(METHOD + method);
        NDList inputs = new NDList(arguments);
        inputs.add(name);
        if (gpu) {
            oneAtATime.lock();
        }
        // libtorch keeps both switches by thread; a direct call leaves them as another one set them
        boolean before = JniUtils.isGradMode();
        try {
            JniUtils.setGraphExecutorOptimize(false);
            JniUtils.setGradMode(gradients);
            NDList results = IValueUtils.forward((PtSymbolBlock) model.getBlock(), inputs, true);
            results.attach(manager);
            return results;
        } finally {
            JniUtils.setGradMode(before);
            if (gpu) {
                oneAtATime.unlock();
            }
        }
    }

    @Override
    public void close() {
        model.close();
    }
}

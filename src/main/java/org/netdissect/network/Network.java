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
import ai.djl.training.ParameterStore;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;
import org.netdissect.base.RunException;
import org.netdissect.torchscript.InputContract;
import org.netdissect.torchscript.TorchScriptArchive;
import org.netdissect.torchscript.field.MapReading;

/**
 * A network in the engine, with taps on the chosen layers. TorchScript has no hooks, so the archive is rewritten (see
 * {@link TorchScriptArchive#writeTapped}) and its method {@code forward_tapped} is called instead of {@code forward}.
 *
 * <p>Thread-safe: on a CPU forward passes run side by side, on a GPU one at a time. All of the engine's arrays live in
 * here and in {@link LayerOutputs}.
 */
public final class Network implements AutoCloseable {
    private static final String ENGINE = "PyTorch";
    /** DJL runs the method that an input of this name asks for (IValueUtils.getInputs). */
    private static final String METHOD = "module_method:";

    /** Weights and constants go where the network runs, wherever they were saved (PtModel.load). */
    private static final Map<String, String> TO_DEVICE = Map.of("mapLocation", "true");

    private final Model model;
    private final List<String> layers;
    private final LayerMaps maps;
    /** by layer, found by shifting an image */
    private final Map<String, MapReading> found = new ConcurrentHashMap<>();

    private final List<String> inputTypes;
    private final boolean gpu;
    private final int channels;
    private final InputContract.NumberType type;
    private final ParameterStore parameters;
    private final Lock oneAtATime = new ReentrantLock();
    private volatile MemoryFormat format = MemoryFormat.CONTIGUOUS;

    private Network(Model model, List<String> layers, LayerMaps maps, TorchScriptArchive archive, int channels)
            throws IOException {
        this.model = model;
        this.layers = List.copyOf(layers);
        this.maps = maps;
        this.inputTypes = archive.inputTypes();
        this.channels = channels;
        this.type = archive.input().type();
        this.gpu = model.getNDManager().getDevice().isGpu();
        this.parameters = new ParameterStore(model.getNDManager(), false);
    }

    /**
     * Loads a network.
     *
     * @param layers to be tapped; none leaves the network untouched, for {@link #output}
     * @param maps how their outputs are read
     * @param scratch folder of ours alone, for the archive with taps; it is deleted once loaded, and one that a killed
     *     process left is overwritten
     * @throws InputException where a layer cannot be tapped or the engine does not take the archive
     */
    public static Network load(
            TorchScriptArchive archive, List<String> layers, LayerMaps maps, ComputeDevice device, Path scratch)
            throws IOException {
        int channels = archive.input().channels().orElse(ChannelOrder.RGB.count());
        return load(archive, layers, maps, device, scratch, channels);
    }

    /** The same with input of so many channels. */
    public static Network load(
            TorchScriptArchive archive,
            List<String> layers,
            LayerMaps maps,
            ComputeDevice device,
            Path scratch,
            int channels)
            throws IOException {
        Engine engine = Engines.get();
        Device where = device.resolve(engine);
        Path file = scratch.resolve("tapped.pt");
        Model model = Model.newInstance("tapped", where, ENGINE);
        boolean loaded = false;
        try {
            String place = where.isGpu() ? "cuda:" + where.getDeviceId() : "cpu";
            if (layers.isEmpty() && archive.runsAsStored(place)) {
                model.load(archive.file(), null, TO_DEVICE);
            } else {
                write(archive, layers, place, file);
                model.load(file, null, TO_DEVICE);
            }
            loaded = true;
            return new Network(model, layers, maps, archive, channels);
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

    private static void write(TorchScriptArchive archive, List<String> layers, String device, Path file)
            throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            archive.write(layers, device, out);
        } catch (IOException e) {
            throw new RunException(
                    "the archive with taps, about as large as " + archive.file() + ", cannot be written to " + file
                            + " (" + e + ")",
                    e);
        }
    }

    /**
     * One forward pass of a batch.
     *
     * @param input native-order float32 {@code [images][channels][height][width]}, direct
     * @return the tapped layers' outputs, to be closed
     * @throws InputException where a layer was not reached or its output has no maps
     * @throws RunException where the network itself fails
     */
    public LayerOutputs forward(ByteBuffer input, int images, GridSize inputSize) {
        return forward(format, input, images, inputSize);
    }

    /** Lets all later forward passes run in this order of memory. */
    void use(MemoryFormat later) {
        format = later;
    }

    /** A pass in this order of memory, whatever is {@link #use in use}. */
    LayerOutputs forward(MemoryFormat order, ByteBuffer input, int images, GridSize inputSize) {
        String method = order == MemoryFormat.CHANNELS_LAST
                ? TorchScriptArchive.TAPPED_CHANNELS_LAST_METHOD
                : TorchScriptArchive.TAPPED_METHOD;
        return forward(method, input, images, inputSize);
    }

    /** Whether it computes in 16 bits: there another order of sums changes more than last digits. */
    boolean isShort() {
        return type == InputContract.NumberType.HALF || type == InputContract.NumberType.BFLOAT16;
    }

    /** Greatest difference that comes from rounding, as a fraction of a layer's greatest activation. */
    float rounding() {
        return switch (type) {
            case FLOAT, DOUBLE -> LayerOutput.ROUNDING;
            // 11 and 8 digits of their mantissas, as lost in some layers
            case HALF -> 1e-2f;
            case BFLOAT16 -> 1e-1f;
        };
    }

    private LayerOutputs forward(String method, ByteBuffer input, int images, GridSize inputSize) {
        NDManager manager = model.getNDManager().newSubManager();
        boolean done = false;
        try {
            NDList outputs = run(manager, input, images, inputSize, method);
            Map<String, LayerOutput> results = new LinkedHashMap<>();
            for (String layer : layers) {
                NDArray array = byName(outputs, layer);
                if (array == null) {
                    throw new InputException("layer " + layer + " was not reached by the forward pass; choose another");
                }
                results.put(layer, output(layer, array, images));
            }
            done = true;
            return new LayerOutputs(manager, images, results);
        } finally {
            if (!done) {
                manager.close();
            }
        }
    }

    /**
     * What a layer gave in a pass.
     *
     * @param shape of the output itself
     * @param reading how it is read as maps, or nothing where there is an obstacle
     * @param obstacle why it has no maps, or empty
     * @param checksum of the maps' values
     */
    record Seen(String shape, Optional<MapReading> reading, String obstacle, int checksum) {}

    /** What each tapped layer gives for a batch, whether it has maps or not; layers not reached are left out. */
    Map<String, Seen> look(ByteBuffer input, int images) {
        try (NDManager manager = model.getNDManager().newSubManager()) {
            Map<String, Seen> seen = new LinkedHashMap<>();
            for (NDArray array : run(manager, input, images, maps.inputSize(), TorchScriptArchive.TAPPED_METHOD)) {
                String name = array.getName();
                String shape = array.getShape().toString();
                try {
                    MapReading reading = reading(name, array, images);
                    ByteBuffer values = output(name, array, images).values();
                    seen.put(name, new Seen(shape, Optional.of(reading), "", values.hashCode()));
                } catch (InputException e) {
                    seen.put(name, new Seen(shape, Optional.empty(), String.valueOf(e.getMessage()), 0));
                }
            }
            return seen;
        }
    }

    /** Channels of the input. */
    int channels() {
        return channels;
    }

    /** Size of the input that the layers' maps are for. */
    GridSize inputSize() {
        return maps.inputSize();
    }

    /** What the untouched {@code forward} gives for a batch: values of its first tensor, in order. */
    float[] output(ByteBuffer input, int images, GridSize inputSize) {
        try (NDManager manager = model.getNDManager().newSubManager()) {
            return run(manager, input, images, inputSize, null).get(0).toFloatArray();
        }
    }

    /** The first image's row of the network's first output, if that is {@code [images, n]}, with or without sides of 1. */
    Optional<float[]> scores(ByteBuffer input, int images, GridSize inputSize) {
        try (NDManager manager = model.getNDManager().newSubManager()) {
            NDList outputs = run(manager, input, images, inputSize, null);
            Shape shape = outputs.isEmpty() ? new Shape() : outputs.get(0).getShape();
            boolean rows = shape.dimension() >= 2 && shape.get(0) == images && shape.size() == images * shape.get(1);
            if (!rows || shape.size() == 0) {
                return Optional.empty();
            }
            float[] all = outputs.get(0).toType(DataType.FLOAT32, false).toFloatArray();
            return Optional.of(Arrays.copyOf(all, all.length / images));
        }
    }

    private NDList run(NDManager manager, ByteBuffer input, int images, GridSize inputSize, @Nullable String method) {
        Shape shape = new Shape(images, channels, inputSize.height(), inputSize.width());
        NDArray batch = manager.create(input.duplicate().order(input.order()), shape, DataType.FLOAT32);
        NDList inputs = new NDList(batch);
        boolean cast = method == null && type != InputContract.NumberType.FLOAT;
        if (method != null || cast) {
            NDArray name = manager.create(0f);
            name.setName(METHOD + (cast ? TorchScriptArchive.CAST_METHOD : method));
            inputs.add(name);
        }
        if (gpu) {
            oneAtATime.lock();
        }
        try {
            return model.getBlock().forward(parameters, inputs, false);
        } catch (EngineException e) {
            throw EngineErrors.failure(e, images, inputSize, inputTypes);
        } finally {
            if (gpu) {
                oneAtATime.unlock();
            }
        }
    }

    private static @Nullable NDArray byName(NDList arrays, String name) {
        for (NDArray array : arrays) {
            if (name.equals(array.getName())) {
                return array;
            }
        }
        return null;
    }

    /**
     * How the output of a layer is read: as user or code tell, else as shifted images show.
     *
     * @throws InputException where it has no maps; the message does not name the layer
     */
    private MapReading reading(String layer, NDArray array, int images) {
        if (array.getDataType() == DataType.COMPLEX64) {
            throw new InputException(
                    "its output is complex numbers, which have no order; choose another layer, such as "
                            + "one that takes their absolute values");
        }
        LayerMaps.Told told = maps.told(layer, array.getShape().getShape(), images);
        return told.reading().orElseGet(() -> found.computeIfAbsent(layer, unknown -> shifted(layer, told.unknown())));
    }

    private MapReading shifted(String layer, String why) {
        try (NDManager manager = model.getNDManager().newSubManager()) {
            ShiftGuard guard = guard(manager, layer);
            return guard.find()
                    .orElseThrow(() -> new InputException(
                            guard.isRepeatable()
                                    ? "neither its code (" + why
                                            + ") nor a shifted image shows what its dimensions are; " + LayerMaps.HINT
                                    : "it " + Trial.RANDOM));
        }
    }

    /** Outputs of the tapped layers for one image of the size that {@link LayerMaps} are for. */
    NDList tapped(NDManager manager, ByteBuffer image) {
        return run(manager, image, 1, maps.inputSize(), TorchScriptArchive.TAPPED_METHOD);
    }

    /** A guard that keeps the outputs of one layer. */
    private ShiftGuard guard(NDManager manager, String layer) {
        return new ShiftGuard(maps.inputSize(), channels, image -> {
            NDList all = tapped(manager, image);
            NDArray kept = Objects.requireNonNull(byName(all, layer));
            all.stream().filter(array -> array != kept).forEach(NDArray::close);
            return kept;
        });
    }

    /** Layers whose dimensions were told by shifted images, with what was found as option {@code --axes} takes it. */
    public Map<String, String> foundByShifting() {
        Map<String, String> texts = new TreeMap<>();
        found.forEach((layer, reading) -> texts.put(layer, reading.text()));
        return texts;
    }

    private LayerOutput output(String layer, NDArray array, int images) {
        MapReading reading;
        try {
            reading = reading(layer, array, images);
        } catch (InputException e) {
            throw new InputException("layer " + layer + ": " + e.getMessage(), e);
        }
        try {
            NDArray values = LayerMaps.arranged(reading, array);
            if (values.getDataType() != DataType.FLOAT32) {
                values = values.toType(DataType.FLOAT32, false);
            }
            return new LayerOutput(reading.units(), reading.map(), values.toByteBuffer(true));
        } catch (EngineException | IllegalArgumentException e) {
            throw new InputException(
                    "layer " + layer + ": its output cannot be read as numbers: " + EngineErrors.oneLine(e), e);
        }
    }

    @Override
    public void close() {
        model.close();
    }
}

package org.netdissect.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.netdissect.activation.CacheIdentity;
import org.netdissect.activation.Precision;
import org.netdissect.activation.cache.ActivationCache;
import org.netdissect.architecture.Generated;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;
import org.netdissect.network.AxesSpec;
import org.netdissect.network.ChannelOrder;
import org.netdissect.network.MemoryFormat;
import org.netdissect.network.Preprocessing;

/**
 * All settings of a forward pass but the layers. The pass runs with this record and the cache key is made from it, so
 * that the key covers every setting.
 *
 * @param model SHA-256 of the network's file
 * @param evaluated whether the archive's code was put into evaluation mode, which changes the numbers
 * @param generated what a network generated from weights depends on beside the file, or null
 * @param images SHA-256 over names and bytes of the images, in order
 * @param imageCount number of images
 * @param preprocessing from pixels to input
 * @param inputSize of the network; images of another size are resized
 * @param batch images per forward pass: the engine's last digits depend on it
 * @param format order of maps in memory; another one is used if the network fails with it on the first images
 * @param engine name, version and kind of device
 * @param precision of the stored activations
 * @param axes of layers' outputs as the user gives them, by layer
 */
public record ForwardSettings(
        String model,
        boolean evaluated,
        @Nullable Generated generated,
        String images,
        int imageCount,
        Preprocessing preprocessing,
        GridSize inputSize,
        int batch,
        MemoryFormat format,
        String engine,
        Precision precision,
        Map<String, AxesSpec> axes) {

    private static final String MODE = "mode";
    private static final String EVALUATION = "evaluation";
    private static final String ARCHITECTURE = "architecture";
    private static final String KEY = "key";
    private static final String GENERATOR = "generator";

    public CacheIdentity identity() {
        TreeMap<String, String> fields = new TreeMap<>();
        fields.put("format", Integer.toString(ActivationCache.FORMAT_VERSION));
        fields.put("model", model);
        if (evaluated) {
            // only named if the code was changed, so that older caches keep their keys
            fields.put(MODE, EVALUATION);
        }
        if (generated != null) {
            fields.put(ARCHITECTURE, generated.architecture());
            fields.put(KEY, URLEncoder.encode(generated.key(), UTF_8));
            fields.put(GENERATOR, Integer.toString(generated.generator()));
        }
        fields.put("images", images);
        fields.put("image-count", Integer.toString(imageCount));
        fields.put("channels", preprocessing.channels().toString());
        fields.put("pixel-scale", Float.toString(preprocessing.pixelScale()));
        fields.put("mean", preprocessing.mean().toString());
        fields.put("std", preprocessing.std().toString());
        fields.put("input-size", inputSize.toString());
        fields.put("batch", Integer.toString(batch));
        fields.put("memory-format", format.toString());
        fields.put("engine", engine);
        fields.put("precision", precision.toString());
        if (!axes.isEmpty()) {
            fields.put(
                    "axes",
                    axes.entrySet().stream()
                            .map(entry -> URLEncoder.encode(entry.getKey(), UTF_8) + "=" + entry.getValue())
                            .collect(Collectors.joining(" ")));
        }
        return new CacheIdentity(fields);
    }

    /**
     * Reads the fields that {@link #identity} made, and ignores others.
     *
     * @throws InputException that names a missing or invalid field
     */
    static ForwardSettings of(Map<String, String> fields) {
        return new ForwardSettings(
                parsed(fields, "model", text -> text),
                EVALUATION.equals(fields.get(MODE)),
                fields.containsKey(ARCHITECTURE)
                        ? new Generated(
                                parsed(fields, ARCHITECTURE, text -> text),
                                parsed(fields, KEY, text -> URLDecoder.decode(text, UTF_8)),
                                parsed(fields, GENERATOR, Integer::parseInt))
                        : null,
                parsed(fields, "images", text -> text),
                parsed(fields, "image-count", Integer::parseInt),
                new Preprocessing(
                        parsed(fields, "channels", ChannelOrder::valueOf),
                        parsed(fields, "pixel-scale", Float::parseFloat),
                        parsed(fields, "mean", ForwardSettings::floats),
                        parsed(fields, "std", ForwardSettings::floats)),
                parsed(fields, "input-size", ForwardSettings::size),
                parsed(fields, "batch", Integer::parseInt),
                parsed(fields, "memory-format", text -> named(MemoryFormat.values(), text)),
                parsed(fields, "engine", text -> text),
                parsed(fields, "precision", text -> named(Precision.values(), text)),
                fields.containsKey("axes") ? parsed(fields, "axes", ForwardSettings::axes) : Map.of());
    }

    private static Map<String, AxesSpec> axes(String text) {
        Map<String, AxesSpec> axes = new TreeMap<>();
        for (String entry : text.split(" ", -1)) {
            String[] sides = entry.split("=", 2);
            if (sides.length != 2) {
                throw new IllegalArgumentException(entry);
            }
            axes.put(URLDecoder.decode(sides[0], UTF_8), AxesSpec.parse(sides[1]));
        }
        return axes;
    }

    private static <T> T parsed(Map<String, String> fields, String name, Function<String, T> parser) {
        String text = fields.get(name);
        if (text == null) {
            throw new InputException("no " + name);
        }
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            throw new InputException(name + " is '" + text + "'", e);
        }
    }

    private static List<Float> floats(String list) {
        String[] values = list.replaceAll("^\\[|]$", "").split(", ", -1);
        return Stream.of(values).map(Float::valueOf).toList();
    }

    private static GridSize size(String text) {
        String[] sides = text.split("x", -1);
        if (sides.length != 2) {
            throw new IllegalArgumentException(text);
        }
        return new GridSize(Integer.parseInt(sides[0]), Integer.parseInt(sides[1]));
    }

    private static <T> T named(T[] values, String text) {
        return Stream.of(values)
                .filter(value -> value.toString().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(text));
    }
}

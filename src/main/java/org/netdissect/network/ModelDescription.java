package org.netdissect.network;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.netdissect.architecture.NetworkChoice;
import org.netdissect.architecture.NetworkFile;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;
import org.netdissect.base.Json;

/**
 * Description of a network beside its archive: the JSON file {@code NAME.json} or {@code MODEL.json} in the archive's
 * folder. Every field may be absent.
 *
 * @param channels {@code "RGB"}, {@code "BGR"} or {@code "grey"}
 * @param pixelScale divisor of pixel values
 * @param mean means in channel order
 * @param std deviations in channel order
 * @param inputSize {@code [height, width]}
 * @param layers dissected where no --layer is given
 * @param classes names of the network's classes, by index
 * @param axes of layers' outputs, by name or pattern of the layer
 * @param arch name of the network that the weights are of, or null
 * @param key path of the weights in their file, or null
 * @param file that it was read from, or null
 */
public record ModelDescription(
        @Nullable ChannelOrder channels,
        @Nullable Float pixelScale,
        @Nullable List<Float> mean,
        @Nullable List<Float> std,
        Optional<GridSize> inputSize,
        List<String> layers,
        List<String> classes,
        Map<String, AxesSpec> axes,
        @Nullable String arch,
        @Nullable String key,
        @Nullable Path file) {
    private static final List<String> FIELDS =
            List.of("channels", "pixel-scale", "mean", "std", "input-size", "layers", "classes", "axes", "arch", "key");
    private static final int LARGEST_SIDE = 1 << 14;

    /** Reads the description beside a model: {@code scenenet.json} for {@code scenenet.pt}, else {@code MODEL.json}. */
    public static ModelDescription beside(Path model) throws IOException {
        // an index of sharded weights is JSON itself, and some endings are of two parts
        String name = model.getFileName().toString().replaceFirst("\\.index\\.json$|\\.pth\\.tar$", ".x");
        int dot = name.lastIndexOf('.');
        Path own = model.resolveSibling((dot > 0 ? name.substring(0, dot) : name) + ".json");
        Path shared = model.resolveSibling("MODEL.json");
        if (!Files.isRegularFile(own) && !Files.isRegularFile(shared)) {
            return new ModelDescription(
                    null, null, null, null, Optional.empty(), List.of(), List.of(), Map.of(), null, null, null);
        }
        return new Reader(Files.isRegularFile(own) ? own : shared).read();
    }

    /**
     * Opens the network beside this file.
     *
     * @param choice what it says wins over this file, which is read for weights only: other files have their own code
     * @throws InputException as {@link NetworkFile#open} does
     */
    public NetworkFile open(NetworkChoice choice) throws IOException {
        return NetworkFile.open(NetworkFile.holdsWeights(choice.file()) ? choice.orElse(arch, key) : choice);
    }

    /** Reads one file; every error names file and field. */
    private static final class Reader {
        private final Path file;

        Reader(Path file) {
            this.file = file;
        }

        ModelDescription read() throws IOException {
            JsonNode json;
            try {
                json = Json.read(Files.readAllBytes(file));
            } catch (JsonProcessingException e) {
                String where =
                        e.getLocation() == null ? "" : ":" + e.getLocation().getLineNr();
                throw new InputException(file + where + ": is not JSON" + notOurs(), e);
            }
            if (!json.isObject()) {
                throw new InputException(file + ": expected a JSON object" + notOurs());
            }
            for (Iterator<String> names = json.fieldNames(); names.hasNext(); ) {
                String name = names.next();
                if (!FIELDS.contains(name)) {
                    throw new InputException(file + ": field " + name + " is not known; known are "
                            + String.join(", ", FIELDS) + notOurs());
                }
            }
            JsonNode scale = json.path("pixel-scale");
            return new ModelDescription(
                    channels(json.path("channels")),
                    scale.isMissingNode() ? null : number("pixel-scale", scale),
                    perChannel("mean", json.path("mean")),
                    perChannel("std", json.path("std")),
                    size(json.path("input-size")),
                    texts("layers", json.path("layers")),
                    texts("classes", json.path("classes")),
                    axes(json.path("axes")),
                    text("arch", json.path("arch")),
                    text("key", json.path("key")),
                    file);
        }

        private Map<String, AxesSpec> axes(JsonNode node) {
            if (!node.isMissingNode() && !node.isObject()) {
                throw wrong("axes", "an object, such as {\"encoder.*\": \"ntu,drop=0\"}");
            }
            Map<String, AxesSpec> axes = new LinkedHashMap<>();
            for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
                String layer = names.next();
                try {
                    axes.put(layer, AxesSpec.parse(node.path(layer).asText()));
                } catch (InputException e) {
                    throw new InputException(file + ": field axes: layer " + layer + ": " + e.getMessage(), e);
                }
            }
            return axes;
        }

        private static String notOurs() {
            return "; it is read as the description of the network beside it: rename it if it is something else";
        }

        private InputException wrong(String field, String expected) {
            return new InputException(file + ": field " + field + ": expected " + expected);
        }

        private @Nullable ChannelOrder channels(JsonNode node) {
            if (node.isMissingNode()) {
                return null;
            }
            ChannelOrder order = ChannelOrder.named(node.asText());
            if (order == null) {
                throw wrong("channels", "\"RGB\", \"BGR\" or \"grey\"");
            }
            return order;
        }

        private float number(String field, JsonNode node) {
            if (!node.isNumber()) {
                throw wrong(field, "a number");
            }
            return node.floatValue();
        }

        private @Nullable List<Float> perChannel(String field, JsonNode node) {
            if (node.isMissingNode()) {
                return null;
            }
            if (!node.isArray() || (node.size() != 3 && node.size() != 1)) {
                throw wrong(field, "three numbers, or one for a network of one channel");
            }
            List<Float> values = new ArrayList<>();
            node.forEach(value -> values.add(number(field, value)));
            return values;
        }

        private Optional<GridSize> size(JsonNode node) {
            if (node.isMissingNode()) {
                return Optional.empty();
            }
            if (!node.isArray() || node.size() != 2 || !isSide(node.path(0)) || !isSide(node.path(1))) {
                throw wrong("input-size", "[height, width] in pixels");
            }
            return Optional.of(
                    new GridSize(node.path(0).intValue(), node.path(1).intValue()));
        }

        private static boolean isSide(JsonNode node) {
            return node.isInt() && node.intValue() >= 1 && node.intValue() <= LARGEST_SIDE;
        }

        private @Nullable String text(String field, JsonNode node) {
            if (!node.isMissingNode() && !node.isTextual()) {
                throw wrong(field, "a text");
            }
            return node.isMissingNode() ? null : node.asText();
        }

        private List<String> texts(String field, JsonNode node) {
            List<String> texts = new ArrayList<>();
            for (JsonNode text : node) {
                if (!text.isTextual()) {
                    throw wrong(field, "a list of names");
                }
                texts.add(text.asText());
            }
            if (!node.isMissingNode() && !node.isArray()) {
                throw wrong(field, "a list of names");
            }
            return texts;
        }
    }
}

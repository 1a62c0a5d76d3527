package org.netdissect.network;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;

/**
 * What is known of a network beside its archive: the JSON file {@code NAME.json} or {@code MODEL.json} in the archive's
 * folder. Every field may be absent.
 *
 * @param channels {@code "RGB"} or {@code "BGR"}
 * @param pixelScale divisor of pixel values
 * @param mean three means in channel order
 * @param std three deviations in channel order
 * @param inputSize {@code [height, width]}
 * @param layers dissected where no --layer is given
 * @param classes names of the network's classes, by index
 */
public record ModelDescription(
        @Nullable ChannelOrder channels,
        @JsonProperty("pixel-scale") @Nullable Float pixelScale,
        @Nullable List<Float> mean,
        @Nullable List<Float> std,
        @JsonProperty("input-size") @Nullable List<Integer> inputSize,
        @Nullable List<String> layers,
        @Nullable List<String> classes) {
    private static final ModelDescription EMPTY = new ModelDescription(null, null, null, null, null, null, null);
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    /** Reads the description beside a model: {@code scenenet.json} for {@code scenenet.pt}, else {@code MODEL.json}. */
    public static ModelDescription beside(Path model) throws IOException {
        Optional<Path> file = fileBeside(model);
        return file.isPresent() ? read(file.get()) : EMPTY;
    }

    /** The file {@link #beside} reads, if there is one. */
    public static Optional<Path> fileBeside(Path model) {
        String name = model.getFileName().toString();
        int dot = name.lastIndexOf('.');
        Path own = model.resolveSibling((dot > 0 ? name.substring(0, dot) : name) + ".json");
        Path shared = model.resolveSibling("MODEL.json");
        return Files.isRegularFile(own)
                ? Optional.of(own)
                : Files.isRegularFile(shared) ? Optional.of(shared) : Optional.empty();
    }

    private static ModelDescription read(Path file) throws IOException {
        try {
            ModelDescription description = JSON.readValue(Files.readAllBytes(file), ModelDescription.class);
            if (description == null) {
                throw new InputException(file + ": expected a JSON object");
            }
            return description;
        } catch (JsonProcessingException e) {
            String where = e.getLocation() == null
                    ? ""
                    : ":" + e.getLocation().getLineNr() + ":" + e.getLocation().getColumnNr();
            throw new InputException(
                    file + where + ": "
                            + e.getOriginalMessage().lines().findFirst().orElse("not JSON"),
                    e);
        }
    }

    /** The input size, if given. Throws {@link InputException} unless it is two positive numbers. */
    public Optional<GridSize> gridSize() {
        if (inputSize == null) {
            return Optional.empty();
        }
        if (inputSize.size() != 2 || inputSize.get(0) < 1 || inputSize.get(1) < 1) {
            throw new InputException("input-size " + inputSize + " beside the model: expected [height, width]");
        }
        return Optional.of(new GridSize(inputSize.get(0), inputSize.get(1)));
    }
}

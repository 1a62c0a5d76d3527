package org.netdissect.pipeline;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;
import org.netdissect.base.Wildcards;
import org.netdissect.network.AxesSpec;
import org.netdissect.network.ChannelOrder;
import org.netdissect.network.ModelDescription;
import org.netdissect.network.Preprocessing;

/**
 * What the user says of the network's input; null where nothing is said.
 *
 * @param preset whole preprocessing by name, such as {@link Preprocessing#IMAGENET}; single values win over it
 * @param axes what runs along the dimensions of layers' outputs, by name or pattern of the layer
 */
public record InputSettings(
        @Nullable Preprocessing preset,
        @Nullable ChannelOrder channels,
        @Nullable Float pixelScale,
        @Nullable List<Float> mean,
        @Nullable List<Float> std,
        @Nullable GridSize inputSize,
        Map<String, AxesSpec> axes) {
    /** Whether all of the preprocessing is given here or beside the model; if not, the rest is ImageNet's. */
    boolean isComplete(ModelDescription description) {
        return preset != null
                || ((channels != null || description.channels() != null)
                        && (pixelScale != null || description.pixelScale() != null)
                        && (mean != null || description.mean() != null)
                        && (std != null || description.std() != null));
    }

    /** Options, then the preset, then what lies beside the model, then ImageNet's values. */
    Preprocessing preprocessing(ModelDescription description) {
        Preprocessing base = Preprocessing.IMAGENET;
        if (preset == null) {
            base = merge(base, description.channels(), description.pixelScale(), description.mean(), description.std());
        }
        return merge(base, channels, pixelScale, mean, std);
    }

    private static Preprocessing merge(
            Preprocessing base,
            @Nullable ChannelOrder channels,
            @Nullable Float pixelScale,
            @Nullable List<Float> mean,
            @Nullable List<Float> std) {
        return new Preprocessing(
                channels != null ? channels : base.channels(),
                pixelScale != null ? pixelScale : base.pixelScale(),
                mean != null ? mean : base.mean(),
                std != null ? std : base.std());
    }

    /**
     * What is said of the axes of the layers' outputs, by layer: options win over what lies beside the model.
     *
     * @throws InputException where an option's name or pattern fits none of the layers
     */
    Map<String, AxesSpec> axes(ModelDescription description, List<String> layers) {
        Map<String, AxesSpec> found = new TreeMap<>();
        for (String layer : layers) {
            description.axes().forEach((pattern, spec) -> {
                if (Wildcards.match(pattern, layer)) {
                    found.put(layer, spec);
                }
            });
        }
        axes.forEach((pattern, spec) -> {
            List<String> fitting = layers.stream()
                    .filter(layer -> Wildcards.match(pattern, layer))
                    .toList();
            if (fitting.isEmpty()) {
                throw new InputException("--axes " + pattern + "=" + spec
                        + ": no chosen layer is called so; chosen are " + String.join(", ", layers));
            }
            fitting.forEach(layer -> found.put(layer, spec));
        });
        return found;
    }

    /** The size to which images are resized, if any is given. */
    Optional<GridSize> size(ModelDescription description) {
        return inputSize != null ? Optional.of(inputSize) : description.inputSize();
    }
}

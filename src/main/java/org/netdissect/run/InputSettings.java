package org.netdissect.run;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
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
 * Preprocessing and size of the network's input. Values that are not given are null.
 *
 * @param preset whole preprocessing by name, such as {@link Preprocessing#IMAGENET}; single values override it
 * @param axes of layers' outputs, by name or pattern of the layer
 */
public record InputSettings(
        @Nullable Preprocessing preset,
        @Nullable ChannelOrder channels,
        @Nullable Float pixelScale,
        @Nullable List<Float> mean,
        @Nullable List<Float> std,
        @Nullable GridSize inputSize,
        Map<String, AxesSpec> axes) {
    /** Whether any option is given. */
    public boolean isGiven() {
        return preset != null
                || channels != null
                || pixelScale != null
                || mean != null
                || std != null
                || inputSize != null
                || !axes.isEmpty();
    }

    /** Whether options and the file beside the model give all values, so that none is ImageNet's default. */
    public boolean isComplete(ModelDescription description, OptionalInt taken) {
        return preset != null
                || ((channels != null || description.channels() != null || taken.equals(OptionalInt.of(1)))
                        && (pixelScale != null || description.pixelScale() != null)
                        && (mean != null || description.mean() != null)
                        && (std != null || description.std() != null));
    }

    /**
     * The preprocessing. Single options override the preset, the preset the file beside the model, and this file
     * ImageNet's values.
     *
     * @param taken number of channels that the network takes, if known
     * @throws InputException if the network takes another number of channels
     */
    public Preprocessing preprocessing(ModelDescription description, OptionalInt taken) {
        ChannelOrder given = channels != null ? channels : preset != null ? null : description.channels();
        int count = taken.orElse(given == null ? ChannelOrder.RGB.count() : given.count());
        if (count != 1 && count != ChannelOrder.RGB.count()) {
            throw new InputException("the network takes " + count + " channels, images have 3");
        }
        ChannelOrder order = given != null ? given : count == 1 ? ChannelOrder.GREY : ChannelOrder.RGB;
        if (order.count() != count) {
            throw new InputException("the network takes " + count + (count == 1 ? " channel" : " channels")
                    + ", --channels " + (order == ChannelOrder.GREY ? "grey" : order) + " gives it " + order.count()
                    + "; leave it out");
        }
        List<Float> means = values(mean, description.mean(), Preprocessing.IMAGENET.mean());
        List<Float> deviations = values(std, description.std(), Preprocessing.IMAGENET.std());
        if (count == 1 && (means.size() != 1 || deviations.size() != 1)) {
            throw new InputException(
                    "the network takes 1 channel, so images are turned grey: give --mean M and --std S of one value "
                            + "each, as it was trained with, such as --mean 0.5 --std 0.5 (ImageNet's are for three)");
        }
        requireThree("mean", count, mean, means, description);
        requireThree("std", count, std, deviations, description);
        Float scale = pixelScale != null ? pixelScale : preset != null ? null : description.pixelScale();
        return new Preprocessing(order, scale != null ? scale : Preprocessing.IMAGENET.pixelScale(), means, deviations);
    }

    private static void requireThree(
            String field, int count, @Nullable List<Float> option, List<Float> used, ModelDescription description) {
        if (count != 1 && option == null && used.size() == 1) {
            throw new InputException(description.file() + ": field " + field
                    + ": expected three numbers, as the network " + "takes three channels");
        }
    }

    private List<Float> values(@Nullable List<Float> option, @Nullable List<Float> beside, List<Float> otherwise) {
        return option != null ? option : preset == null && beside != null ? beside : otherwise;
    }

    /**
     * The given axes of the layers' outputs, by layer. Options override the file beside the model.
     *
     * @throws InputException if an option's name or pattern matches none of the layers
     */
    public Map<String, AxesSpec> axes(ModelDescription description, List<String> layers) {
        Map<String, AxesSpec> byLayer = new TreeMap<>();
        for (String layer : layers) {
            description.axes().forEach((pattern, spec) -> {
                if (Wildcards.match(pattern, layer)) {
                    byLayer.put(layer, spec);
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
            fitting.forEach(layer -> byLayer.put(layer, spec));
        });
        return byLayer;
    }

    /**
     * The size to which images are resized, if any is given.
     *
     * @param taken the only size that the network takes, if known
     * @throws InputException if another one is given
     */
    public Optional<GridSize> size(ModelDescription description, Optional<GridSize> taken) {
        Optional<GridSize> given = inputSize != null ? Optional.of(inputSize) : description.inputSize();
        if (taken.isPresent() && given.isPresent() && !given.equals(taken)) {
            String from = inputSize != null ? "--input-size " : description.file() + ": field input-size: ";
            throw new InputException(from + given.get() + ": the network takes images of " + taken.get()
                    + " only; leave it out, and images are resized");
        }
        return taken.or(() -> given);
    }
}

package org.netdissect.explain;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.netdissect.base.InputException;
import org.netdissect.base.Resources;
import org.netdissect.base.RunException;
import org.netdissect.network.ComputeDevice;
import org.netdissect.network.FloatTensor;
import org.netdissect.network.GradientMethod;
import org.netdissect.network.InputBatch;
import org.netdissect.network.LayerMaps;
import org.netdissect.network.LoadedNetwork;
import org.netdissect.network.MapArrangement;
import org.netdissect.torchscript.Edit;
import org.netdissect.torchscript.Rewrite;
import org.netdissect.torchscript.TorchScriptArchive;

/** Computes attributions of a class to several layers in one pass forward and backward. */
final class Attribution {
    private static final String METHODS = Resources.text(Attribution.class, "attribution.py");

    private final TorchScriptArchive archive;
    private final LayerMaps maps;
    private final ComputeDevice device;

    Attribution(TorchScriptArchive archive, LayerMaps maps, ComputeDevice device) {
        this.archive = archive;
        this.maps = maps;
        this.device = device;
    }

    /**
     * Attributions by layer.
     *
     * @param image of which the first of the batch counts
     * @param index of the class in the network's output
     * @param logarithm whether the gradient is of the score's logarithm
     * @param scratch folder for the rewritten archive
     * @throws InputException where a layer is not reached, or no gradient arrives there
     * @throws RunException where the network fails, or a number is not finite
     */
    Map<String, LayerAttribution> of(InputBatch image, int index, boolean logarithm, List<String> layers, Path scratch)
            throws IOException {
        if (archive.fixedBatch().orElse(1) != 1) {
            throw new InputException(archive.file() + ": the network was exported for batches of "
                    + archive.fixedBatch().getAsInt() + " images, and an attribution is of one; export it for one "
                    + "image, or with a dynamic first dimension");
        }
        InputBatch one = new InputBatch(image.values(), 1, image.channels(), image.size());
        List<Edit> edits = new ArrayList<>(layers.stream().map(Edit.Source::new).toList());
        edits.add(new Edit.Tap(TorchScriptArchive.OUTPUT));
        try (LoadedNetwork network =
                LoadedNetwork.loadForGradients(archive, new Rewrite(edits, false, METHODS), device, scratch)) {
            Map<String, FloatTensor> arguments = new LinkedHashMap<>();
            arguments.put("image", one.tensor());
            arguments.put("class", FloatTensor.of(index));
            if (logarithm) {
                arguments.put("logarithm", FloatTensor.of(1f));
            }
            Map<String, FloatTensor> results = new GradientMethod(network, "attribute").call(arguments);
            Map<String, LayerAttribution> attributions = new LinkedHashMap<>();
            for (String layer : layers) {
                FloatTensor activation = results.get("activation " + layer);
                FloatTensor gradient = results.get("gradient " + layer);
                if (activation != null && gradient == null) {
                    throw new InputException(
                            "layer " + layer + ": no gradient of the class's score arrives there, since "
                                    + "the network's output does not depend on it, or only by steps without a gradient such as "
                                    + "argmax or rounding; choose other layers with --layer");
                }
                MapArrangement arrangement = MapArrangement.of(network, maps, layer, one);
                attributions.put(
                        layer,
                        new LayerAttribution(
                                arrangement.units(),
                                arrangement.map(),
                                finite(layer, "activation", arrangement, network, activation),
                                finite(layer, "gradient", arrangement, network, gradient)));
            }
            return attributions;
        }
    }

    private static float[] finite(
            String layer,
            String name,
            MapArrangement arrangement,
            LoadedNetwork network,
            @Nullable FloatTensor tensor) {
        float[] values =
                arrangement.arranged(network, Objects.requireNonNull(tensor)).values();
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                int unit = i / arrangement.map().cells();
                throw new RunException(
                        "layer " + layer + ", unit " + (unit + 1) + ": the " + name + " is " + values[i]);
            }
        }
        return values;
    }
}

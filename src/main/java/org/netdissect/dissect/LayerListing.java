package org.netdissect.dissect;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.netdissect.architecture.NetworkChoice;
import org.netdissect.architecture.NetworkFile;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;
import org.netdissect.base.RunException;
import org.netdissect.broden.ProbeSet;
import org.netdissect.network.AxesSpec;
import org.netdissect.network.ChannelOrder;
import org.netdissect.network.ComputeDevice;
import org.netdissect.network.LayerInspection;
import org.netdissect.network.LayerMaps;
import org.netdissect.network.LoadedNetwork;
import org.netdissect.network.ModelDescription;
import org.netdissect.result.UnitFields;
import org.netdissect.run.InputSettings;
import org.netdissect.run.LayerPlacement;
import org.netdissect.torchscript.ModuleNode;
import org.netdissect.torchscript.TorchScriptArchive;
import org.netdissect.torchscript.field.ReceptiveFields;

/**
 * Modules of a network, with their outputs in forward passes over random images.
 *
 * @param inputSize of the pass
 * @param rows in the order of the module tree
 * @param failure reason why there are no shapes, or null
 * @param wrongInput whether the failure is in the kind of network, not in its run
 * @param notes for the user
 */
public record LayerListing(
        GridSize inputSize, List<Row> rows, @Nullable String failure, boolean wrongInput, List<String> notes) {
    /** Note on networks that were traced in training mode. */
    static final String TRAINING_MODE =
            "the network was traced in training mode: its batch norms and dropout run as after eval()";

    private static final GridSize DEFAULT_SIZE = new GridSize(224, 224);

    /**
     * One module.
     *
     * @param name dotted
     * @param type class name, such as Conv2d
     * @param uses number of calls in one forward pass
     * @param shape of its maps, such as {@code 512 x 14x14}, or of its output if it has no maps; or empty
     * @param axes of its output, as option --axes takes them, or empty
     * @param receptiveField of its units, or null
     * @param receptiveFieldObstacle reason why there is none, or empty
     * @param obstacle reason why it cannot be dissected, or empty
     */
    public record Row(
            String name,
            String type,
            int uses,
            String shape,
            String axes,
            @Nullable UnitFields receptiveField,
            String receptiveFieldObstacle,
            String obstacle) {
        /** Whether the module can be given to --layer. */
        @JsonProperty
        public boolean canBeDissected() {
            return obstacle.isEmpty();
        }
    }

    /** The listing as text. */
    public String text() {
        return LayerListingText.of(this);
    }

    /**
     * Lists a network's modules.
     *
     * @param given axes of outputs, by name or pattern of the layer
     * @param inputSize of the pass; if null, the size of the first image in {@code probe}, else the size beside the
     *     model, else 224x224
     */
    public static LayerListing of(
            NetworkChoice choice, Map<String, AxesSpec> given, @Nullable GridSize inputSize, @Nullable Path probe)
            throws IOException {
        Path model = choice.file();
        ModelDescription description = ModelDescription.beside(model);
        NetworkFile network = description.open(choice);
        TorchScriptArchive archive = network.archive();
        GridSize size = archive.fixedInputSize().orElse(inputSize);
        if (inputSize != null && !inputSize.equals(size)) {
            throw new InputException(
                    "--input-size " + inputSize + ": the network takes images of " + size + " only; leave it out");
        }
        if (size == null) {
            size = probe != null
                    ? ProbeSet.open(probe).images().get(0).imageSize()
                    : description.inputSize().orElse(DEFAULT_SIZE);
        }
        if (archive.modules().isEmpty()) {
            throw new InputException(model + ": " + TorchScriptArchive.NO_SUBMODULES);
        }
        Map<String, LayerInspection> inspected = Map.of();
        String failure = null;
        boolean wrongInput = false;
        try {
            int channels = archive.input().channels().orElse(ChannelOrder.RGB.count());
            if (channels != 1 && channels != ChannelOrder.RGB.count()) {
                throw new InputException("the network takes " + channels + " channels, images have 3");
            }
            inspected = inspect(archive, LayerMaps.of(archive, axes(archive, description, given), size), channels);
        } catch (InputException | RunException e) {
            failure = e.getMessage();
            wrongInput = e instanceof InputException;
        }
        ReceptiveFields fields = ReceptiveFields.of(archive, size);
        List<Row> rows = new ArrayList<>();
        for (ModuleNode module : archive.modules()) {
            rows.add(row(module, fields, inspected.get(module.name()), failure == null));
        }
        List<String> notes = new ArrayList<>(network.notes());
        if (archive.wasInTrainingMode()) {
            notes.add(TRAINING_MODE);
        }
        return new LayerListing(size, rows, failure, wrongInput, notes);
    }

    private static Map<String, AxesSpec> axes(
            TorchScriptArchive archive, ModelDescription description, Map<String, AxesSpec> given) {
        List<String> names = archive.modules().stream().map(ModuleNode::name).toList();
        return new InputSettings(null, null, null, null, null, null, given).axes(description, names);
    }

    private static Map<String, LayerInspection> inspect(TorchScriptArchive archive, LayerMaps maps, int channels)
            throws IOException {
        List<String> names = archive.modules().stream()
                .filter(module -> module.obstacle().isEmpty())
                .map(ModuleNode::name)
                .toList();
        if (names.isEmpty()) {
            return Map.of();
        }
        Path scratch = Files.createTempDirectory("netdissect");
        try (LoadedNetwork network = LoadedNetwork.load(archive, names, ComputeDevice.CPU, scratch)) {
            return LayerInspection.of(network, maps, channels);
        } finally {
            Files.delete(scratch);
        }
    }

    private static Row row(
            ModuleNode module, ReceptiveFields fields, @Nullable LayerInspection inspection, boolean ran) {
        String notRun = ran ? "not reached by the forward pass" : "";
        String obstacle = module.obstacle().orElse(inspection == null ? notRun : inspection.obstacle());
        return new Row(
                module.name(),
                module.simpleType(),
                module.uses(),
                inspection == null ? "" : inspection.shape(),
                inspection == null ? "" : inspection.axes(),
                fields.of(module.name()).map(LayerPlacement::fields).orElse(null),
                fields.obstacle(module.name()),
                obstacle);
    }
}

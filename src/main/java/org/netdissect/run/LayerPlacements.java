package org.netdissect.run;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.netdissect.align.Interpolation;
import org.netdissect.base.GridSize;
import org.netdissect.network.AxesSpec;
import org.netdissect.torchscript.TorchScriptArchive;
import org.netdissect.torchscript.field.Reading;
import org.netdissect.torchscript.field.ReceptiveFields;

/** Positions of the chosen layers' units over the labels. */
public final class LayerPlacements {
    private final Interpolation requested;
    private final Map<String, LayerPlacement> placements = new LinkedHashMap<>();

    private LayerPlacements(Interpolation requested) {
        this.requested = requested;
    }

    /** Places the units of some layers, in order. Receptive fields are derived only if the interpolation needs them. */
    public static LayerPlacements of(
            TorchScriptArchive archive, List<String> layers, Interpolation requested, ForwardSettings forward)
            throws IOException {
        GridSize input = forward.inputSize();
        LayerPlacements made = new LayerPlacements(requested);
        boolean fields = requested == Interpolation.RECEPTIVE_FIELD || requested == Interpolation.NETDISSECT;
        Optional<ReceptiveFields> known = fields ? Optional.of(ReceptiveFields.of(archive, input)) : Optional.empty();
        for (String layer : layers) {
            AxesSpec given = forward.axes().get(layer);
            if (given != null && known.isPresent() && !agrees(given, known.get().reading(layer))) {
                String why = "its axes are " + given + ", as said by the user, not by its code";
                made.placements.put(layer, LayerPlacement.of(requested, null, why, input));
                continue;
            }
            made.placements.put(
                    layer,
                    LayerPlacement.of(
                            requested,
                            known.flatMap(all -> all.of(layer)).orElse(null),
                            known.map(all -> all.obstacle(layer)).orElse(""),
                            input));
        }
        return made;
    }

    private static boolean agrees(AxesSpec given, Reading reading) {
        return reading instanceof Reading.Maps maps && given.agreesWith(maps.maps());
    }

    List<String> layers() {
        return List.copyOf(placements.keySet());
    }

    public LayerPlacement of(String layer) {
        LayerPlacement placement = placements.get(layer);
        if (placement == null) {
            throw new IllegalArgumentException("no placement of " + layer);
        }
        return placement;
    }

    /** A note for each layer with another interpolation than the requested one. */
    public List<String> notes() {
        List<String> notes = new ArrayList<>();
        placements.forEach((layer, placement) -> {
            if (!placement.obstacle().isEmpty()) {
                notes.add("layer " + layer + " is interpolated by " + placement.interpolation() + ", not " + requested
                        + ", as the receptive fields of its units are not known: " + placement.obstacle());
            }
        });
        return notes;
    }
}

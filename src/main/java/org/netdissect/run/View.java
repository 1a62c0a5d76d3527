package org.netdissect.run;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.netdissect.activation.MapBlock;
import org.netdissect.activation.Negated;
import org.netdissect.activation.Thresholds;
import org.netdissect.align.ActiveUnit;
import org.netdissect.align.Comparison;
import org.netdissect.align.MaskRule;
import org.netdissect.align.NodePlacement;
import org.netdissect.base.InputException;
import org.netdissect.base.Tail;

/**
 * One tail of a layer. Tables, charts, comparisons and requirements treat it as a layer with a name. The lower tail is
 * the upper tail of the negated layer; tables and pages show numbers with the signs of the original layer.
 */
public record View(String layer, Tail tail) {
    private static final String LOWER = "-lower";

    /**
     * The views of some layers, layer by layer.
     *
     * @param modules names of all layers of the network, none of which a lower tail may share
     */
    public static List<View> of(List<String> layers, TailChoice choice, Collection<String> modules) {
        List<View> views = new ArrayList<>();
        for (String layer : layers) {
            for (Tail tail : choice.tails()) {
                View view = new View(layer, tail);
                if (tail == Tail.LOWER && modules.contains(view.name())) {
                    throw new InputException("--tail " + choice + ": the lower tail of " + layer + " would be called "
                            + view.name() + ", and the network has a layer of that name; dissect it with --tail upper");
                }
                views.add(view);
            }
        }
        return views;
    }

    /** The view for the name and tail of a table. */
    static View named(String name, Tail tail) {
        return tail == Tail.LOWER && name.endsWith(LOWER)
                ? new View(name.substring(0, name.length() - LOWER.length()), tail)
                : new View(name, tail);
    }

    /** Whether masks are made from the {@link Negated} layer. */
    public boolean isNegated() {
        return tail == Tail.LOWER;
    }

    /** The activations from which masks are made. */
    public MapBlock of(MapBlock layer) {
        return isNegated() ? Negated.of(layer) : layer;
    }

    /** The rule for masks, by which tied units have none. */
    public MaskRule rule(ViewThresholds thresholds, NodePlacement placement, Comparison comparison) {
        Thresholds marking = thresholds.marking();
        return new MaskRule(isNegated() ? marking.negated() : marking, placement, comparison);
    }

    /** A unit by the rule for masks, with the signs of the layer. */
    public ActiveUnit shown(ActiveUnit unit) {
        return isNegated() ? unit.negated() : unit;
    }

    /** The name in tables: for the upper tail, the layer's name. */
    public String name() {
        return tail == Tail.UPPER ? layer : layer + LOWER;
    }
}

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
 * One tail of a layer, which tables, charts, comparisons and requirements take for a layer of another name. The lower
 * tail is the upper one of the negated layer; tables and pages show numbers with the signs of the layer itself.
 */
public record View(String layer, Tail tail) {
    private static final String LOWER = "-lower";

    /**
     * The views of some layers, layer by layer.
     *
     * @param modules all layers of the network, whose names no view of another layer may have
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

    /** The view whose table has this name and tail. */
    static View named(String name, Tail tail) {
        return tail == Tail.LOWER && name.endsWith(LOWER)
                ? new View(name.substring(0, name.length() - LOWER.length()), tail)
                : new View(name, tail);
    }

    /** Whether its masks are those of the {@link Negated} layer. */
    public boolean isNegated() {
        return tail == Tail.LOWER;
    }

    /** The activations of which its masks are made. */
    public MapBlock of(MapBlock layer) {
        return isNegated() ? Negated.of(layer) : layer;
    }

    /** Its masks; tied units have none. */
    public MaskRule rule(ViewThresholds thresholds, NodePlacement placement, Comparison comparison) {
        Thresholds marking = thresholds.marking();
        return new MaskRule(isNegated() ? marking.negated() : marking, placement, comparison);
    }

    /** A unit found by this rule, with the signs of the layer. */
    public ActiveUnit shown(ActiveUnit unit) {
        return isNegated() ? unit.negated() : unit;
    }

    /** The name of the layer for the upper tail. */
    public String name() {
        return tail == Tail.UPPER ? layer : layer + LOWER;
    }
}

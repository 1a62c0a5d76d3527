package org.netdissect.run;

import java.util.List;
import org.netdissect.base.InputException;
import org.netdissect.base.StageListener;
import org.netdissect.network.ModelDescription;
import org.netdissect.torchscript.TorchScriptArchive;

/** The layers of a network that a command is to read. */
public final class ChosenLayers {
    private ChosenLayers() {}

    /**
     * Layers that match names or patterns, or those that the file beside the model names, if none are given.
     *
     * @param listener is told of layers that are used several times
     * @throws InputException if there are none, or a name or pattern matches no layer
     */
    public static List<String> of(
            List<String> given, TorchScriptArchive archive, ModelDescription description, StageListener listener) {
        List<String> names = given.isEmpty() ? description.layers() : given;
        if (names.isEmpty()) {
            throw new InputException(
                    "no layer given: use --layer NAME; 'netdissect layers " + archive.file() + "' lists them");
        }
        List<String> layers = archive.select(names);
        archive.modules().stream()
                .filter(module -> module.uses() > 1 && layers.contains(module.name()))
                .forEach(module -> listener.note("layer " + module.name() + " is used " + module.uses()
                        + " times in one forward pass; its last output is read"));
        return layers;
    }
}

package org.netdissect.exported;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.netdissect.base.InputException;
import org.netdissect.weights.OpenZip;

/**
 * Finds the parts of an archive of {@code torch.export} in either layout: that of PyTorch 2.1 to 2.7, and archive version 0
 * (torch/export/pt2_archive/constants.py).
 */
final class ProgramArchive {
    /** Greatest size of a document in bytes: three quarters are stack traces; the largest tested network has 2 MB. */
    private static final int MAX_JSON = 64 << 20;

    private static final String OLD_PROGRAM = "serialized_exported_program.json";
    private static final String MODELS = "models/";
    private static final String JSON = ".json";
    private static final String USUAL_NAME = "model";

    private final Path file;
    private final OpenZip zip;
    /** with a slash at its end; empty if entries have none */
    private final String folder;

    ProgramArchive(Path file, OpenZip zip) {
        this.file = file;
        this.zip = zip;
        this.folder = zip.names().stream()
                .map(name -> before(name, MODELS).or(() -> before(name, OLD_PROGRAM)))
                .flatMap(Optional::stream)
                .findFirst()
                .orElseThrow(() -> new InputException(file + ": has no graph: neither models/NAME.json nor "
                        + OLD_PROGRAM + "; expected an archive of torch.export.save"));
    }

    /** The folder, if this is an entry of the archive's top level of the name or in the folder of that name. */
    private static Optional<String> before(String entry, String name) {
        int at = entry.indexOf('/') + 1;
        if (entry.startsWith(name)) {
            return Optional.of("");
        }
        return entry.startsWith(name, at) ? Optional.of(entry.substring(0, at)) : Optional.empty();
    }

    /** The graph's document. */
    JsonPart program() throws IOException {
        return document(isOld() ? OLD_PROGRAM : MODELS + model() + JSON)
                .orElseThrow(() -> new InputException(file + ": has no graph"));
    }

    /** The network's tensors. */
    TensorStore tensors() throws IOException {
        if (isOld()) {
            return checkpoint("serialized_state_dict").or(checkpoint("serialized_constants"));
        }
        String model = model();
        return store("data/weights/", model, "_weights_config.json")
                .or(store("data/constants/", model, "_constants_config.json"));
    }

    private boolean isOld() {
        return zip.names().contains(folder + OLD_PROGRAM);
    }

    private String model() {
        List<String> models = zip.names().stream()
                .filter(name -> name.startsWith(folder + MODELS) && name.endsWith(JSON))
                .map(name -> name.substring((folder + MODELS).length(), name.length() - JSON.length()))
                .toList();
        if (models.contains(USUAL_NAME)) {
            return USUAL_NAME;
        } else if (models.size() != 1) {
            throw new InputException(file + ": holds " + models.size()
                    + " networks; expected one, called model; save one network with torch.export.save");
        }
        return models.get(0);
    }

    private Optional<JsonPart> document(String name) throws IOException {
        return zip.read(folder + name, MAX_JSON).map(bytes -> ProgramJson.read(file + ", " + Shown.of(name), bytes));
    }

    /** Tensors that a document lists; those of PyTorch 2.7 and 2.8 may be in one checkpoint instead. */
    private TensorStore store(String place, String model, String config) throws IOException {
        Optional<JsonPart> document = document(place + model + config);
        if (document.isEmpty()) {
            return checkpoint(place + model);
        }
        return new RawTensors(file, zip, folder + place, order(), document.get().at("config"));
    }

    private ByteOrder order() throws IOException {
        String order = zip.read(folder + "byteorder", 1 << 10)
                .map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1).strip())
                .orElse("little");
        return order.equals("big") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    }

    /** Tensors of a file that torch.save wrote, whatever its ending; none if there is no such entry. */
    private TensorStore checkpoint(String name) throws IOException {
        for (String ending : List.of(".pt", JSON)) {
            String entry = folder + name + ending;
            if (zip.names().contains(entry)) {
                return new InnerCheckpoint(file, zip, entry);
            }
        }
        return other -> Optional.empty();
    }
}

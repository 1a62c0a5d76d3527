package org.netdissect.activation.cache;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.netdissect.activation.Fingerprint;
import org.netdissect.base.Json;
import org.netdissect.base.SafeFiles;

/**
 * Machines whose kernels agree, or disagree, with a layer's activations: {@code kernels.json} beside them. The file
 * only saves a recomputation of the first images; without it every machine counts as unknown.
 *
 * @param same the machine that computed the activations, then those that reproduced the first images
 * @param other machines that did not reproduce them
 */
record LayerKernels(List<Fingerprint> same, List<Fingerprint> other) {
    static final String FILE = "kernels.json";

    static final LayerKernels NONE = new LayerKernels(List.of(), List.of());

    /** Greatest length of each list, in case a property of the machine changes with every run. */
    private static final int MOST = 32;

    LayerKernels {
        same = List.copyOf(same);
        other = List.copyOf(other);
    }

    /** Record of a layer that a machine starts to compute. */
    static LayerKernels computedBy(Fingerprint machine) {
        return new LayerKernels(List.of(machine), List.of());
    }

    /** The machine that computed the activations, if it is known. */
    Optional<Fingerprint> origin() {
        return same.stream().findFirst();
    }

    /** Adds a machine to one of the lists. */
    LayerKernels with(Fingerprint machine, boolean isSame) {
        return new LayerKernels(changed(same, machine, isSame, 1), changed(other, machine, !isSame, 0));
    }

    private static List<Fingerprint> changed(List<Fingerprint> list, Fingerprint machine, boolean add, int kept) {
        List<Fingerprint> changed = new ArrayList<>(list);
        changed.remove(machine);
        if (add) {
            changed.add(machine);
        }
        if (changed.size() > MOST) {
            changed.remove(kept);
        }
        return changed;
    }

    void write(Path layerFolder) throws IOException {
        Map<String, Object> lists = new LinkedHashMap<>();
        lists.put("same", same.stream().map(Fingerprint::fields).toList());
        lists.put("other", other.stream().map(Fingerprint::fields).toList());
        SafeFiles.write(layerFolder.resolve(FILE), Json.text(lists) + "\n");
    }

    /** Reads the record in a layer's folder; empty if it is missing or damaged. */
    static LayerKernels read(Path layerFolder) {
        try {
            return CacheFiles.isFile(layerFolder.resolve(FILE)) ? parse(layerFolder) : NONE;
        } catch (IOException | IllegalArgumentException damaged) {
            return NONE;
        }
    }

    /** Whether the file is there and cannot be read. */
    static boolean isDamaged(Path layerFolder) {
        try {
            return CacheFiles.isFile(layerFolder.resolve(FILE))
                    && parse(layerFolder).equals(NONE);
        } catch (IOException | IllegalArgumentException damaged) {
            return true;
        }
    }

    private static LayerKernels parse(Path layerFolder) throws IOException {
        JsonNode lists = Json.read(Files.readAllBytes(layerFolder.resolve(FILE)));
        return new LayerKernels(machines(lists.path("same")), machines(lists.path("other")));
    }

    private static List<Fingerprint> machines(JsonNode list) {
        List<Fingerprint> machines = new ArrayList<>();
        for (JsonNode fields : list) {
            TreeMap<String, String> texts = new TreeMap<>();
            fields.properties().forEach(field -> {
                if (!field.getValue().isTextual()) {
                    throw new IllegalArgumentException(field.getKey());
                }
                texts.put(field.getKey(), field.getValue().textValue());
            });
            machines.add(new Fingerprint(texts));
        }
        return machines;
    }
}

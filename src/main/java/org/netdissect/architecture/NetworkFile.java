package org.netdissect.architecture;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.netdissect.architecture.family.Architecture;
import org.netdissect.architecture.family.Families;
import org.netdissect.architecture.pickled.PickledNetworks;
import org.netdissect.base.Digests;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;
import org.netdissect.base.Printable;
import org.netdissect.exported.ExportedProgram;
import org.netdissect.torchscript.TorchScriptArchive;
import org.netdissect.torchscript.archive.ArchiveSource;
import org.netdissect.torchscript.archive.ModelFormat;
import org.netdissect.torchscript.archive.Provenance;
import org.netdissect.torchscript.archive.TensorContent;
import org.netdissect.torchscript.assembly.Assembly;
import org.netdissect.torchscript.assembly.ModuleSpec;
import org.netdissect.torchscript.assembly.TensorSlot;
import org.netdissect.weights.PickledModule;
import org.netdissect.weights.StoredTensor;
import org.netdissect.weights.TensorNames;
import org.netdissect.weights.TensorSet;
import org.netdissect.weights.WeightsFile;

/**
 * A network opened from any file of one: a TorchScript archive, or a file from which TorchScript is generated.
 *
 * @param archive stored or generated
 * @param generated what the generated archive depends on beside the file; null for a stored one
 * @param notes for the user: what was recognised, and what the file leaves open
 */
public record NetworkFile(
        TorchScriptArchive archive, @Nullable Generated generated, List<String> notes) {
    /** Counters of batch norms in training, which evaluation does not read. */
    private static final String COUNTER = "num_batches_tracked";

    private static final int MAX_NAME = 100;

    /**
     * Opens a network.
     *
     * @throws InputException if the file is missing, damaged or of no known kind; if it is of weights whose network is
     *     not known
     */
    public static NetworkFile open(NetworkChoice choice) throws IOException {
        return switch (ModelFormat.of(choice.file())) {
            case TORCHSCRIPT -> {
                requireNoChoice(choice, "is TorchScript");
                yield new NetworkFile(TorchScriptArchive.open(choice.file()), null, List.of());
            }
            case EXPORTED -> {
                requireNoChoice(choice, "is a torch.export archive");
                yield exported(choice.file());
            }
            case ZIP_CHECKPOINT, LEGACY_CHECKPOINT, SAFETENSORS, SHARD_INDEX -> weights(choice);
        };
    }

    /**
     * Whether a file holds weights without code.
     *
     * @throws InputException if it is missing or of no known kind
     */
    public static boolean holdsWeights(Path file) throws IOException {
        return ModelFormat.of(file).isWeights();
    }

    /** SHA-256 of the file, and of those that it refers to. */
    public static String digest(Path file) throws IOException {
        if (ModelFormat.of(file) != ModelFormat.SHARD_INDEX) {
            return Digests.ofFile(file);
        }
        StringBuilder all = new StringBuilder();
        try (WeightsFile weights = WeightsFile.open(file)) {
            for (Path part : weights.files()) {
                all.append(Digests.ofFile(part)).append('\n');
            }
        }
        return Digests.ofText(all.toString());
    }

    private static void requireNoChoice(NetworkChoice choice, String kind) {
        if (choice.architecture() != null || choice.key() != null) {
            String option = choice.architecture() != null ? "--arch " + choice.architecture() : "--key " + choice.key();
            throw new InputException(
                    choice.file() + ": " + kind + ", which has the network's code; leave out " + option);
        }
    }

    private static NetworkFile exported(Path file) throws IOException {
        ExportedProgram program = ExportedProgram.open(file);
        ArchiveSource source = Assembly.of(
                file,
                program.network(),
                name -> Objects.requireNonNull(program.tensors().get(name), name),
                new Provenance(Generated.EXPORTED, ExportedProgram.GENERATOR, program.batch(), program.inputSize()));
        return new NetworkFile(
                TorchScriptArchive.of(source),
                new Generated(Generated.EXPORTED, "", ExportedProgram.GENERATOR),
                List.of());
    }

    private static NetworkFile weights(NetworkChoice choice) throws IOException {
        try (WeightsFile file = WeightsFile.open(choice.file())) {
            TensorSet set = file.tensors(choice.key());
            Optional<PickledModule> pickled = file.module(choice.key());
            if (choice.architecture() == null
                    && pickled.filter(PickledNetworks::isPlain).isPresent()) {
                return plain(choice.file(), set, pickled.get());
            }
            Map<String, String> stored = new LinkedHashMap<>();
            Map<String, List<Long>> sizes = new LinkedHashMap<>();
            Map<String, String> unreadable = new LinkedHashMap<>();
            List<String> names = new ArrayList<>(set.tensors().keySet());
            names.addAll(set.unreadable().keySet());
            TensorNames.stripped(names).forEach((own, bare) -> {
                StoredTensor tensor = set.tensors().get(own);
                if (tensor == null) {
                    unreadable.put(bare, own);
                } else if (!bare.equals(COUNTER) && !bare.endsWith("." + COUNTER)) {
                    stored.put(bare, own);
                    sizes.put(bare, tensor.sizes());
                }
            });
            Optional<PickledModule> inner = pickled.map(module -> PickledNetworks.inner(choice.file(), module, names));
            Fit fit = recognise(set, sizes, choice, inner);
            Architecture architecture = fit.architecture();
            unreadable.forEach((bare, own) -> {
                if (!fit.passesOver(bare)) {
                    throw new InputException(set.file() + ", tensor " + Printable.brief(Printable.of(own), MAX_NAME)
                            + ": "
                            + set.unreadable().get(own) + ", and " + architecture.name() + " has no such tensor; "
                            + Families.OTHERWISE);
                }
            });
            ModuleSpec network = inner.map(module -> PickledNetworks.withSettings(choice.file(), fit.network(), module))
                    .orElse(fit.network());
            Map<String, TensorContent> contents = new LinkedHashMap<>();
            network.allTensors().forEach((name, slot) -> {
                String own = stored.get(fit.names().get(name));
                contents.put(name, content(set, Objects.requireNonNull(own), slot));
            });
            Optional<GridSize> size =
                    architecture.fixedSize() ? Optional.of(architecture.inputSize()) : Optional.empty();
            ArchiveSource source = Assembly.of(
                    choice.file(),
                    network,
                    name -> Objects.requireNonNull(contents.get(name), name),
                    new Provenance(fit.title(), Generated.GENERATOR, OptionalInt.empty(), size));
            return new NetworkFile(
                    TorchScriptArchive.of(source),
                    new Generated(architecture.name(), set.key(), Generated.GENERATOR),
                    notes(fit, set, choice));
        }
    }

    /** A pickled network without a family. */
    private static NetworkFile plain(Path file, TensorSet set, PickledModule pickled) throws IOException {
        ModuleSpec network = PickledNetworks.plain(file, pickled);
        Map<String, TensorContent> contents = pickledTensors(set, network.allTensors());
        ArchiveSource source = Assembly.of(
                file,
                network,
                name -> Objects.requireNonNull(contents.get(name), name),
                new Provenance(Generated.PICKLED, Generated.GENERATOR, OptionalInt.empty(), Optional.empty()));
        return new NetworkFile(
                TorchScriptArchive.of(source),
                new Generated(Generated.PICKLED, set.key(), Generated.GENERATOR),
                List.of("the network is a pickled one of torch.nn's layers"));
    }

    /** The numbers of a network that uses all tensors of the file and no others. */
    private static Map<String, TensorContent> pickledTensors(TensorSet set, Map<String, TensorSlot> slots) {
        Set<String> names = new LinkedHashSet<>(set.tensors().keySet());
        names.addAll(set.unreadable().keySet());
        names.addAll(slots.keySet());
        Map<String, TensorContent> contents = new LinkedHashMap<>();
        for (String name : names) {
            TensorSlot slot = slots.get(name);
            boolean counter = name.equals(COUNTER) || name.endsWith("." + COUNTER);
            if (slot != null && set.tensors().containsKey(name)) {
                contents.put(name, content(set, name, slot));
            } else if (slot != null || !counter) {
                String reason = set.unreadable()
                        .getOrDefault(name, slot == null ? "is of no use to its layer's class" : "is not in the file");
                throw new InputException(set.file() + ", tensor " + Printable.brief(Printable.of(name), MAX_NAME) + ": "
                        + reason + "; " + Families.OTHERWISE);
            }
        }
        return contents;
    }

    private static Fit recognise(
            TensorSet set, Map<String, List<Long>> sizes, NetworkChoice choice, Optional<PickledModule> pickled)
            throws IOException {
        String label = set.file().toString();
        try {
            Fit fit = Architectures.recognise(label, sizes, choice.architecture());
            String name = fit.architecture().name();
            if (choice.architecture() != null || !Architectures.hasReleases(name)) {
                return fit;
            }
            Optional<String> released =
                    pickled.filter(PickledNetworks::transformsInput).map(module -> Architectures.transformed(name));
            if (pickled.isEmpty()) {
                released = Architectures.ofRelease(Digests.ofFile(choice.file()), name);
            }
            return released.isEmpty() ? fit : Architectures.recognise(label, sizes, released.get());
        } catch (InputException e) {
            String more = set.unreadable().entrySet().stream()
                    .findFirst()
                    .map(entry -> "; the file also has " + entry.getKey() + ", which " + entry.getValue())
                    .orElse("");
            more += pickled.map(module -> "; it holds a pickled network of the class "
                            + Printable.brief(Printable.of(module.type()), MAX_NAME)
                            + ", whose code is not in the file")
                    .orElse("");
            throw more.isEmpty() ? e : new InputException(e.getMessage() + more, e);
        }
    }

    /** The numbers of a tensor as the network takes them. */
    private static TensorContent content(TensorSet set, String own, TensorSlot slot) {
        StoredTensor tensor = Objects.requireNonNull(set.tensors().get(own));
        if (tensor.type().isReal() != slot.type().isReal()) {
            throw new InputException(set.file() + ", " + own + ": has numbers of the type " + tensor.type()
                    + ", the network takes " + slot.type());
        }
        return tensor.as(slot.type());
    }

    private static List<String> notes(Fit fit, TensorSet set, NetworkChoice choice) {
        List<String> notes = new ArrayList<>();
        String where = set.key().isEmpty() ? "" : " (at " + Printable.brief(Printable.of(set.key()), MAX_NAME) + ")";
        notes.add("the weights" + where + " are those of " + fit.title());
        if (choice.architecture() == null) {
            fit.architecture().note((int) fit.classes()).ifPresent(notes::add);
        }
        return notes;
    }
}

package org.netdissect.exported;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;
import org.netdissect.torchscript.archive.ElementType;
import org.netdissect.torchscript.archive.ModelFormat;
import org.netdissect.torchscript.archive.TensorContent;
import org.netdissect.torchscript.assembly.ModuleSpec;
import org.netdissect.torchscript.assembly.TensorSlot;
import org.netdissect.weights.OpenZip;
import org.netdissect.weights.StoredTensor;

/**
 * The network of an archive of {@code torch.export} ({@code .pt2}), schema versions 1 to 8.
 *
 * @param network its modules by the names that they had in Python; its {@code forward} computes the whole graph
 * @param tensors numbers of all tensors of the modules, by dotted name; 32 bits in place of half precision
 * @param batch number of images that the graph is made for; empty if any
 * @param inputSize size of images that the graph is made for; empty if any, or if one side is open
 * @param type of the numbers of the images, as exported
 * @param obstacles reasons why modules cannot be tapped, by dotted name, to follow the name in a message
 */
public record ExportedProgram(
        ModuleSpec network,
        Map<String, TensorContent> tensors,
        OptionalInt batch,
        Optional<GridSize> inputSize,
        ElementType type,
        Map<String, String> obstacles) {
    /** Version of the code that is generated from a graph; part of the keys of cached activations. */
    public static final int GENERATOR = 1;

    private static final int MOST_IMAGES = 1 << 14;
    private static final int DIMENSIONS = 4;

    /** Total size of tensors in bytes that any file may claim, and the factor by which they may exceed larger files. */
    private static final long ALWAYS_READ = 1L << 30;

    private static final int MOST_GAIN = 20;

    /**
     * Whether a file is an archive of {@code torch.export}.
     *
     * @throws InputException if it is missing or no file of a network or weights
     */
    public static boolean isExported(Path file) throws IOException {
        return ModelFormat.of(file) == ModelFormat.EXPORTED;
    }

    /**
     * Reads an archive. Its tensors stay in the file.
     *
     * @throws InputException if it is damaged or of a newer schema, or its network cannot be run here: exported in
     *     training mode, quantised, with custom operators, control flow, or other inputs than images
     */
    public static ExportedProgram open(Path file) throws IOException {
        OpenZip zip = OpenZip.open(file);
        try (zip) { // opens itself again when tensors are read
            ProgramArchive archive = new ProgramArchive(file, zip);
            ProgramGraph graph = ProgramGraph.read(file.toString(), archive.program());
            return new Opening(file, graph, archive.tensors()).program();
        }
    }

    /** What is at hand while an archive is opened. */
    private static final class Opening {
        private final Path file;
        private final ProgramGraph graph;
        private final TensorStore store;
        private final ComputedType types;
        private final ScalarType imageType;
        private final Map<String, TensorContent> found = new LinkedHashMap<>();
        private long bytes;

        Opening(Path file, ProgramGraph graph, TensorStore store) {
            this.file = file;
            this.graph = graph;
            this.store = store;
            this.imageType = graph.imageMeta()
                    .type()
                    .filter(type -> type.element().isReal())
                    .orElseThrow(() -> new InputException(
                            file + ": the network takes no real numbers; expected images as real numbers"));
            this.types = new ComputedType(imageType == ScalarType.DOUBLE);
        }

        ExportedProgram program() throws IOException {
            List<OptionalLong> sizes = graph.imageMeta().sizes();
            if (sizes.size() != DIMENSIONS) {
                throw new InputException(file + ": the network takes a tensor of " + sizes.size()
                        + " dimensions; expected 4: images, channels, height, width");
            }
            OptionalInt batch = side(sizes.get(0));
            OptionalInt height = side(sizes.get(2));
            OptionalInt width = side(sizes.get(3));
            Optional<GridSize> size = height.isPresent() && width.isPresent()
                    ? Optional.of(new GridSize(height.getAsInt(), width.getAsInt()))
                    : Optional.empty();
            NetworkWriter.Written written = NetworkWriter.write(graph, types, this::slot);
            Map<String, TensorContent> tensors = new LinkedHashMap<>();
            written.tensors().forEach((name, stored) -> tensors.put(name, found(stored)));
            return new ExportedProgram(
                    written.network(), tensors, batch, size, imageType.element(), written.obstacles());
        }

        private OptionalInt side(OptionalLong size) {
            if (size.isPresent() && (size.getAsLong() < 1 || size.getAsLong() > MOST_IMAGES)) {
                throw new InputException(file + ": the network takes images of sizes " + size.getAsLong()
                        + "; expected 1 to " + MOST_IMAGES);
            }
            return size.isPresent() ? OptionalInt.of((int) size.getAsLong()) : OptionalInt.empty();
        }

        private TensorContent found(String name) {
            TensorContent content = found.get(name);
            if (content == null) {
                throw new IllegalStateException("no slot was made for " + name);
            }
            return content;
        }

        private TensorSlot slot(String name, ProgramGraph.Weight weight) {
            String label = file + ", " + Shown.of(weight.name());
            StoredTensor stored = store.find(weight.name())
                    .orElseThrow(() -> new InputException(label + ": the tensor is missing: the archive was saved"
                            + " without it; save it again with torch.export.save"));
            ElementType type = types.of(stored.type());
            TensorContent content = stored.as(type);
            graph.checkSizes(name, label, content.sizes());
            checkTotal(label, content);
            found.put(weight.name(), content);
            return new TensorSlot(content.sizes(), type, weight.parameter());
        }

        /** Expanded tensors take no room in the file. */
        private void checkTotal(String label, TensorContent content) {
            long most = Math.max(ALWAYS_READ, MOST_GAIN * file.toFile().length());
            try {
                bytes = Math.addExact(bytes, content.bytes());
            } catch (ArithmeticException e) {
                bytes = Long.MAX_VALUE;
            }
            if (bytes > most) {
                throw new InputException(label + ": with it, the tensors have more than " + (most >> 20)
                        + " MiB, far more than the file");
            }
        }
    }
}

package org.netdissect.torchscript;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.netdissect.base.GridSize;
import org.netdissect.base.InputException;
import org.netdissect.torchscript.archive.ArchiveReader;
import org.netdissect.torchscript.archive.ArchiveSource;
import org.netdissect.torchscript.archive.ForeignFiles;
import org.netdissect.torchscript.archive.PickleValue;
import org.netdissect.torchscript.archive.Provenance;
import org.netdissect.torchscript.archive.StoredArchive;
import org.netdissect.torchscript.syntax.Expr;
import org.netdissect.torchscript.syntax.MethodDef;
import org.netdissect.torchscript.syntax.Printer;
import org.netdissect.torchscript.syntax.SourceFile;
import org.netdissect.torchscript.syntax.SourceText;

/**
 * A TorchScript archive (the {@code .pt} of {@code torch.jit.save}) and its rewriting with taps and other edits.
 *
 * <p>TorchScript has no forward hooks. Therefore the archive is copied with methods added to its classes: {@value
 * #TAPPED_METHOD} takes the arguments of {@code forward} and returns {@code Dict[str, Tensor]}, the outputs of the
 * chosen layers by name, and computes nothing after the last one. Weights, pickles and existing methods keep their
 * bytes, and outputs are bit-equal to those of eager forward hooks. Outputs are clones, safe from in-place operators.
 * Only two kinds of literals in the code change: training flags ({@link #wasInTrainingMode}) and devices.
 *
 * <p>A layer that runs several times in one pass gives its last output ({@link ModuleNode#uses}). A layer in a branch
 * that is not taken has no entry in the dictionary. The network itself is no layer.
 *
 * <p>An object of this class is immutable. The file must not change while it is in use.
 */
public final class TorchScriptArchive {
    /** The method that returns the taps; the root class has it after rewriting. */
    public static final String TAPPED_METHOD = "forward_tapped";

    /**
     * {@value #TAPPED_METHOD} with the batch in memory order [images, height, width, channels], which is faster on
     * CPUs; values differ in their last digits. Missing if the network's first argument is no tensor; fails if the
     * network requires another order ({@code view}).
     */
    public static final String TAPPED_CHANNELS_LAST_METHOD = "forward_tapped_channels_last";

    /**
     * {@value #TAPPED_METHOD} with the same values and another gradient: rectifiers have slope 0.01 where they are
     * flat. The root class has it after a rewriting that asks for it.
     */
    public static final String TAPPED_LEAKY_METHOD = "forward_tapped_leaky";

    /** Stands for the network's own output in {@link Edit.Tap}; no layer has this name. */
    public static final String OUTPUT = "(output)";

    /** The method that returns the changed network's output; the root class has it after rewriting with changes. */
    public static final String EDITED_METHOD = "forward_edited";

    /**
     * {@code forward} with its input cast to the network's number type; only in archives of another type than 32 bits.
     */
    public static final String CAST_METHOD = "forward_cast";

    /** Message for a network without {@link #modules}, which cannot be dissected. */
    public static final String NO_SUBMODULES =
            "the network has no submodules: it is frozen (torch.jit.freeze) or merged "
                    + "into one; export the original network, not frozen";

    private static final String CPU = "cpu";

    private static final String DATA = "/data.pkl";
    private static final String CONSTANTS = "/constants.pkl";

    private final ArchiveSource source;
    private final Path file;
    private final Map<String, SourceFile> code;
    /** entries whose code differs from the stored code */
    private final Set<String> edited;

    private final String folder;
    private final ClassIndex index;
    private final ModuleClass rootClass;
    private final Provenance provenance;
    private final CallGraph graph;
    private final ModuleNode root;
    private volatile @Nullable InputContract input;
    private final Map<String, PickleValue> pickles = new HashMap<>();

    private TorchScriptArchive(
            ArchiveSource source,
            String folder,
            Map<String, SourceFile> code,
            Set<String> edited,
            ModuleClass rootClass,
            ClassIndex index,
            Provenance provenance) {
        this.source = source;
        this.file = source.file();
        this.code = code;
        this.edited = edited;
        this.folder = folder;
        this.index = index;
        this.rootClass = rootClass;
        this.provenance = provenance;
        try {
            this.graph = new CallGraph(index, rootClass);
            this.root = ModuleTree.of(index, graph, rootClass);
        } catch (InputException e) {
            throw new InputException(file + ": " + e.getMessage(), e);
        }
    }

    /**
     * Reads and parses an archive.
     *
     * @throws InputException if the file is missing, damaged, or no TorchScript: a state_dict, a torch.export archive,
     *     a mobile archive with prepacked weights; the message says what it is and what to do
     */
    public static TorchScriptArchive open(Path file) throws IOException {
        return of(new StoredArchive(file));
    }

    /**
     * Parses the code of an archive.
     *
     * @throws InputException as {@link #open} does
     */
    public static TorchScriptArchive of(ArchiveSource source) throws IOException {
        Path file = source.file();
        ArchiveReader.Contents contents = source.contents();
        Map<String, SourceFile> code = new LinkedHashMap<>();
        contents.code().forEach((entry, text) -> code.put(entry, SourceFile.parse(text)));
        Set<String> edited = evaluated(code);
        ClassIndex index = ClassIndex.of(contents.folder() + "/code/", code);
        ModuleClass root = index.find(contents.rootClass())
                .orElseThrow(() -> new InputException(
                        file + ": the network's class " + contents.rootClass() + " is not in the archive's code"));
        ForeignFiles.refusePrepacked(file, root.definition());
        return new TorchScriptArchive(source, contents.folder(), code, edited, root, index, contents.provenance());
    }

    /** Puts the code into evaluation mode; returns the changed entries. */
    private static Set<String> evaluated(Map<String, SourceFile> code) {
        SourceEdit edit = new SourceEdit(EvaluationMode::of);
        Set<String> changed = new HashSet<>();
        code.replaceAll((entry, source) -> {
            String text = edit.edited(source);
            if (text.equals(source.source().text())) {
                return source;
            }
            changed.add(entry);
            return SourceFile.parse(new SourceText(source.source().label(), text));
        });
        return changed;
    }

    /**
     * Whether the network was traced in training mode: batch norms or dropouts in its code are always on. This object
     * turns them off, so that outputs are those after {@code eval()}.
     */
    public boolean wasInTrainingMode() {
        return !edited.isEmpty();
    }

    /** The file of the archive, or of the weights that it was generated from. */
    public Path file() {
        return file;
    }

    /** The number of images that the code of a generated archive takes; empty if any. */
    public OptionalInt fixedBatch() {
        return provenance.batch();
    }

    /** The size of images that the code of a generated archive takes; empty if any. */
    public Optional<GridSize> fixedInputSize() {
        return provenance.inputSize();
    }

    /** The network; its name is empty. */
    ModuleNode root() {
        return root;
    }

    /** All submodules, depth first in declaration order, without the network itself. */
    public List<ModuleNode> modules() {
        return root.all().skip(1).toList();
    }

    /**
     * Layers by name or pattern, in module-tree order without repeats. In a pattern {@code *} matches any letters, dots
     * included, and {@code ?} matches one; patterns select tappable layers only.
     *
     * @throws InputException if a name is unknown (with the nearest ones), a pattern matches nothing, or a layer named
     *     in full, or all that a pattern matches, cannot be tapped (with the reason)
     */
    public List<String> select(Collection<String> patterns) {
        return new LayerSelection(file.toString(), modules()).select(patterns);
    }

    /**
     * Declared types of the arguments of the network's {@code forward}, such as {@code Tensor}.
     *
     * @throws InputException if the network has no {@code forward}
     */
    public List<String> inputTypes() {
        return forward().parameters().stream()
                .skip(1)
                .filter(parameter -> !parameter.name().equals(MethodDef.KEYWORDS_FOLLOW))
                .map(parameter -> parameter.type().map(Printer::print).orElse("Tensor"))
                .toList();
    }

    /** Weights and settings of the modules; opaque if the archive has none. */
    public PickleValue attributes() throws IOException {
        return pickle(DATA);
    }

    /** Constants of the code, a tuple; opaque if the archive has none. */
    public PickleValue constants() throws IOException {
        return pickle(CONSTANTS);
    }

    /**
     * Reads the number that a constant refers to, a {@link Long}, {@link Double} or {@link Boolean}; empty if
     * unreadable.
     */
    public Optional<Object> scalar(PickleValue.ScalarTensor constant) {
        return source.scalar(folder + "/constants/", constant);
    }

    /** All classes and functions of the code. */
    public ClassIndex classes() {
        return index;
    }

    /** The network's class. */
    public ModuleClass rootClass() {
        return rootClass;
    }

    /** A pickle of the archive, read once. */
    private synchronized PickleValue pickle(String name) throws IOException {
        PickleValue known = pickles.get(name);
        if (known == null) {
            known = source.pickle(folder + name);
            pickles.put(name, known);
        }
        return known;
    }

    /**
     * Writes the archive with {@value #TAPPED_METHOD} over these layers, to run on a CPU. See {@link #write}.
     *
     * @param layers names or patterns as {@link #select} takes them, at least one
     */
    void writeTapped(Collection<String> layers, OutputStream out) throws IOException {
        if (select(layers).isEmpty()) {
            throw new InputException(file + ": no layer chosen; name one with --layer");
        }
        write(layers, CPU, out);
    }

    /** Whether {@link #file} is the archive that {@link #write} without layers would write for a device. */
    public boolean runsAsStored(String device) throws IOException {
        return source.isFile() && rewritten(Rewrite.of(List.of()), device).isEmpty();
    }

    /**
     * Writes the archive in evaluation mode, with {@value #TAPPED_METHOD} over these layers, and with its code's
     * devices replaced by one. The same layers give the same bytes; tensors are streamed. {@code out} is flushed and
     * stays open.
     *
     * @param layers names or patterns as {@link #select} takes them; none adds no method
     * @param device as PyTorch names it, {@code cpu} or {@code cuda:0}
     * @throws InputException if a layer cannot be tapped, an entry of the archive is damaged, or the archive was
     *     rewritten before
     */
    public void write(Collection<String> layers, String device, OutputStream out) throws IOException {
        rewrite(select(layers).stream().<Edit>map(Edit.Tap::new).toList(), device, out);
    }

    /**
     * Writes the archive as {@link #write} does, with edits. Taps add {@value #TAPPED_METHOD}, changes add {@value
     * #EDITED_METHOD}; both take the arguments of {@code forward} and, after those without default, one tensor for each
     * argument of the edits, in order of first mention.
     *
     * @throws InputException as {@link #write} does
     */
    public void rewrite(List<Edit> edits, String device, OutputStream out) throws IOException {
        rewrite(Rewrite.of(edits), device, out);
    }

    /**
     * Writes the archive as {@link #rewrite(List, String, OutputStream)} does, with leaky taps and further methods if
     * wanted.
     *
     * @throws InputException as {@link #write} does; if the further methods cannot be parsed or have names that are
     *     taken; if the network's output is to be tapped and has no tensor
     */
    public void rewrite(Rewrite rewrite, String device, OutputStream out) throws IOException {
        for (Edit edit : rewrite.edits()) {
            if (edit instanceof Edit.Tap && edit.layer().equals(OUTPUT)) {
                requireTensorOutput();
            } else if (!select(List.of(edit.layer())).equals(List.of(edit.layer()))) {
                throw new InputException(file + ": " + edit.layer() + " names several layers; an edit takes one");
            }
        }
        source.copy(rewritten(rewrite, device), out);
    }

    /** Counts the rectifiers of the code that runs; none make {@value #TAPPED_LEAKY_METHOD} pointless. */
    public RectifierCount rectifiers() {
        return leaky().count();
    }

    private void requireTensorOutput() {
        Expr type = forward().returns().orElse(MethodCopy.TENSOR);
        if (new FirstTensor(index).find(type, type).isEmpty()) {
            throw new InputException(file + ": the network's output is " + Printer.print(type)
                    + ", in which no tensor is found; choose one of its layers");
        }
    }

    private LeakyCode leaky() {
        return new LeakyCode(index, graph, rootClass, sourceOfRoot().names());
    }

    private SourceFile sourceOfRoot() {
        return Objects.requireNonNull(code.get(rootClass.entry()));
    }

    /** Channels and number type of the input; unknown if the archive's pickles are damaged. */
    public InputContract input() throws IOException {
        InputContract read = input;
        if (read == null) {
            try {
                read = new ContractReader(index, attributes(), constants()).read(rootClass);
            } catch (InputException e) {
                read = InputContract.UNKNOWN;
            }
            input = read;
        }
        return read;
    }

    /** The new methods by class. */
    private Map<ModuleClass, List<MethodDef>> added(Rewrite rewrite, Optional<LeakyCode> leaky) throws IOException {
        InputContract.NumberType type = input().type();
        Map<ModuleClass, List<MethodDef>> added = Rewriting.methods(graph, rewrite, type, leaky);
        MethodDef forward = rootClass.methods().get(CallGraph.FORWARD);
        if (type != InputContract.NumberType.FLOAT && forward != null) {
            added.computeIfAbsent(rootClass, key -> new ArrayList<>()).add(EntryMethods.cast(forward, type));
        }
        if (!rewrite.methods().isBlank()) {
            List<MethodDef> methods = added.computeIfAbsent(rootClass, key -> new ArrayList<>());
            methods.addAll(new FurtherMethods(file, rootClass, methods).parsed(rewrite.methods()));
        }
        return added;
    }

    private Map<String, String> rewritten(Rewrite rewrite, String device) throws IOException {
        for (String method : List.of(TAPPED_METHOD, EDITED_METHOD)) {
            if (!rewrite.edits().isEmpty() && rootClass.methods().containsKey(method)) {
                throw new InputException(
                        file + ": has a method " + method + " already; use the archive it was made from");
            }
        }
        Map<String, String> changed = new HashMap<>();
        code.forEach((entry, source) -> {
            if (edited.contains(entry)) {
                changed.put(entry, source.source().text());
            }
        });
        Optional<LeakyCode> leaky =
                rewrite.leaky() && !rewrite.edits().isEmpty() ? Optional.of(leaky()) : Optional.empty();
        changed.putAll(MethodInsertion.into(code, added(rewrite, leaky)));
        leaky.map(LeakyCode::functions)
                .filter(functions -> !functions.isEmpty())
                .ifPresent(functions -> changed.compute(
                        rootClass.entry(),
                        (entry, text) -> MethodInsertion.behind(
                                text == null ? sourceOfRoot().source().text() : text, functions)));
        code.forEach((entry, source) -> {
            String text = changed.getOrDefault(entry, source.source().text());
            String moved = DeviceLiterals.moved(new SourceText(source.source().label(), text), device);
            if (!moved.equals(text)) {
                changed.put(entry, moved);
            }
        });
        return changed;
    }

    private MethodDef forward() {
        MethodDef forward = rootClass.methods().get(CallGraph.FORWARD);
        if (forward == null) {
            throw new InputException(file + ": the network has no method forward");
        }
        return forward;
    }
}

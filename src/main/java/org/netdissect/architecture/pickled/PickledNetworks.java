package org.netdissect.architecture.pickled;

import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.netdissect.architecture.family.Families;
import org.netdissect.base.InputException;
import org.netdissect.base.Printable;
import org.netdissect.torchscript.archive.PickleValue;
import org.netdissect.torchscript.assembly.ModuleBuilder;
import org.netdissect.torchscript.assembly.ModuleSpec;
import org.netdissect.weights.PickledModule;
import org.netdissect.weights.TensorNames;

/**
 * Makes code of pickled networks: of those that consist of {@code nn.Sequential} and layers of torch.nn alone, all of
 * it; of a network of a known family, that of its layers of torch.nn, whose stride, padding, dilation, groups and eps
 * are in the pickle and may differ from the published network's.
 */
public final class PickledNetworks {
    private static final String TORCH_NN = "torch.nn.modules.";
    private static final String SEQUENTIAL = TORCH_NN + "container.Sequential";
    private static final Map<String, PickledLayer.Reader> LAYERS = layers();

    /** Classes of layers; others of that package could have any text in their names. */
    private static final Pattern LAYER = Pattern.compile("torch\\.nn\\.modules\\.[a-z]{1,30}\\.\\w{1,40}");

    /** Names that code may have; those of methods, of the flag of each module and of the language are taken. */
    private static final Pattern NAME = Pattern.compile("(?!forward$|training$|__\\w*__$)[\\w-]{1,100}");

    private static final List<String> HOOKS = List.of("_forward_hooks", "_forward_pre_hooks");
    private static final String TRANSFORM_INPUT = "transform_input";

    private static final int MAX_MODULES = 20_000;
    private static final int MAX_NAME = 100;

    private final Path file;
    private int modules;

    private PickledNetworks(Path file) {
        this.file = file;
    }

    private static Map<String, PickledLayer.Reader> layers() {
        Map<String, PickledLayer.Reader> layers = new HashMap<>();
        PickledConvolutions.addTo(layers);
        PickledNorms.addTo(layers);
        PickledActivations.addTo(layers);
        PickledPoolings.addTo(layers);
        PickledShapes.addTo(layers);
        return layers;
    }

    /** How to read a layer; empty if it is no known one of torch.nn. */
    private static Optional<PickledLayer.Reader> reader(PickledModule module) {
        String type = module.type();
        return type.length() <= MAX_NAME && LAYER.matcher(type).matches()
                ? Optional.ofNullable(LAYERS.get(type.substring(type.lastIndexOf('.') + 1)))
                : Optional.empty();
    }

    /** Whether a network is a Sequential or a layer of torch.nn, so that no family is needed. */
    public static boolean isPlain(PickledModule network) {
        return network.type().equals(SEQUENTIAL) || reader(network).isPresent();
    }

    /**
     * A network of {@code nn.Sequential} and layers of torch.nn.
     *
     * @param file named in errors
     * @throws InputException if a module is of another class, with its name and class
     */
    public static ModuleSpec plain(Path file, PickledModule network) {
        return new PickledNetworks(file).module("", network);
    }

    /**
     * The network inside wrappers whose names {@link TensorNames} takes off the tensors, such as Lightning's.
     *
     * @param file named in errors
     * @param names of all tensors
     */
    public static PickledModule inner(Path file, PickledModule network, Collection<String> names) {
        PickledNetworks networks = new PickledNetworks(file);
        Set<String> bare = Set.copyOf(TensorNames.stripped(names).values());
        PickledModule inner = network;
        List<String> left = List.copyOf(names);
        String path = "";
        while (!left.isEmpty()) {
            networks.requireNoHooks(path, inner);
            int dot = left.get(0).indexOf('.');
            String first = left.get(0).substring(0, dot + 1);
            PickledModule child =
                    dot < 0 ? null : inner.children().get(left.get(0).substring(0, dot));
            if (child == null || !left.stream().allMatch(name -> name.startsWith(first))) {
                break;
            }
            left = left.stream().map(name -> name.substring(first.length())).toList();
            if (!Set.copyOf(TensorNames.stripped(left).values()).equals(bare)) {
                break;
            }
            path = join(path, first.substring(0, dot));
            inner = child;
        }
        return inner;
    }

    /** Whether a network says that it changes its input as TensorFlow's weights need. */
    public static boolean transformsInput(PickledModule network) {
        return network.attribute(TRANSFORM_INPUT) instanceof PickleValue.Plain plain
                && plain.value().equals(true);
    }

    private ModuleSpec module(String path, PickledModule module) {
        count();
        requireNoHooks(path, module);
        Optional<PickledLayer.Reader> reader = reader(module);
        if (reader.isPresent()) {
            return reader.get().read(new PickledLayer(module, label(path)));
        } else if (!module.type().equals(SEQUENTIAL)) {
            throw new InputException(label(path) + ": is of the class "
                    + Printable.brief(Printable.of(module.type()), MAX_NAME)
                    + ", whose code is not in the file; only nn.Sequential and layers of torch.nn are known by their"
                    + " attributes; " + Families.OTHERWISE);
        }
        if (!module.knowsChildren()) {
            throw new InputException(label(path) + ": has a layer of no class known; " + Families.OTHERWISE);
        }
        ModuleBuilder builder = new ModuleBuilder(module.type());
        module.children().forEach((name, child) -> builder.child(checked(path, name), module(join(path, name), child)));
        return builder.runAll().build();
    }

    /**
     * A network of a known family with the settings of a pickled one: wherever the pickled network has a layer of
     * torch.nn, its attributes decide.
     *
     * @param file named in errors
     * @param family whose tensors are those of the pickled network
     * @throws InputException if the pickled network has a layer whose tensors the family's lacks, or the reverse
     */
    public static ModuleSpec withSettings(Path file, ModuleSpec family, PickledModule network) {
        return new PickledNetworks(file).settings("", family, network);
    }

    private ModuleSpec settings(String path, ModuleSpec known, PickledModule module) {
        count();
        requireNoHooks(path, module);
        Optional<PickledLayer.Reader> reader = reader(module);
        if (reader.isPresent()) {
            ModuleSpec own = reader.get().read(new PickledLayer(module, label(path)));
            if (!own.tensors().equals(known.tensors()) || !known.submodules().isEmpty()) {
                throw other(path, module, known, " with other tensors");
            }
            return own;
        } else if (known.submodules().isEmpty() && !simple(module.type()).equals(simple(known.type()))) {
            throw other(path, module, known, "");
        }
        PickledAttention.check(new PickledLayer(module, label(path)), known);
        Map<String, PickledModule> children = module.children();
        requireOrder(path, known, module, children);
        Map<String, ModuleSpec> submodules = new LinkedHashMap<>();
        known.submodules().forEach((name, submodule) -> {
            PickledModule child = children.get(name);
            submodules.put(
                    name,
                    child == null
                            ? missing(join(path, name), submodule)
                            : settings(join(path, name), submodule, child));
        });
        return new ModuleSpec(known.type(), known.tensors(), submodules, known.body());
    }

    /** Hands on the family's module if nothing is lost without it. */
    private ModuleSpec missing(String path, ModuleSpec known) {
        boolean passes = known.submodules().isEmpty() && known.body().equals(List.of("return " + ModuleBuilder.INPUT));
        if (!passes) {
            throw new InputException(label(path) + ": is not in the pickled network, while the published network has a "
                    + simple(known.type()) + " there; " + Families.OTHERWISE);
        }
        return known;
    }

    /** Checks that a Sequential has the family's layers alone, since it runs whatever it has. */
    private void requireOrder(
            String path, ModuleSpec known, PickledModule module, Map<String, PickledModule> children) {
        if (!module.type().equals(SEQUENTIAL)) {
            return;
        }
        List<String> expected = known.submodules().keySet().stream()
                .filter(children::containsKey)
                .toList();
        if (!module.knowsChildren() || !List.copyOf(children.keySet()).equals(expected)) {
            throw new InputException(label(path) + ": has other layers, or in another order, than the published"
                    + " network; " + Families.OTHERWISE);
        }
    }

    /** Refuses functions that change a layer's input or output and whose code is not in the file, as pruning's. */
    private void requireNoHooks(String path, PickledModule module) {
        for (String hooks : HOOKS) {
            PickleValue value = module.attribute(hooks);
            boolean none = value instanceof PickleValue.None
                    || value.equals(PickleValue.opaque())
                    || (value instanceof PickleValue.Entries entries
                            && entries.map().isEmpty());
            if (!none) {
                throw new InputException(label(path) + ": has " + hooks + ", whose code is not in the file (remove"
                        + " hooks, pruning and weight norm before saving); " + Families.OTHERWISE);
            }
        }
    }

    private InputException other(String path, PickledModule module, ModuleSpec known, String more) {
        return new InputException(label(path) + ": is a " + Printable.brief(Printable.of(module.type()), MAX_NAME)
                + " where the published network has a " + known.type() + more + "; " + Families.OTHERWISE);
    }

    private static String simple(String type) {
        return type.substring(type.lastIndexOf('.') + 1);
    }

    private void count() {
        if (++modules > MAX_MODULES) {
            throw new InputException(file + ": its pickled network has more than " + MAX_MODULES + " modules");
        }
    }

    private String checked(String path, String name) {
        if (!NAME.matcher(name).matches()) {
            throw new InputException(label(join(path, name)) + ": has a name that TorchScript does not take");
        }
        return name;
    }

    private static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private String label(String path) {
        return file + (path.isEmpty() ? ", the network" : ", module " + Printable.brief(Printable.of(path), MAX_NAME));
    }
}

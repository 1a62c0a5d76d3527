package org.netdissect.torchscript;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.netdissect.torchscript.InputContract.NumberType;
import org.netdissect.torchscript.archive.PickleValue;
import org.netdissect.torchscript.syntax.Expr;
import org.netdissect.torchscript.syntax.MethodDef;
import org.netdissect.torchscript.syntax.Stmt;

/**
 * Follows the image through the code to the first convolution. Operators that keep channels apart are skipped; any
 * other, such as a slice or concatenation, ends the search without result.
 */
final class FirstLayer {
    private static final Set<String> CONVOLUTIONS =
            Set.of("_convolution", "_convolution_mode", "conv1d", "conv2d", "conv3d", "convolution");
    /** Operators that are elementwise or act on rows and columns only. */
    private static final Set<String> KEEP_CHANNELS = Set.of(
            "add",
            "add_",
            "sub",
            "sub_",
            "rsub",
            "mul",
            "mul_",
            "div",
            "div_",
            "neg",
            "clamp",
            "clamp_",
            "contiguous",
            "clone",
            "detach",
            "alias",
            "constant_pad_nd",
            "pad",
            "_pad",
            "reflection_pad2d",
            "replication_pad2d",
            "upsample_bilinear2d",
            "upsample_nearest2d",
            "upsample_bicubic2d",
            "avg_pool2d",
            "max_pool2d",
            "adaptive_avg_pool2d",
            "batch_norm",
            "instance_norm",
            "relu",
            "relu_",
            "sigmoid",
            "tanh",
            "dropout");
    /** Operators that cast the image, so that the network accepts any type. */
    private static final Set<String> CASTS = Set.of("to", "half", "float", "type_as", "_autocast_to_reduced_precision");
    /** Operators that query the image and leave it unchanged. */
    private static final Set<String> QUERIES = Set.of("dim", "size", "len", "numel", "eq", "ne", "is_floating_point");

    private static final String TORCH = "torch.";
    private static final int DEEPEST = 100;

    private final ClassIndex index;
    private final PickleValue network;
    private final PickleValue constants;
    private boolean lost;
    private boolean cast;
    private @Nullable Found found;

    /** Channels and number type of the first layer; 32 bits if the network casts the image. */
    record Found(OptionalInt channels, NumberType type) {}

    FirstLayer(ClassIndex index, PickleValue network, PickleValue constants) {
        this.index = index;
        this.network = network;
        this.constants = constants;
    }

    Optional<Found> of(ModuleClass root) {
        MethodDef forward = root.methods().get(CallGraph.FORWARD);
        if (forward == null || forward.parameters().size() < 2) {
            return Optional.empty();
        }
        Frame frame = new Frame("", new MethodCode(index, root, forward), 0);
        frame.images.add(forward.parameters().get(1).name());
        frame.run(forward.body());
        return Optional.ofNullable(found);
    }

    private boolean isOver() {
        return lost || found != null;
    }

    /** A method that is being followed. */
    private final class Frame {
        private final String path;
        private final MethodCode code;
        private final int depth;
        private final Set<String> images = new HashSet<>();
        private final Map<String, PickleValue> values = new HashMap<>();
        private boolean returnsImage;

        Frame(String path, MethodCode code, int depth) {
            this.path = path;
            this.code = code;
            this.depth = depth;
        }

        void run(List<Stmt> statements) {
            for (Stmt stmt : statements) {
                if (isOver() || stmt instanceof MethodDef) {
                    return;
                }
                if (stmt instanceof Stmt.Assign assign && assign.value().isPresent()) {
                    assign(assign.target(), assign.value().get());
                } else {
                    for (Expr expr : stmt.expressions()) {
                        boolean image = isImage(expr);
                        returnsImage |= image && stmt instanceof Stmt.Simple simple && simple.isReturn();
                    }
                }
                stmt.blocks().forEach(this::run);
            }
        }

        private void assign(Expr target, Expr value) {
            boolean image = isImage(value);
            if (target instanceof Expr.Name name) {
                if (image) {
                    images.add(name.id());
                } else {
                    images.remove(name.id());
                }
                Optional<PickleValue> read = value(value);
                read.ifPresent(known -> values.put(name.id(), known));
            } else if (image) {
                lost = true;
            }
        }

        /** Whether the expression is the image with unchanged channels; follows the calls in it. */
        private boolean isImage(Expr expr) {
            if (isOver()) {
                return false;
            } else if (expr instanceof Expr.Name name) {
                return images.contains(name.id());
            }
            if (!(expr instanceof Expr.Call call)) {
                // other expressions of the image are not followed
                lost |= expr.children().stream().anyMatch(this::isImage);
                return false;
            }
            boolean[] image = new boolean[call.args().size()];
            boolean any = false;
            for (int i = 0; i < image.length && !isOver(); i++) {
                image[i] = isImage(call.args().get(i).value());
                any |= image[i];
            }
            return any && !isOver() && passesImage(call, image);
        }

        private boolean passesImage(Expr.Call call, boolean[] image) {
            Optional<MethodCode.Site> site = code.site(call);
            if (site.isPresent()) {
                return enter(site.get(), call, image);
            }
            String name = call.callee().dotted().orElse("");
            String operator = name.startsWith(TORCH) ? name.substring(TORCH.length()) : "";
            if (QUERIES.contains(operator)) {
                return false;
            } else if (image[0] && CONVOLUTIONS.contains(operator)) {
                convolution(operator, call);
            } else if (image[0] && operator.equals("linear")) {
                weight(call).ifPresent(tensor -> found = new Found(OptionalInt.empty(), type(tensor)));
            } else if (image[0] && (KEEP_CHANNELS.contains(operator) || CASTS.contains(operator))) {
                cast |= CASTS.contains(operator);
                return true;
            }
            lost |= found == null;
            return false;
        }

        private boolean enter(MethodCode.Site site, Expr.Call call, boolean[] image) {
            MethodDef method = site.module().type().methods().get(site.method());
            if (method == null
                    || depth == DEEPEST
                    || call.args().size() >= method.parameters().size()) {
                lost = true;
                return false;
            }
            String inner = Place.join(path, site.module().path());
            Frame frame = new Frame(inner, new MethodCode(index, site.module().type(), method), depth + 1);
            for (int i = 0; i < image.length; i++) {
                String parameter = method.parameters().get(i + 1).name();
                if (image[i]) {
                    frame.images.add(parameter);
                }
                value(call.args().get(i).value()).ifPresent(known -> frame.values.put(parameter, known));
            }
            frame.run(method.body());
            return !isOver() && frame.returnsImage;
        }

        private void convolution(String operator, Expr.Call call) {
            boolean traced = operator.endsWith("convolution");
            boolean transposed =
                    traced && literal(call, 6).filter("True"::equals).isPresent();
            int place = traced ? 8 : 6;
            Optional<String> groups = call.args().size() > place ? literal(call, place) : Optional.of("1");
            weight(call)
                    .filter(tensor -> tensor.sizes().size() > 2)
                    .ifPresent(tensor -> found = new Found(channels(tensor, transposed, groups), type(tensor)));
        }

        private Optional<PickleValue.TensorSizes> weight(Expr.Call call) {
            return call.args().size() < 2
                    ? Optional.empty()
                    : value(call.args().get(1).value())
                            .filter(PickleValue.TensorSizes.class::isInstance)
                            .map(PickleValue.TensorSizes.class::cast);
        }

        /** Stored value of an attribute or constant, which may be read through a variable. */
        private Optional<PickleValue> value(Expr expr) {
            if (expr instanceof Expr.Name name) {
                return Optional.ofNullable(values.get(name.id()));
            }
            if (!(expr instanceof Expr.Attribute attribute)) {
                return Optional.empty();
            }
            if (attribute.value().equals(new Expr.Name("CONSTANTS"))) {
                return constant(attribute.name());
            }
            return code.place(attribute.value())
                    .map(owner -> network.at(Place.join(Place.join(path, owner.path()), attribute.name())));
        }
    }

    private Optional<PickleValue> constant(String name) {
        try {
            return constants instanceof PickleValue.Items items
                    ? Optional.of(items.list().get(Integer.parseInt(name.substring(1))))
                    : Optional.empty();
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    private NumberType type(PickleValue.TensorSizes weight) {
        NumberType type = NumberType.ofStorage(weight.storage());
        return cast || type == null ? NumberType.FLOAT : type;
    }

    /** A weight is {@code [out, in / groups, ...]}, a transposed convolution's {@code [in, out / groups, ...]}. */
    private static OptionalInt channels(PickleValue.TensorSizes weight, boolean transposed, Optional<String> groups) {
        try {
            long channels = transposed
                    ? weight.sizes().get(0)
                    : Math.multiplyExact(weight.sizes().get(1), Long.parseLong(groups.orElse("")));
            return OptionalInt.of(Math.toIntExact(channels));
        } catch (NumberFormatException | ArithmeticException e) {
            return OptionalInt.empty();
        }
    }

    private static Optional<String> literal(Expr.Call call, int place) {
        return place < call.args().size() && call.args().get(place).value() instanceof Expr.Literal text
                ? Optional.of(text.text())
                : Optional.empty();
    }
}

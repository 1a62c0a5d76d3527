package org.netdissect.torchscript.field;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.netdissect.torchscript.ModuleClass;
import org.netdissect.torchscript.Place;
import org.netdissect.torchscript.archive.PickleValue;
import org.netdissect.torchscript.syntax.Expr;
import org.netdissect.torchscript.syntax.Stmt;

/** Stored attributes of modules: sizes of weights, settings, and constants of the code. */
final class ModuleAttributes {
    private final PickleValue network;
    private final List<PickleValue> constants;
    private final Scalars scalars;
    private final Map<ModuleClass, Map<String, Expr>> settings = new HashMap<>();

    /**
     * Attributes from two pickles.
     *
     * @param network data.pkl
     * @param constants constants.pkl, a tuple
     * @param scalars reads numbers that constants refer to
     */
    ModuleAttributes(PickleValue network, PickleValue constants, Scalars scalars) {
        this.network = network;
        this.scalars = scalars;
        this.constants = constants instanceof PickleValue.Items items ? items.list() : List.of();
    }

    /** Reader of numbers stored outside the pickles. */
    @FunctionalInterface
    interface Scalars {
        /** A {@link Long}, {@link Double} or {@link Boolean}; empty if unreadable. */
        Optional<Object> read(PickleValue.ScalarTensor tensor);
    }

    /** Value of an attribute that is no submodule; {@code training} is always false. */
    Value of(Place module, String name) {
        if (name.equals("training")) {
            return Value.of(false);
        }
        return value(network.at(Place.join(module.path(), name)), 0);
    }

    /** The expression of {@code name : Final[int] = 3} in the class. */
    Optional<Expr> setting(ModuleClass type, String name) {
        return Optional.ofNullable(
                settings.computeIfAbsent(type, ModuleAttributes::settings).get(name));
    }

    private static Map<String, Expr> settings(ModuleClass type) {
        Map<String, Expr> found = new HashMap<>();
        for (Stmt stmt : type.definition().body()) {
            if (stmt instanceof Stmt.Assign assign
                    && assign.type().isPresent()
                    && assign.target() instanceof Expr.Name name) {
                assign.value().ifPresent(value -> found.put(name.id(), value));
            }
        }
        return found;
    }

    /** {@code CONSTANTS.c3}. */
    Value constant(String name) {
        try {
            PickleValue constant = constants.get(Integer.parseInt(name.substring(1)));
            if (constant instanceof PickleValue.ScalarTensor scalar) {
                return scalars.read(scalar).map(Value::of).orElseGet(() -> Value.of(Layout.SCALAR, ""));
            }
            return value(constant, 0);
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            return Value.unknown();
        }
    }

    /** Converts a pickled value; nested lists become unknown, since a pickled list may contain itself. */
    private static Value value(PickleValue pickled, int depth) {
        if (pickled instanceof PickleValue.Plain plain) {
            return Value.of(plain.value());
        } else if (pickled instanceof PickleValue.None) {
            return Value.none();
        } else if (pickled instanceof PickleValue.TensorSizes tensor) {
            return Value.of(Layout.constant(tensor.sizes()), "");
        } else if (pickled instanceof PickleValue.ScalarTensor) {
            return Value.of(Layout.SCALAR, "");
        } else if (pickled instanceof PickleValue.Items items
                && depth == 0
                && items.list().size() <= Operators.MOST_ITEMS) {
            List<Value> values = new ArrayList<>();
            items.list().forEach(item -> values.add(value(item, depth + 1)));
            return new Value.Items(values, 0);
        }
        return Value.unknown();
    }
}

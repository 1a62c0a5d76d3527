package org.netdissect.architecture.pickled;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.netdissect.architecture.family.Families;
import org.netdissect.base.InputException;
import org.netdissect.base.Printable;
import org.netdissect.torchscript.archive.ElementType;
import org.netdissect.torchscript.archive.PickleValue;
import org.netdissect.torchscript.assembly.ModuleBuilder;
import org.netdissect.torchscript.assembly.ModuleSpec;
import org.netdissect.torchscript.assembly.TensorSlot;
import org.netdissect.weights.PickledModule;

/** A layer of torch.nn in a pickled network, whose settings are read from its attributes. */
final class PickledLayer {
    private static final int MAX_TEXT = 60;

    private final PickledModule module;
    private final String label;

    /** {@code label} names the layer in errors, with its file. */
    PickledLayer(PickledModule module, String label) {
        this.module = module;
        this.label = label;
    }

    /** Makes the layer's code. */
    @FunctionalInterface
    interface Reader {
        ModuleSpec read(PickledLayer layer);
    }

    /** A layer of the same class without tensors, whose output is a value of {@code x}. */
    ModuleSpec function(String value) {
        return builder().returns(value).build();
    }

    ModuleBuilder builder() {
        return new ModuleBuilder(module.type());
    }

    InputException refused(String problem) {
        return new InputException(label + " (" + Printable.brief(Printable.of(module.type()), MAX_TEXT) + "): "
                + problem + "; " + Families.OTHERWISE);
    }

    /** Whether an attribute is missing, as in files of earlier versions, or None. */
    boolean lacks(String name) {
        PickleValue value = module.attribute(name);
        return value instanceof PickleValue.None || value.equals(PickleValue.opaque());
    }

    long whole(String name) {
        if (module.attribute(name) instanceof PickleValue.Plain plain && plain.value() instanceof Long number) {
            return number;
        }
        throw refused("its " + name + " is no whole number");
    }

    /** A number as code. */
    String real(String name) {
        if (module.attribute(name) instanceof PickleValue.Plain plain) {
            if (plain.value() instanceof Long whole) {
                return Double.toString(whole);
            } else if (plain.value() instanceof Double real && Double.isFinite(real)) {
                return real.toString();
            }
        }
        throw refused("its " + name + " is no number");
    }

    String real(String name, double byDefault) {
        return lacks(name) ? Double.toString(byDefault) : real(name);
    }

    /** Whether an attribute is true; false if it is missing. */
    boolean flag(String name) {
        return flag(name, false);
    }

    boolean flag(String name, boolean byDefault) {
        if (lacks(name)) {
            return byDefault;
        }
        if (module.attribute(name) instanceof PickleValue.Plain plain && plain.value() instanceof Boolean flag) {
            return flag;
        }
        throw refused("its " + name + " is neither True nor False");
    }

    /** A flag as code. */
    String flagText(String name, boolean byDefault) {
        return flag(name, byDefault) ? "True" : "False";
    }

    String text(String name, String byDefault) {
        if (lacks(name)) {
            return byDefault;
        }
        return module.attribute(name) instanceof PickleValue.Plain plain && plain.value() instanceof String text
                ? text
                : byDefault;
    }

    boolean isText(String name) {
        return module.attribute(name) instanceof PickleValue.Plain plain && plain.value() instanceof String;
    }

    /** Whole numbers, one for all of {@code count} or that many. */
    List<Long> wholes(String name, int count) {
        PickleValue value = module.attribute(name);
        if (value instanceof PickleValue.Plain plain && plain.value() instanceof Long number) {
            return Collections.nCopies(count, number);
        }
        return PickleValue.wholeNumbers(value)
                .filter(numbers -> numbers.size() == count)
                .orElseThrow(() -> refused("its " + name + " is not " + count + " whole numbers"));
    }

    List<Long> wholes(String name, int count, long byDefault) {
        return lacks(name) ? Collections.nCopies(count, byDefault) : wholes(name, count);
    }

    /** Whole numbers, any count of them. */
    List<Long> list(String name) {
        return PickleValue.wholeNumbers(module.attribute(name))
                .orElseThrow(() -> refused("its " + name + " is not a list of whole numbers"));
    }

    /** Numbers as code, one for all of {@code count} or that many. */
    List<String> reals(String name, int count) {
        if (!(module.attribute(name) instanceof PickleValue.Items items)) {
            return Collections.nCopies(count, real(name));
        }
        List<String> numbers = items.list().stream()
                .filter(item -> item instanceof PickleValue.Plain plain
                        && plain.value() instanceof Number number
                        && Double.isFinite(number.doubleValue()))
                .map(item -> ((PickleValue.Plain) item).value())
                .map(number -> Double.toString(((Number) number).doubleValue()))
                .toList();
        if (items.list().size() != count || numbers.size() != count) {
            throw refused("its " + name + " is not " + count + " numbers");
        }
        return numbers;
    }

    /** Sizes of a parameter or buffer; empty if the layer has none of this name. */
    Optional<List<Long>> sizes(String tensor) {
        return module.tensor(tensor).map(PickleValue.Tensor::sizes);
    }

    /** Adds a parameter, if the layer has it, and gives its code. */
    String parameter(ModuleBuilder builder, String name) {
        return tensor(builder, name, true);
    }

    /** Adds a buffer, if the layer has it, and gives its code. */
    String buffer(ModuleBuilder builder, String name) {
        return tensor(builder, name, false);
    }

    private String tensor(ModuleBuilder builder, String name, boolean parameter) {
        Optional<List<Long>> sizes = sizes(name);
        if (sizes.isEmpty()) {
            return "None";
        }
        builder.tensor(name, new TensorSlot(sizes.get(), ElementType.FLOAT, parameter));
        return ModuleBuilder.attribute(name);
    }
}

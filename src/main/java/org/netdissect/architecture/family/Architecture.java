package org.netdissect.architecture.family;

import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import org.netdissect.base.GridSize;
import org.netdissect.torchscript.assembly.ModuleSpec;

/**
 * A network whose code is known.
 *
 * @param name as {@code --arch} takes it, such as {@code resnet18}
 * @param origin whose network it is, such as {@code torchvision's}
 * @param head tensor whose first dimension is the number of classes, such as {@code fc.weight}
 * @param network the modules, by number of classes
 * @param extras names or patterns ({@code *}) of tensors that files may have and evaluation does not use
 * @param inputSize of the published network
 * @param fixedSize whether it takes images of this size only
 * @param onRequest whether it is only chosen by name, since its tensors are those of another network
 * @param note tells what the tensors leave open and which {@code --arch} decides otherwise; empty if nothing
 * @param noted numbers of classes at which the note is told
 */
public record Architecture(
        String name,
        String origin,
        String head,
        IntFunction<ModuleSpec> network,
        List<String> extras,
        GridSize inputSize,
        boolean fixedSize,
        boolean onRequest,
        Optional<String> note,
        IntPredicate noted) {

    /** A network of torchvision that takes images of any size and is recognised by its tensors. */
    Architecture(String name, String head, IntFunction<ModuleSpec> network) {
        this(
                name,
                "torchvision's",
                head,
                network,
                List.of(),
                new GridSize(224, 224),
                false,
                false,
                Optional.empty(),
                classes -> true);
    }

    Architecture from(String whose) {
        return new Architecture(name, whose, head, network, extras, inputSize, fixedSize, onRequest, note, noted);
    }

    Architecture withExtras(String... patterns) {
        return new Architecture(
                name, origin, head, network, List.of(patterns), inputSize, fixedSize, onRequest, note, noted);
    }

    Architecture withInput(int side, boolean fixed) {
        return new Architecture(
                name, origin, head, network, extras, new GridSize(side, side), fixed, onRequest, note, noted);
    }

    Architecture chosenByNameOnly() {
        return new Architecture(name, origin, head, network, extras, inputSize, fixedSize, true, note, noted);
    }

    /** A network whose note is told. */
    Architecture withNote(String text) {
        return withNote(text, classes -> true);
    }

    /** A network whose note is told at some numbers of classes. */
    Architecture withNote(String text, IntPredicate classes) {
        return new Architecture(
                name, origin, head, network, extras, inputSize, fixedSize, onRequest, Optional.of(text), classes);
    }

    /** The note for a number of classes. */
    public Optional<String> note(int classes) {
        return note.filter(text -> noted.test(classes));
    }
}

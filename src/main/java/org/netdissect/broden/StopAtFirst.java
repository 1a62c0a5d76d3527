package org.netdissect.broden;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.netdissect.base.InputException;
import org.netdissect.image.PlaneEncoding;
import org.netdissect.table.Fault;
import org.netdissect.table.FaultSink;

/**
 * Throws at the first fault of a probe set and passes warnings on.
 *
 * @param planes encoding of the label planes, for the hint
 */
record StopAtFirst(Path folder, PlaneEncoding planes, Consumer<Fault> doubts) implements FaultSink {
    @Override
    public void broken(Fault fault) {
        throw error(fault, null);
    }

    InputException error(Fault fault, @Nullable Throwable cause) {
        String option = planes == PlaneEncoding.BRODEN ? "" : " " + PlaneEncoding.OPTION + " " + planes;
        String hint = " ('netdissect check " + folder + option + "' lists every fault)";
        String message = "probe set " + folder + ": " + fault + hint;
        return cause == null ? new InputException(message) : new InputException(message, cause);
    }

    @Override
    public void doubtful(Fault fault) {
        doubts.accept(fault);
    }
}

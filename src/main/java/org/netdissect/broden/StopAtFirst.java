package org.netdissect.broden;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.netdissect.base.Fault;
import org.netdissect.base.FaultSink;
import org.netdissect.base.InputException;

/** Throws on what is broken in a probe set and passes over what is doubtful. */
record StopAtFirst(Path folder) implements FaultSink {
    @Override
    public void broken(Fault fault) {
        throw error(fault, null);
    }

    InputException error(Fault fault, @Nullable Throwable cause) {
        String hint = " ('netdissect check " + folder + "' lists every fault)";
        String message = "probe set " + folder + ": " + fault + hint;
        return cause == null ? new InputException(message) : new InputException(message, cause);
    }

    @Override
    public void doubtful(Fault fault) {
        // the checker's business: real probe sets have such faults and are read all the same
    }
}

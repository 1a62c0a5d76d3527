package org.netdissect.broden;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.netdissect.base.InputException;

/** Where faults go, so that the reader (stops at the first) and the checker (lists all) share their parsing. */
sealed interface FaultSink {

    /** The part at fault cannot be used. */
    void broken(Fault fault);

    /** The part at fault can be used, but the probe set contradicts itself or holds something that is not looked at. */
    void doubtful(Fault fault);

    /** Throws on what is broken and passes over what is doubtful. */
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

    /** Keeps every fault; may be shared by threads. */
    final class Collect implements FaultSink {
        private final List<Fault> faults = new ArrayList<>();

        @Override
        public synchronized void broken(Fault fault) {
            faults.add(fault);
        }

        @Override
        public synchronized void doubtful(Fault fault) {
            faults.add(fault);
        }

        synchronized List<Fault> sorted() {
            return faults.stream().sorted().toList();
        }
    }
}

package org.netdissect.broden;

import java.util.ArrayList;
import java.util.List;
import org.netdissect.table.Fault;
import org.netdissect.table.FaultSink;

/** Collects every fault. Thread-safe. */
final class CollectedFaults implements FaultSink {
    private final List<Fault> broken = new ArrayList<>();
    private final List<Fault> doubtful = new ArrayList<>();

    @Override
    public synchronized void broken(Fault fault) {
        broken.add(fault);
    }

    @Override
    public synchronized void doubtful(Fault fault) {
        doubtful.add(fault);
    }

    /** Errors that stop a reader, by file and row. */
    synchronized List<Fault> faults() {
        return broken.stream().sorted().toList();
    }

    /** Contradictions that a reader notes and goes on with, by file and row. */
    synchronized List<Fault> warnings() {
        return doubtful.stream().sorted().toList();
    }
}

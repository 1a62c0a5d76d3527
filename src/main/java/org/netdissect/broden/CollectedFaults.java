package org.netdissect.broden;

import java.util.ArrayList;
import java.util.List;
import org.netdissect.base.Fault;
import org.netdissect.base.FaultSink;

/** Keeps every fault; may be shared by threads. */
final class CollectedFaults implements FaultSink {
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

package org.netdissect.table;

/** Receives the faults of tables. A reader that stops at the first and a checker that lists all share their parsing. */
public interface FaultSink {

    /** Takes a fault whose row, column or table cannot be used. */
    void broken(Fault fault);

    /** Takes a fault whose row or table is still usable: a contradiction, or content that nothing reads. */
    void doubtful(Fault fault);
}

package org.netdissect.base;

/** Where faults of tables go, so that a reader that stops at the first and a checker that lists all share their parsing. */
public interface FaultSink {

    /** The part at fault cannot be used. */
    void broken(Fault fault);

    /** The part at fault can be used, but the tables contradict themselves or hold something that is not looked at. */
    void doubtful(Fault fault);
}

package org.netdissect.torchscript.field;

/** Outcome of deriving from the network's code how a layer's output is read as maps of units. */
public sealed interface Reading {
    /** The output can be read as maps. */
    record Maps(MapReading maps) implements Reading {}

    /** The output has no maps; {@code why} says what it is. */
    record Refused(String why) implements Reading {}

    /** The code does not show the maps; {@code why} names the obstacle. */
    record Unknown(String why) implements Reading {}
}

package org.netdissect.torchscript.field;

/** Whether a layer's output can be read as maps of units, as far as the network's code tells. */
public sealed interface Reading {
    /** It can. */
    record Maps(MapReading maps) implements Reading {}

    /** It has none; {@code why} says what it is. */
    record Refused(String why) implements Reading {}

    /** The code does not tell; {@code why} says at what it cannot be followed. */
    record Unknown(String why) implements Reading {}
}

package org.netdissect.torchscript.archive;

import java.util.List;

/** Gives the values that PyTorch's functions in a pickle stand for. Nothing is called or constructed. */
public interface PickleMeaning {
    /** The value that a function would return; opaque if it is of no use. */
    PickleValue reduce(String function, List<PickleValue> args);

    /** The value of a persistent id, PyTorch's name of a storage. */
    PickleValue persistent(PickleValue id);
}

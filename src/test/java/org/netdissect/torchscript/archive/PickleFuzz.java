package org.netdissect.torchscript.archive;

import org.netdissect.base.FuzzFolder;
import org.netdissect.base.InputException;

/** Any bytes as a pickle: its head, and all of it. */
public final class PickleFuzz {
    private PickleFuzz() {}

    /** Called by Jazzer, and by FuzzRegressionTest with what Jazzer found. */
    public static void fuzzerTestOneInput(byte[] data) {
        try {
            PickleReader.firstGlobal("fuzz.pkl", data);
        } catch (InputException e) {
            FuzzFolder.expectClear(e, "fuzz.pkl");
        }
        try {
            PickleTree.read("fuzz.pkl", data).at("a.b");
        } catch (InputException e) {
            FuzzFolder.expectClear(e, "fuzz.pkl");
        }
    }
}

package org.netdissect.torchscript.archive;

import org.netdissect.base.FuzzFolder;
import org.netdissect.base.InputException;

/** Any bytes as a pickle, of which the head and then everything is read. */
public final class PickleFuzz {
    private PickleFuzz() {}

    /** Entry for Jazzer, and for FuzzRegressionTest with Jazzer's findings. */
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
